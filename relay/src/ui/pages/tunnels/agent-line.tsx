import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Agent } from '../../api/index.ts';
import { Fact, Signal, Time } from '../../shell/index.ts';
import { roundTripWords, stateOfAgent } from './state-of-agent.ts';

/** One agent with its live tunnel. */
export function AgentLine({ agent }: { agent: Agent }) {
  const { session } = agent;
  const { light, words } = stateOfAgent(agent);
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="sm" verticalSpacing={6} component="article" aria-label={agent.name}>
      <Stack gap={0} miw={0}>
        <Anchor component={Link} href={`/agents/${agent.id}`} size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {agent.name}
        </Anchor>
        <Signal light={light}>{words}</Signal>
      </Stack>
      <Fact name={session ? 'Connected' : 'Last seen'}>
        {session ? <Time at={session.connectedAt} ago /> : agent.lastSeenAt ? <Time at={agent.lastSeenAt} ago /> : 'never'}
      </Fact>
      <Fact name="Machine">{agent.machine}</Fact>
      <Fact name="Version">{agent.version}</Fact>
      <Fact name="Round trip">{roundTripWords(agent)}</Fact>
      <Fact name="Calls in flight">{session ? session.callsInFlight.toLocaleString() : '–'}</Fact>
      <Fact name="Systems">
        {session ? (
          <Text span inherit>
            {session.systems.join(', ') || 'none'}
          </Text>
        ) : (
          '–'
        )}
      </Fact>
    </SimpleGrid>
  );
}
