import { Button, Group, Text } from '@mantine/core';
import { useAction, useApi, type MappingDraft } from '../../api/index.ts';
import { ConfirmButton, FormProblem, Section, Signal, Time, useWho } from '../../shell/index.ts';
import { ComparisonReport } from './comparison-report.tsx';
import type { FlowPath, Override } from './overrides-page.tsx';

/** A draft beside the live mapping: every record is mapped by both, only the live one is posted. */
export function DraftMapping({ path, overrides, isChanged }: { path: FlowPath; overrides: Override[]; isChanged: boolean }) {
  const { may } = useWho();
  const found = useApi('mapping-drafts.get', { path }, { everyMs: 10_000 });
  const save = useAction('mapping-drafts.save');
  const draft = found.error?.problem.status === 404 ? undefined : found.data;
  const shadow = may('admin') && (
    <Button
      variant="default"
      size="xs"
      disabled={!isChanged}
      loading={save.isPending}
      onClick={() => save.mutate({ path, body: { ...(draft ? keptOf(draft) : {}), overrides, live: true } })}
      title={
        isChanged ? 'Every record that comes in is mapped by both; only the live mapping is posted' : 'Change the overrides above first'
      }
    >
      {draft ? 'Take the overrides above' : 'Run as a shadow'}
    </Button>
  );
  return (
    <Section title="Draft" lead="Runs beside the live mapping; differences are counted, nothing of it is posted." actions={shadow}>
      <FormProblem problem={save.error?.problem} />
      {found.error && found.error.problem.status !== 404 && <FormProblem problem={found.error.problem} />}
      {draft ? (
        <Draft path={path} draft={draft} />
      ) : (
        <Text size="sm" c="dimmed">
          There is none.
        </Text>
      )}
    </Section>
  );
}

function Draft({ path, draft }: { path: FlowPath; draft: MappingDraft }) {
  const { may } = useWho();
  const compare = useAction('mapping-drafts.compare');
  const promote = useAction('mapping-drafts.promote');
  const drop = useAction('mapping-drafts.drop');
  return (
    <>
      <Group justify="space-between">
        <Signal light={draft.live ? 'good' : 'off'}>
          {draft.live ? 'Shadow: records that come in are mapped by both' : 'At rest'}, by {draft.changedByName ?? draft.changedBy},{' '}
          <Time at={draft.changedAt} ago />
        </Signal>
        <Group gap="xs">
          {may('operator') && (
            <Button size="xs" variant="light" loading={compare.isPending} onClick={() => compare.mutate({ path, body: {} })}>
              Compare on the newest 500
            </Button>
          )}
          {may('admin') && (
            <ConfirmButton
              label="Promote"
              question="Make the draft the live mapping?"
              isDangerous={false}
              onConfirm={() => promote.mutateAsync({ path })}
            >
              It takes the place of the live mapping in one step. Records that the mapping blocked are mapped again.
            </ConfirmButton>
          )}
          {may('admin') && (
            <ConfirmButton label="Drop" question="Drop the draft?" onConfirm={() => drop.mutateAsync({ path })}>
              The draft and its report are gone; the live mapping stays as it is.
            </ConfirmButton>
          )}
        </Group>
      </Group>
      <FormProblem problem={compare.error?.problem} />
      <ComparisonReport title="Records that came in since" report={draft.report} />
      {compare.data && <ComparisonReport title="The newest records" report={compare.data} />}
    </>
  );
}

/** What the draft changes besides the overrides stays in it. */
function keptOf({ settings, entries }: MappingDraft) {
  return { ...(settings ? { settings } : {}), ...(entries ? { entries } : {}) };
}
