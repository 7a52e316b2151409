import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useApi } from '../../api/index.ts';
import { Loading, ProblemView, StateBadge, useWho } from '../../shell/index.ts';

/** Is everything flowing, and what needs a person. */
export function OverviewPage() {
  const { tenantId } = useWho();
  const overview = useApi('overview.get', { path: { tenantId } }, { everyMs: 5000, enabled: tenantId !== '' });
  if (overview.error && !overview.data) return <ProblemView problem={overview.error.problem} />;
  if (!overview.data) return <Loading />;
  const { records, agents, connections } = overview.data;
  return (
    <Stack>
      <Title order={1}>Overview</Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Card withBorder>
          <Text c="dimmed">Agents connected</Text>
          <Title order={2}>
            {agents.connected} of {agents.enrolled}
          </Title>
        </Card>
        <Card withBorder>
          <Text c="dimmed">Connections halted</Text>
          <Title order={2}>{connections.halted.length}</Title>
        </Card>
        <Card withBorder>
          <Text c="dimmed">Records</Text>
          <Group gap="xs">
            {Object.entries(records).map(([state, count]) => (
              <Link key={state} href={`/records?state=${state}`}>
                <StateBadge state={state} /> {count}
              </Link>
            ))}
          </Group>
        </Card>
      </SimpleGrid>
    </Stack>
  );
}
