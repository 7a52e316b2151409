import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Agent, type Operations } from '../../api/index.ts';
import { FormProblem, useWho } from '../../shell/index.ts';

type Level = Operations['agents.log-level']['body']['level'];

const levels: { level: Level; what: string }[] = [
  { level: 'trace', what: 'every step, for a short time' },
  { level: 'debug', what: 'every call' },
  { level: 'info', what: 'the usual' },
  { level: 'warn', what: 'what may need somebody' },
  { level: 'error', what: 'what failed' },
];

/** What the agent writes from now on; it holds until it is changed again or the agent starts anew. */
export function LogLevel({ agent }: { agent: Agent }) {
  const { tenantId } = useWho();
  const [chosen, setChosen] = useState<Level>();
  const change = useAction('agents.log-level');
  const choose = (level: Level) =>
    change.mutate({ path: { tenantId, agentId: agent.id }, body: { level } }, { onSuccess: () => setChosen(level) });
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button size="xs" variant="default" disabled={agent.session === null} loading={change.isPending}>
            {chosen ? `It writes ${chosen}` : 'What it writes …'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Until it is changed again, or the agent starts anew</Menu.Label>
          {levels.map(({ level, what }) => (
            <Menu.Item key={level} onClick={() => choose(level)}>
              {level}: {what}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <FormProblem problem={change.error?.problem} />
    </>
  );
}
