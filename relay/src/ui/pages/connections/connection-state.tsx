import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useAction, type Connection, type ConnectionCheck } from '../../api/index.ts';
import { Fact, FormProblem, Signal, Time, useWho } from '../../shell/index.ts';

/** Why a connection stands still, and what to do. */
export function Halt({ connection: { halt } }: { connection: Connection }) {
  if (!halt) return null;
  return (
    <Alert color="red" variant="light" title={halt.message}>
      {halt.fix !== '' && <Text size="sm">{halt.fix}</Text>}
      <Text size="xs" c="dimmed" mt={4}>
        {halt.code}, since <Time at={halt.at} ago />
      </Text>
    </Alert>
  );
}

export function ResumeButton({ connection }: { connection: Connection }) {
  const { may, tenantId } = useWho();
  const resume = useAction('connections.resume');
  if (!may('operator') || !connection.halt) return null;
  return (
    <>
      <Button
        size="xs"
        loading={resume.isPending}
        onClick={() => resume.mutate({ path: { tenantId, connectionId: connection.id } })}
        title="What waited for it goes out at once"
        aria-label={`Resume ${connection.name}`}
      >
        Resume
      </Button>
      <FormProblem problem={resume.error?.problem} />
    </>
  );
}

export function CheckButton({ connection }: { connection: Connection }) {
  const { may, tenantId } = useWho();
  const check = useAction('connections.check');
  if (!may('operator')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={check.isPending}
        onClick={() => check.mutate({ path: { tenantId, connectionId: connection.id } })}
        aria-label={`Check now: ${connection.name}`}
      >
        Check now
      </Button>
      <FormProblem problem={check.error?.problem} />
    </>
  );
}

/** How a test went: as whom it is signed in, or why it does not work. */
export function CheckOutcome({ check }: { check: ConnectionCheck }) {
  if (!check.ok)
    return (
      <Alert color="red" variant="light" title={check.problem?.message ?? 'It does not work.'} role="alert">
        {check.problem?.fix && <Text size="sm">{check.problem.fix}</Text>}
        <Text size="xs" c="dimmed" mt={4}>
          {check.problem?.code}, <Time at={check.at} />
        </Text>
      </Alert>
    );
  return (
    <Stack gap="xs">
      <Signal light="good">
        It works, <Time at={check.at} ago />
      </Signal>
      <Group gap="xl">
        {check.account !== null && <Fact name="Signed in as">{check.account}</Fact>}
        {Object.entries(check.details).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Group>
    </Stack>
  );
}
