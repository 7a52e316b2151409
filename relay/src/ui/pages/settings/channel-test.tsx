import { Button, Group, Text } from '@mantine/core';
import { useAction } from '../../api/index.ts';
import { FormProblem } from '../../shell/index.ts';

/** Sends a message now and tells why it did not go out. */
export function ChannelTest({ path, name }: { path: { tenantId: string; channelId: string }; name: string }) {
  const test = useAction('alert-channels.test');
  const problem = test.data?.problem;
  return (
    <Group gap="sm" align="center">
      <Button
        size="xs"
        variant="light"
        loading={test.isPending}
        aria-label={`Send a test to ${name}`}
        onClick={() => test.mutate({ path })}
      >
        Send a test
      </Button>
      <Text component="output" size="sm" {...(problem ? { c: 'red' } : {})}>
        {test.data?.ok && 'The test message went out.'}
        {problem && `${problem.message}. ${problem.fix}`}
      </Text>
      <FormProblem problem={test.error?.problem} />
    </Group>
  );
}
