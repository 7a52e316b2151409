import { Alert, Anchor, Box, Button, Group, List, Loader, Stack, Tabs, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, type Agent, type IssuedEnrollToken, type Site } from '../../api/index.ts';
import { CodeLine, Time, useWho } from '../../shell/index.ts';

interface EnrolCommandsProps {
  site: Site;
  token: IssuedEnrollToken;
  onClose: () => void;
}

/** What to type on the machine, and a sign that turns green when its agent arrives. */
export function EnrolCommands({ site, token, onClose }: EnrolCommandsProps) {
  const agent = useArrival(site.id, token.id);
  const isWindows = /windows/i.test(navigator.userAgent);
  return (
    <Stack>
      <Text size="sm">
        On the machine that reaches the ERP system, with the agent installed and its agent.yaml in place. The token is shown only now, and
        good until <Time at={token.expiresAt} />.
      </Text>
      <Tabs defaultValue={isWindows ? 'windows' : 'linux'}>
        <Tabs.List>
          <Tabs.Tab value="linux">Linux</Tabs.Tab>
          <Tabs.Tab value="windows">Windows</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="linux" pt="sm">
          <Commands place="In a shell:" enrol={`sudo ${token.command}`} check="sudo ml-agent doctor" run="sudo ml-agent run" />
        </Tabs.Panel>
        <Tabs.Panel value="windows" pt="sm">
          <Commands place="In PowerShell, opened as administrator:" enrol={token.command} check="ml-agent doctor" run="ml-agent run" />
        </Tabs.Panel>
      </Tabs>
      <Arrival agent={agent} />
      <Group justify="flex-end">
        <Button variant={agent?.session ? 'filled' : 'default'} onClick={onClose}>
          {agent?.session ? 'Done' : 'Close'}
        </Button>
      </Group>
    </Stack>
  );
}

function Commands({ place, enrol, check, run }: { place: string; enrol: string; check: string; run: string }) {
  return (
    <Stack gap="xs">
      <Text size="sm">{place}</Text>
      <List type="ordered" spacing="xs" size="sm" styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
        <List.Item>
          Make its keys, which never leave the machine, and show them to the relay.
          <CodeLine text={enrol} label="enrol" />
        </List.Item>
        <List.Item>
          See that everything is in place; each line is ok or says what to do.
          <CodeLine text={check} label="check" />
        </List.Item>
        <List.Item>
          Start it here, or as the service.
          <CodeLine text={run} label="run" />
        </List.Item>
      </List>
    </Stack>
  );
}

function Arrival({ agent }: { agent: Agent | undefined }) {
  return (
    <Box component="output" display="block">
      {!agent && (
        <Alert color="gray" variant="light" icon={<Loader size="xs" />} title="Waiting for the agent">
          This turns green by itself. It may be closed meanwhile.
        </Alert>
      )}
      {agent && !agent.session && (
        <Alert color="yellow" variant="light" icon={<Loader size="xs" />} title={`${agent.name} is enrolled`}>
          Its tunnel is not there yet: start it with the last command.
        </Alert>
      )}
      {agent?.session && (
        <Alert color="green" variant="light" title={`${agent.name} is connected`}>
          From {agent.session.peer}, version {agent.version}.{' '}
          <Anchor component={Link} href={`/agents/${agent.id}`} size="sm">
            Open the agent
          </Anchor>
        </Alert>
      )}
    </Box>
  );
}

/** The agent that came with the token, as soon as there is one. */
function useArrival(siteId: string, tokenId: string): Agent | undefined {
  const { tenantId } = useWho();
  const tokens = useApi('enroll-tokens.list', { path: { tenantId, siteId } }, { everyMs: 2000 });
  const agentId = tokens.data?.items.find(({ id }) => id === tokenId)?.agentId ?? null;
  const agent = useApi('agents.get', { path: { tenantId, agentId: agentId ?? '' } }, { enabled: agentId !== null, everyMs: 2000 });
  return agent.data;
}
