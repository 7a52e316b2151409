import { Anchor, Grid, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, type Agent } from '../../api/index.ts';
import { Loading, PageHead, ProblemView, Section, Signal, Time, useWho } from '../../shell/index.ts';
import { attentionOf, counted } from './attention.ts';
import { AttentionList } from './attention-list.tsx';
import { ExpiryBoard } from './expiry-board.tsx';
import { Health } from './health.tsx';
import { Throughput } from './throughput.tsx';

/** Is everything flowing, and what needs a person. */
export function OverviewPage() {
  const path = { tenantId: useWho().tenantId };
  const connections = useApi('connections.list', { path, query: { limit: 500 } }, { everyMs: 10_000 });
  const health = useApi('overview.flows', { path }, { everyMs: 10_000 });
  const causes = useApi('records.causes', { path }, { everyMs: 30_000 });
  const alerts = useApi('alerts.list', { path, query: { limit: 100 } }, { everyMs: 15_000 });
  const agents = useApi('agents.list', { path, query: { limit: 500 } }, { everyMs: 5000 });
  const failed = connections.error ?? causes.error ?? alerts.error ?? agents.error;
  if (failed && !(connections.data && causes.data)) return <ProblemView problem={failed.problem} />;
  if (!connections.data || !causes.data) return <Loading />;

  const items = attentionOf({
    connections: connections.data.items,
    causes: causes.data.items,
    alerts: alerts.data?.items,
    agents: agents.data?.items,
  });
  return (
    <Stack>
      <PageHead
        title="Overview"
        lead={
          <Verdict needed={items.length} running={health.data?.items.filter(({ lastRun }) => lastRun?.state === 'running').length ?? 0} />
        }
      />
      {failed && <ProblemView problem={failed.problem} />}
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack>
            <AttentionList items={items} />
            <Health />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack>
            <Throughput />
            <Tunnels agents={agents.data?.items ?? []} />
            <ExpiryBoard />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Verdict({ needed, running }: { needed: number; running: number }) {
  return (
    <Group gap="xs" component="output">
      <Signal light={needed === 0 ? 'good' : 'warning'}>
        {needed === 0 ? 'Everything is flowing.' : `${counted(needed, 'thing')} ${needed === 1 ? 'needs' : 'need'} a person.`}
      </Signal>
      {running > 0 && <Text size="sm">{counted(running, 'run')} under way.</Text>}
    </Group>
  );
}

const shownAgents = 6;

function Tunnels({ agents }: { agents: Agent[] }) {
  const enrolled = agents.filter(({ revokedAt }) => revokedAt === null);
  const down = enrolled.filter(({ session }) => session === null);
  const shown = [...down, ...enrolled.filter(({ session }) => session !== null)].slice(0, shownAgents);
  return (
    <Section title="Tunnels" lead={`${enrolled.length - down.length} of ${enrolled.length} agents are connected.`}>
      <Stack gap={6}>
        {shown.map(({ id, name, session, lastSeenAt }) => (
          <Group key={id} justify="space-between" gap="xs" wrap="nowrap">
            <Signal light={session ? (session.isDraining ? 'warning' : 'good') : 'bad'}>
              <Anchor component={Link} href={`/agents/${id}`} inherit>
                {name}
              </Anchor>
            </Signal>
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {session ? roundTrip(session.roundTripMs) : lastSeenAt ? <Time at={lastSeenAt} ago /> : 'never seen'}
            </Text>
          </Group>
        ))}
      </Stack>
      <Anchor component={Link} href="/tunnels" size="sm">
        {enrolled.length === 0 ? 'Enrol an agent' : 'All tunnels'}
      </Anchor>
    </Section>
  );
}

function roundTrip(ms: number | null): string {
  return ms === null ? 'connected' : `${Math.round(ms)} ms`;
}
