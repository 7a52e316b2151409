import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { CopyText, StateBadge, Time } from '../../shell/index.ts';
import type { Story } from './story.ts';

/** What it is, how it stands, and its ids on both sides. */
export function RecordHead({ story: { record, flow, link } }: { story: Story }) {
  const { label, key, state, meaning, version, action, nextAttemptAt, changedAt } = record;
  const targetId = record.targetId ?? link?.targetId;
  const held = record.targetId ? `${action ?? ''} ${record.targetLabel ?? ''}`.trim() : link ? 'of an earlier version' : '';
  return (
    <Stack gap="sm">
      <Anchor component={Link} href="/records" size="sm">
        ← Records
      </Anchor>
      <Group gap="sm">
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {label || key}
        </Title>
        <StateBadge state={state} />
        <Text size="sm" c="dimmed">
          {meaning} · <Time at={changedAt} ago />
          {nextAttemptAt && (
            <>
              {' '}
              · next try <Time at={nextAttemptAt} ago />
            </>
          )}
        </Text>
      </Group>
      <Group gap="sm" align="stretch" wrap="wrap">
        <Side place={flow.source} note={`version ${version}`}>
          <CopyText text={key} />
        </Side>
        <Text span size="xl" c="dimmed" visibleFrom="xs" style={{ alignSelf: 'center' }} aria-label="to">
          →
        </Text>
        <Side place={flow.target} note={held}>
          {targetId ? (
            <CopyText text={targetId} />
          ) : (
            <Text span size="md" c="dimmed" ff="text">
              not there, as far as we know
            </Text>
          )}
        </Side>
      </Group>
    </Stack>
  );
}

function Side({ place, note, children }: { place: string; note: string; children: ReactNode }) {
  return (
    <Paper withBorder px="md" py="xs" miw={200}>
      <Text size="xs" c="dimmed">
        {place}
      </Text>
      <Text size="lg" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}
