import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, type Ending } from '../../api/index.ts';
import { ProblemView, Section, Signal, Time, useWho, type Light } from '../../shell/index.ts';

const dayMs = 86_400_000;

/** What ends in the next weeks, soonest first. */
export function ExpiryBoard() {
  const { tenantId } = useWho();
  const expiries = useApi('overview.expiries', { path: { tenantId } }, { everyMs: 300_000 });
  return (
    <Section title="Expires">
      {expiries.error && !expiries.data && <ProblemView problem={expiries.error.problem} />}
      {expiries.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing within 90 days.
        </Text>
      )}
      <Stack gap="xs">
        {expiries.data?.items.map((ending) => (
          <Line key={`${ending.what} ${ending.expiresAt}`} {...ending} />
        ))}
      </Stack>
    </Section>
  );
}

function Line({ what, expiresAt, fix, link }: Ending) {
  return (
    <Stack gap={0}>
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <Signal light={lightOf(expiresAt)}>
          <Anchor component={Link} href={link} inherit style={{ overflowWrap: 'anywhere' }}>
            {what}
          </Anchor>
        </Signal>
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          <Time at={expiresAt} ago />
        </Text>
      </Group>
      <Text size="xs" c="dimmed" pl={15}>
        {fix}
      </Text>
    </Stack>
  );
}

function lightOf(expiresAt: string): Light {
  const left = Date.parse(expiresAt) - Date.now();
  if (left < 3 * dayMs) return 'bad';
  return left < 14 * dayMs ? 'warning' : 'good';
}
