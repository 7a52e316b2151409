import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useAction, usePages, type Run } from '../../api/index.ts';
import {
  CopyText,
  durationWords,
  Empty,
  Loading,
  MoreButton,
  ProblemView,
  StateBadge,
  Time,
  useWho,
  WideTable,
} from '../../shell/index.ts';
import type { OneFlow } from './flow-panel.tsx';

/** Runs of a flow, newest first. */
export function Runs({ integrationId, flow: { flowId } }: OneFlow) {
  const { tenantId, may } = useWho();
  const runs = usePages('runs.list', { path: { tenantId }, query: { integrationId, flowId, limit: 20 } }, { everyMs: 3000 });
  const cancel = useAction('runs.cancel');
  if (runs.error && !runs.items) return <ProblemView problem={runs.error.problem} />;
  if (!runs.items) return <Loading />;
  if (runs.items.length === 0) return <Empty title="It has not run yet" />;
  return (
    <Stack gap="xs">
      {cancel.error && <ProblemView problem={cancel.error.problem} />}
      <WideTable minWidth={760} about="Runs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Began</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th ta="right">Read</Table.Th>
            <Table.Th ta="right">New</Table.Th>
            <Table.Th ta="right">Unchanged</Table.Th>
            <Table.Th>Took</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.items.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              {...(may('operator') && { onCancel: () => cancel.mutate({ path: { tenantId, runId: run.id } }) })}
            />
          ))}
        </Table.Tbody>
      </WideTable>
      <MoreButton pages={runs} />
    </Stack>
  );
}

function RunRow({ run, onCancel }: { run: Run; onCancel?: () => void }) {
  const kind = run.days ? `${run.mode} ${run.days.first} to ${run.days.last}` : run.mode;
  return (
    <>
      <Table.Tr {...(run.problem && { style: { borderBottom: 0 } })}>
        <Table.Td>
          <Time at={run.startedAt} />
          <Text size="xs" c="dimmed">
            <CopyText text={run.id} label={run.id.slice(-8)} />
          </Text>
        </Table.Td>
        <Table.Td>
          <StateBadge state={run.state} />
        </Table.Td>
        <Table.Td>
          {kind}, {run.trigger}
        </Table.Td>
        <Table.Td ta="right">{run.read.toLocaleString()}</Table.Td>
        <Table.Td ta="right">
          {run.new === 0 ? (
            0
          ) : (
            <Anchor component={Link} href={`/records?runId=${run.id}`} size="sm">
              {run.new.toLocaleString()}
            </Anchor>
          )}
        </Table.Td>
        <Table.Td ta="right">{run.unchanged.toLocaleString()}</Table.Td>
        <Table.Td>
          {run.endedAt === null ? run.progress || 'under way' : durationWords(Date.parse(run.endedAt) - Date.parse(run.startedAt))}
        </Table.Td>
        <Table.Td>
          {run.state === 'running' && onCancel && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              End it
            </Button>
          )}
        </Table.Td>
      </Table.Tr>
      {run.problem && (
        <Table.Tr>
          <Table.Td colSpan={8} pt={0}>
            <Group gap={6}>
              <Text size="sm" c="red">
                {run.problem.message}
              </Text>
              <Text size="sm" c="dimmed">
                {run.problem.fix}
              </Text>
            </Group>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
