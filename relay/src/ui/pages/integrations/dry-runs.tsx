import { Button, Group, List, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi, type DryRun } from '../../api/index.ts';
import { Empty, Loading, ProblemView, StateBadge, Time, useWho } from '../../shell/index.ts';
import { DryRunRecords } from './dry-run-records.tsx';
import type { OneFlow } from './flow-panel.tsx';

/** Dry runs of a flow, newest first: what a run would have done. */
export function DryRuns({ integrationId, flow: { flowId } }: OneFlow) {
  const { tenantId } = useWho();
  const dryRuns = useApi('dry-runs.list', { path: { tenantId }, query: { limit: 50 } }, { everyMs: 3000 });
  if (dryRuns.error && !dryRuns.data) return <ProblemView problem={dryRuns.error.problem} />;
  if (!dryRuns.data) return <Loading />;
  const items = dryRuns.data.items.filter((one) => one.integrationId === integrationId && one.flowId === flowId);
  if (items.length === 0)
    return (
      <Empty title="No dry run yet">A dry run reads and maps, sends nothing, and tells what a run would create, update and block.</Empty>
    );
  return (
    <Stack gap="sm">
      {items.map((dryRun) => (
        <OneDryRun key={dryRun.id} dryRun={dryRun} />
      ))}
    </Stack>
  );
}

function OneDryRun({ dryRun }: { dryRun: DryRun }) {
  const { tenantId, may } = useWho();
  const [isOpen, setOpen] = useState(false);
  const cancel = useAction('dry-runs.cancel');
  const { id, state, mode, days, progress, read, counts, blockedBy, problem, requestedAt, unchangedButMappedDifferently } = dryRun;
  const isUnderWay = state === 'waiting' || state === 'running';
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Dry run ${mode}`}>
      <Stack gap={6}>
        <Group gap="xs">
          <StateBadge state={state} />
          <Text size="sm">
            {mode}
            {days && ` ${days.first} to ${days.last}`}, asked for <Time at={requestedAt} ago />, {read.toLocaleString()} read
          </Text>
          {isUnderWay && <Text size="sm">{progress}</Text>}
          {isUnderWay && may('operator') && (
            <Button
              size="compact-xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ path: { tenantId, dryRunId: id } })}
            >
              Cancel
            </Button>
          )}
          {!isUnderWay && found.length > 0 && (
            <Button size="compact-xs" variant="default" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
              {isOpen ? 'Hide records' : 'Show records'}
            </Button>
          )}
        </Group>
        {found.length > 0 && (
          <Text size="sm" fw={600}>
            It would: {found.map(([outcome, count]) => `${count.toLocaleString()} ${outcome}`).join(', ')}
          </Text>
        )}
        {unchangedButMappedDifferently > 0 && (
          <Text size="sm">
            {unchangedButMappedDifferently.toLocaleString()} unchanged ones are mapped otherwise today than when they were posted; only a
            replay would send that.
          </Text>
        )}
        {blockedBy.length > 0 && (
          <List size="sm">
            {blockedBy.map(({ code, message, records, example }) => (
              <List.Item key={`${code} ${message}`}>
                {records.toLocaleString()} blocked: {message}{' '}
                <Text span c="dimmed" inherit>
                  ({example})
                </Text>
              </List.Item>
            ))}
          </List>
        )}
        {problem && <ProblemView problem={{ type: '', title: '', status: 0, requestId: '', ...problem, detail: problem.message }} />}
        {cancel.error && <ProblemView problem={cancel.error.problem} />}
        {isOpen && <DryRunRecords dryRunId={id} />}
      </Stack>
    </Paper>
  );
}
