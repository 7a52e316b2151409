import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, type Agent, type Connection } from '../../api/index.ts';
import { Empty, Fact, Loading, ProblemView, Section, Signal, Time, useWho, type Light } from '../../shell/index.ts';

/** Systems of the agent as it sees them now, with the connections that use them. */
export function AgentSystems({ agent }: { agent: Agent }) {
  const { tenantId } = useWho();
  const isConnected = agent.session !== null;
  const systems = useApi('agents.systems', { path: { tenantId, agentId: agent.id } }, { enabled: isConnected, everyMs: 15_000 });
  const connections = useApi('connections.list', { path: { tenantId }, query: { limit: 500 } }, { everyMs: 15_000 });
  if (!isConnected) return <Empty title="The agent is not connected">What it reaches is known while its tunnel is up.</Empty>;
  if (systems.error && !systems.data) return <ProblemView problem={systems.error.problem} />;
  if (!systems.data) return <Loading />;
  if (systems.data.items.length === 0) return <Empty title="No system">Name one in the agent’s agent.yaml, and start it anew.</Empty>;
  return (
    <Stack>
      {systems.data.items.map(({ name, type, details }) => {
        const using = (connections.data?.items ?? []).filter(
          ({ siteId, system, settings }) => siteId === agent.siteId && system === type && settings['agentSystem'] === name,
        );
        return (
          <Section key={name} title={name} lead={type}>
            <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
              {Object.entries(details).map(([detail, value]) => (
                <Fact key={detail} name={detail}>
                  {value}
                </Fact>
              ))}
            </SimpleGrid>
            {using.length === 0 && (
              <Text size="sm" c="dimmed">
                No connection uses it.
              </Text>
            )}
            {using.map((connection) => (
              <ConnectionLine key={connection.id} connection={connection} />
            ))}
          </Section>
        );
      })}
    </Stack>
  );
}

function ConnectionLine({ connection }: { connection: Connection }) {
  const { light, words } = stateOfConnection(connection);
  return (
    <Group gap="sm">
      <Anchor component={Link} href={`/connections/${connection.id}`} size="sm">
        {connection.name}
      </Anchor>
      <Signal light={light}>{words}</Signal>
      {connection.lastCheck && (
        <Text size="xs" c="dimmed">
          tested <Time at={connection.lastCheck.at} ago />
        </Text>
      )}
    </Group>
  );
}

function stateOfConnection({ halt, lastCheck }: Connection): { light: Light; words: string } {
  if (halt) return { light: 'bad', words: `halted: ${halt.message}` };
  if (!lastCheck) return { light: 'off', words: 'not tested' };
  return lastCheck.ok ? { light: 'good', words: 'works' } : { light: 'bad', words: lastCheck.problem?.message ?? 'the last test failed' };
}
