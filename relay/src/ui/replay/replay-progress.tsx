import { Alert, Anchor, Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useAction, useApi, type Answer } from '../api/index.ts';
import { ProblemView, Time, useWho } from '../shell/index.ts';

type Replay = Answer<'replays.get'>;

const everyMs = 2000;
const shownSurprises = 10;

/** Replays that run or were stopped by a surprise, and the one that was just started here. */
export function ReplayProgress({ started, onDismiss }: { started: string | null; onDismiss: () => void }) {
  const { tenantId } = useWho();
  const replays = useApi('replays.list', { path: { tenantId }, query: { limit: 20 } }, { everyMs });
  const shown = (replays.data?.items ?? []).filter(({ id, state }) => id === started || state === 'running' || state === 'stopped');
  return shown.map((replay) => <OneReplay key={replay.id} replay={replay} {...(replay.id === started ? { onDismiss } : {})} />);
}

const colours = { running: 'blue', stopped: 'orange', done: 'teal', cancelled: 'gray' } as const;

function OneReplay({ replay, onDismiss }: { replay: Replay; onDismiss?: () => void }) {
  const { state, counts, note, createdAt, surprises } = replay;
  const isOver = state === 'done' || state === 'cancelled';
  const total = Object.values(counts).reduce((sum, records) => sum + records, 0);
  const left = counts['left'] ?? 0;
  return (
    <Alert
      color={colours[state]}
      variant="light"
      title={titles[state]}
      withCloseButton={isOver && onDismiss !== undefined}
      closeButtonLabel="Dismiss"
      {...(onDismiss ? { onClose: onDismiss } : {})}
    >
      <Stack gap="xs">
        <Progress value={total === 0 ? 100 : (100 * (total - left)) / total} color={colours[state]} aria-label="Sent so far" />
        <Text size="sm">
          {countWords(counts)} · started <Time at={createdAt} ago />
        </Text>
        {note && <Text size="sm">{note}</Text>}
        {surprises.length > 0 && <Surprises surprises={surprises} />}
        {!isOver && <Buttons replay={replay} />}
      </Stack>
    </Alert>
  );
}

const titles = {
  running: 'A replay is running',
  stopped: 'A replay was stopped by a surprise',
  done: 'The replay is done',
  cancelled: 'The replay was cancelled',
} as const;

function countWords(counts: Replay['counts']): string {
  const words = Object.entries(counts).filter(([, records]) => records > 0);
  return words.length === 0 ? 'nothing to send' : words.map(([state, records]) => `${records.toLocaleString()} ${state}`).join(' · ');
}

function Surprises({ surprises }: { surprises: Replay['surprises'] }) {
  return (
    <List size="sm">
      {surprises.slice(0, shownSurprises).map(({ recordId, resultId, outcome }) => (
        <List.Item key={recordId}>
          <Anchor component={Link} href={`/records/${resultId ?? recordId}`} inherit>
            {resultId ?? recordId}
          </Anchor>
          {outcome && `: ${outcome.state}, ${outcome.why}`}
        </List.Item>
      ))}
      {surprises.length > shownSurprises && <List.Item>and {surprises.length - shownSurprises} more</List.Item>}
    </List>
  );
}

function Buttons({ replay: { id: replayId, state, nextStepSize } }: { replay: Replay }) {
  const { tenantId, may } = useWho();
  const path = { tenantId, replayId };
  const goOn = useAction('replays.continue');
  const cancel = useAction('replays.cancel');
  const problem = goOn.error ?? cancel.error;
  if (!may('operator')) return null;
  return (
    <>
      <Group gap="xs">
        {state === 'stopped' && (
          <Button size="xs" loading={goOn.isPending} onClick={() => goOn.mutate({ path })}>
            Go on, with {nextStepSize === 1 ? 'one record' : `${nextStepSize} records`}
          </Button>
        )}
        <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ path })}>
          Cancel the rest
        </Button>
      </Group>
      {problem && <ProblemView problem={problem.problem} />}
    </>
  );
}
