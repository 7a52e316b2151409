import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { valueMapAddress } from '../../shell/index.ts';
import { ExplanationView } from './call-view.tsx';
import type { Reason, Story } from './story.ts';

/** Why it stands still, and what lets it go. */
export function Reasons({ story: { record, flow, attempts } }: { story: Story }) {
  const { state, reasons } = record;
  if (reasons.length === 0 || state === 'succeeded') return null;
  const explanation = attempts.at(-1)?.explanation;
  const colour = state === 'blocked' ? 'red' : state === 'skipped' ? 'gray' : 'orange';
  return (
    <Paper component="section" aria-label="Why" p="md" withBorder style={{ borderLeft: `4px solid var(--mantine-color-${colour}-6)` }}>
      <Stack gap="sm">
        <Title order={2}>{titles[state] ?? 'Why'}</Title>
        {reasons.map((reason) => (
          <ReasonLine key={`${reason.code} ${reason.message}`} reason={reason} integrationId={flow.integrationId} />
        ))}
        {explanation && state !== 'skipped' && <ExplanationView explanation={explanation} />}
      </Stack>
    </Paper>
  );
}

function ReasonLine({ reason: { code, message, fix, missing }, integrationId }: { reason: Reason; integrationId: string }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {message}
      </Text>
      {fix && <Text size="sm">→ {fix}</Text>}
      {missing && (
        <Text size="sm">
          →{' '}
          <Anchor component={Link} href={valueMapAddress({ integrationId, ...missing })} inherit underline="always">
            Add an entry for {missing.code} to {missing.valueMapId}
          </Anchor>
          ; the record goes out by itself then.
        </Text>
      )}
      <Anchor component={Link} href={`/records?${new URLSearchParams({ integrationId, reason: code }).toString()}`} size="xs">
        All records with {code}
      </Anchor>
    </div>
  );
}

const titles: Partial<Record<Story['record']['state'], string>> = {
  blocked: 'Blocked: what it needs',
  waiting: 'What it waits for',
  failed: 'Why it was not applied',
  uncertain: 'Why nobody knows yet',
  skipped: 'Why it was not sent',
  pending: 'What holds it up',
};
