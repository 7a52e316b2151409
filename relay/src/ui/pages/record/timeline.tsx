import { Anchor, Badge, Button, Group, Paper, Text, Timeline, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { durationWords, JsonView, Time } from '../../shell/index.ts';
import { CallView, ExplanationView } from './call-view.tsx';
import { entriesOf, type Entry, type Tone } from './entries.ts';
import type { Story } from './story.ts';

const colours: Record<Tone, string> = { good: 'teal', bad: 'red', wait: 'yellow', person: 'grape', plain: 'gray.5' };
const marks: Record<Tone, string> = { good: '✓', bad: '!', wait: '…', person: '☺', plain: '' };
/** Of a long story the beginning and the end are shown. */
const shownFirst = 20;
const shownLast = 60;
/** Shorter waits are not worth a word. */
const gapMs = 1000;

/** Everything that happened to a record, from what brought it to what became of it. */
export function RecordTimeline({ story }: { story: Story }) {
  const entries = useMemo(() => entriesOf(story), [story]);
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, entries.length - shownFirst - shownLast);
  const [first, last] = hidden > 0 ? [entries.slice(0, shownFirst), entries.slice(-shownLast)] : [entries, []];
  const ends = first.length + last.length + (hidden > 0 ? 1 : 0);
  if (entries.length === 0) return <Text c="dimmed">What happened is no longer kept.</Text>;
  return (
    <Timeline active={ends} bulletSize={18} lineWidth={2} aria-label="What happened">
      {first.map(itemOf)}
      {hidden > 0 && (
        <Timeline.Item color="gray" key="hidden">
          <Button size="compact-sm" variant="default" onClick={() => setWhole(true)}>
            Show {hidden} more in between
          </Button>
        </Timeline.Item>
      )}
      {last.map(itemOf)}
    </Timeline>
  );
}

/** The items have to be children of the timeline itself. */
function itemOf(entry: Entry) {
  const { seq, tone } = entry;
  return (
    <Timeline.Item key={seq} color={colours[tone]} bullet={<Mark tone={tone} />} title={<Head entry={entry} />}>
      <Body entry={entry} />
    </Timeline.Item>
  );
}

function Mark({ tone }: { tone: Tone }) {
  return (
    <Text span size="xs" fw={700} c="white" aria-hidden>
      {marks[tone]}
    </Text>
  );
}

function Head({ entry: { title, at, who, gapMs: gap, call } }: { entry: Entry }) {
  return (
    <Group gap="xs" wrap="wrap">
      <Text span size="sm" fw={call ? 500 : 600} ff={call ? 'monospace' : 'text'} style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Text>
      {call?.status !== undefined && (
        <Badge size="sm" variant="light" tt="none" color={call.error ? 'red' : 'gray'}>
          {call.status}
        </Badge>
      )}
      {call?.ms !== undefined && (
        <Text span size="xs" c="dimmed">
          {durationWords(call.ms)}
        </Text>
      )}
      {who && (
        <Badge size="sm" variant="light" color="grape" tt="none">
          {who}
        </Badge>
      )}
      <Text span size="xs" c="dimmed" ml="auto">
        {gap >= gapMs && `${durationWords(gap)} later · `}
        <Time at={at} />
      </Text>
    </Group>
  );
}

function Body({ entry }: { entry: Entry }) {
  const { notes, attempt, call, explanation, nextAttemptAt, recordId, isDropped } = entry;
  return (
    <>
      {notes.map((note) => (
        <Text key={note} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {note}
        </Text>
      ))}
      {nextAttemptAt !== undefined && (
        <Text size="sm" c="dimmed">
          Next try <Time at={new Date(nextAttemptAt).toISOString()} />
        </Text>
      )}
      {explanation && <ExplanationView explanation={explanation} />}
      {recordId && (
        <Anchor component={Link} href={`/records/${recordId}`} size="sm">
          Open that version
        </Anchor>
      )}
      {attempt && (
        <Fold title={`What was sent, mapping ${attempt.mappingVersion}`}>
          {attempt.body === null ? <Text size="sm">No longer kept.</Text> : <JsonView value={attempt.body} label="What was sent" />}
        </Fold>
      )}
      {call && (
        <Fold title="Request and answer" isOpen={call.error !== undefined}>
          <CallView call={call} />
        </Fold>
      )}
      {isDropped && (
        <Text size="sm" c="dimmed">
          Content no longer kept.
        </Text>
      )}
    </>
  );
}

function Fold({ title, isOpen: begins = false, children }: { title: string; isOpen?: boolean; children: React.ReactNode }) {
  const [isOpen, setOpen] = useState(begins);
  return (
    <>
      <UnstyledButton onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} fz="xs" c="dimmed">
        {isOpen ? '▾' : '▸'} {title}
      </UnstyledButton>
      {isOpen && (
        <Paper mt={4} mb="xs">
          {children}
        </Paper>
      )}
    </>
  );
}
