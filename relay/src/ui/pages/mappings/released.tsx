import { Alert, Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi } from '../../api/index.ts';
import { ProblemView, StateBadge } from '../../shell/index.ts';
import type { MapPath, Release } from './use-change.ts';
import { counted } from './words.ts';

const underWay = ['pending', 'posting', 'failed', 'uncertain'];

/** What becomes of the records that a change released, live. */
export function Released({ path, release, onClose }: { path: MapPath; release: Release; onClose: () => void }) {
  const query = { since: release.changedAt };
  const progress = useApi('value-maps.released', { path, query }, { everyMs: 2000 });
  const items = progress.data?.items ?? [];
  const total = Math.max(1, sum(items));
  const open = sum(items.filter(({ state }) => underWay.includes(state)));
  const isDone = progress.data !== undefined && open === 0;
  const out = items.find(({ state }) => state === 'succeeded')?.records ?? 0;
  const title = isDone ? `${counted(out, 'record')} went out.` : `${counted(release.released, 'record')} released; on the way.`;
  return (
    <Alert
      color={isDone ? 'teal' : 'blue'}
      variant="light"
      title={<output>{title}</output>}
      withCloseButton
      onClose={onClose}
      closeButtonLabel="Close"
    >
      <Stack gap="xs">
        <Progress.Root size="md" aria-hidden>
          {items.map(({ state, records }) => (
            <Progress.Section key={state} value={(records / total) * 100} color={colours[state] ?? 'gray'} />
          ))}
        </Progress.Root>
        <Group gap="sm">
          {items.map(({ state, records }) => (
            <Group key={state} gap={4}>
              <Text size="sm" fw={600}>
                {records.toLocaleString()}
              </Text>
              <StateBadge state={state} />
            </Group>
          ))}
          <Anchor component={Link} href={`/records?integrationId=${path.integrationId}`} size="sm">
            Records of the integration
          </Anchor>
        </Group>
        {progress.error && <ProblemView problem={progress.error.problem} />}
      </Stack>
    </Alert>
  );
}

const colours: Record<string, string> = {
  succeeded: 'teal',
  skipped: 'gray',
  blocked: 'red',
  failed: 'orange',
  uncertain: 'yellow',
  posting: 'blue',
};

function sum(items: readonly { records: number }[]): number {
  return items.reduce((total, { records }) => total + records, 0);
}
