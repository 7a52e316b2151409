import { Group, PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { ApiProblem, callApi, useApi, type AgentCredential, type Connection } from '../../api/index.ts';
import { Form, ProblemView, Section, Signal, Time, useWho, type Light } from '../../shell/index.ts';
import { sealPassword } from './seal-password.ts';

const words: Record<AgentCredential['state'], [Light, string]> = {
  missing: ['bad', 'was never given it'],
  waiting: ['warning', 'gets it when it connects'],
  delivered: ['good', 'has it'],
  refused: ['bad', 'did not take it'],
};

/** The password of a system behind agents. It is sealed to each agent in this browser: the relay never sees it. */
export function Password({ connection }: { connection: Connection }) {
  const { tenantId, may } = useWho();
  const path = { tenantId, connectionId: connection.id };
  const states = useApi('connections.credential.get', { path }, { everyMs: 10_000 });
  const [answered, setAnswered] = useState<AgentCredential[]>();
  const agents = answered ?? states.data?.agents ?? [];
  return (
    <Section title="Password" lead="Sealed in this browser to the key of each agent; the relay passes it on and cannot read it.">
      {states.error && <ProblemView problem={states.error.problem} />}
      {states.data?.agents.length === 0 && <Signal light="off">No agent serves the site yet: enrol one on the page Tunnels.</Signal>}
      {agents.map(({ agentId, agentName, state, at, problem }) => (
        <Group key={agentId} gap="xs">
          <Signal light={words[state][0]}>
            {agentName} {words[state][1]}
          </Signal>
          {at !== null && (
            <Text size="sm" c="dimmed">
              <Time at={at} ago />
            </Text>
          )}
          {problem && <Text size="sm">{`${problem.message}. ${problem.fix}`}</Text>}
        </Group>
      ))}
      {may('admin') && agents.length > 0 && <PasswordForm path={path} onDone={setAnswered} />}
    </Section>
  );
}

const idle = { isPending: false, isSuccess: false, error: null as ApiProblem | null };

function PasswordForm({ path, onDone }: { path: { tenantId: string; connectionId: string }; onDone: (agents: AgentCredential[]) => void }) {
  const [password, setPassword] = useState('');
  const [work, setWork] = useState(idle);
  const queries = useQueryClient();
  const send = async (): Promise<void> => {
    setWork({ ...idle, isPending: true });
    try {
      const keys = await callApi('connections.sealing-keys.get', { path });
      const agents = await sealPassword(keys, password);
      onDone((await callApi('connections.sealed-credential.set', { path, body: { agents } })).agents);
      setPassword('');
      setWork({ ...idle, isSuccess: true });
      await queries.invalidateQueries();
    } catch (error) {
      setWork({ ...idle, error: error instanceof ApiProblem ? error : new ApiProblem(notSealed) });
    }
  };
  return (
    <Form action="Seal and send" work={work} done="Sealed and sent" onSubmit={() => void send()}>
      <PasswordInput
        label="Password of the user in agent.yaml"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={1000}
        required
      />
    </Form>
  );
}

const notSealed = {
  type: 'about:blank',
  title: 'Not sealed',
  status: 0,
  code: 'NOT_SEALED',
  detail: 'This browser could not seal the password; nothing was sent.',
  fix: 'Open the relay by https in a current browser, or enter the password on the machine of the agent: ml-agent credentials set.',
  requestId: '',
};
