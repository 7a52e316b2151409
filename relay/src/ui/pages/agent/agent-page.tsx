import { Anchor, SimpleGrid, Stack, Tabs } from '@mantine/core';
import { Link, useParams, useSearchParams } from 'wouter';
import { useAction, useApi, type Agent } from '../../api/index.ts';
import {
  ConfirmButton,
  CopyText,
  Fact,
  Loading,
  PageHead,
  ProblemView,
  Section,
  Signal,
  Time,
  useNames,
  useWho,
} from '../../shell/index.ts';
import { roundTripWords, stateOfAgent } from '../tunnels/index.ts';
import { AgentLog } from './agent-log.tsx';
import { AgentSystems } from './agent-systems.tsx';
import { Doctor } from './doctor.tsx';

/** One agent: its tunnel, its systems, its own checks, its log. */
export function AgentPage() {
  const { agentId } = useParams<{ agentId: string }>();
  const { tenantId, may } = useWho();
  const names = useNames();
  const [search, setSearch] = useSearchParams();
  const agent = useApi('agents.get', { path: { tenantId, agentId } }, { everyMs: 3000 });
  if (agent.error && !agent.data) return <ProblemView problem={agent.error.problem} />;
  if (!agent.data) return <Loading />;
  const { name, revokedAt } = agent.data;
  const { light, words } = stateOfAgent(agent.data);
  return (
    <Stack>
      <PageHead
        title={name}
        above={
          <Anchor component={Link} href="/tunnels" size="sm">
            Tunnels
          </Anchor>
        }
        lead={<Signal light={light}>{words}</Signal>}
      >
        {may('admin') && revokedAt === null && <Revoke agent={agent.data} />}
      </PageHead>
      {agent.error && <ProblemView problem={agent.error.problem} />}
      <Section title="Tunnel">
        <Facts agent={agent.data} site={names.site(agent.data.siteId)} />
      </Section>
      <Tabs
        value={search.get('tab') ?? 'systems'}
        onChange={(tab) => setSearch(tab === null ? {} : { tab }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="systems">Systems</Tabs.Tab>
          {may('operator') && <Tabs.Tab value="doctor">Doctor</Tabs.Tab>}
          {may('operator') && <Tabs.Tab value="log">Log</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="systems" pt="md">
          <AgentSystems agent={agent.data} />
        </Tabs.Panel>
        {may('operator') && (
          <>
            <Tabs.Panel value="doctor" pt="md">
              <Doctor agent={agent.data} />
            </Tabs.Panel>
            <Tabs.Panel value="log" pt="md">
              <AgentLog agent={agent.data} />
            </Tabs.Panel>
          </>
        )}
      </Tabs>
    </Stack>
  );
}

function Facts({ agent, site }: { agent: Agent; site: string }) {
  const { session } = agent;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="md">
      <Fact name={session ? 'Connected since' : 'Last seen'}>
        {session ? <Time at={session.connectedAt} /> : agent.lastSeenAt ? <Time at={agent.lastSeenAt} /> : 'never'}
      </Fact>
      <Fact name="Site">{site}</Fact>
      <Fact name="Machine">{agent.machine}</Fact>
      <Fact name="Version">{agent.version}</Fact>
      <Fact name="Enrolled">
        <Time at={agent.enrolledAt} />
      </Fact>
      <Fact name="Round trip">{roundTripWords(agent)}</Fact>
      <Fact name="Calls in flight">{session?.callsInFlight ?? '–'}</Fact>
      <Fact name="Comes from">{session ? <CopyText text={session.peer} /> : '–'}</Fact>
      <Fact name="Id">
        <CopyText text={agent.id} />
      </Fact>
      {agent.revokedAt !== null && (
        <Fact name="Revoked">
          <Time at={agent.revokedAt} />
        </Fact>
      )}
    </SimpleGrid>
  );
}

function Revoke({ agent: { id, name, machine } }: { agent: Agent }) {
  const { tenantId } = useWho();
  const revoke = useAction('agents.revoke');
  return (
    <ConfirmButton
      label="Revoke"
      question={`Revoke ${name}?`}
      size="sm"
      color="red"
      variant="light"
      onConfirm={() => revoke.mutateAsync({ path: { tenantId, agentId: id } })}
    >
      Its tunnel is cut at once, and it is refused for ever. To use {machine} again, enrol it anew. What waits for its systems goes out when
      another agent of the site serves them.
    </ConfirmButton>
  );
}
