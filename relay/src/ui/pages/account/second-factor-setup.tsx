import { Anchor, Button, Code, CopyButton, Group, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Answer } from '../../api/index.ts';
import { faultOf, Form } from '../../shell/index.ts';

export interface SecondFactorSetupProps {
  proposed: Answer<'me.second-factor.propose'>;
  onDone: (recoveryCodes: string[]) => void;
  onCancel: () => void;
}

/** The secret goes into the app; a code of it shows that it arrived. */
export function SecondFactorSetup({ proposed: { secret, address }, onDone, onCancel }: SecondFactorSetupProps) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const confirm = useAction('me.second-factor.confirm');
  const problem = confirm.error?.problem;
  const switchOn = async () => {
    // Not by a callback of mutate: once it is on, this form is gone before it would be called.
    const body = { secret, code: code.replaceAll(' ', ''), password };
    const answer = await confirm.mutateAsync({ body }).catch(() => undefined);
    if (answer) onDone(answer.recoveryCodes);
  };
  return (
    <List type="ordered" spacing="md" listStyleType="decimal" withPadding={false} ps="md">
      <List.Item>
        <Stack gap="xs">
          <Text>In your authenticator app, add an account by a key, and enter this one:</Text>
          <Group gap="sm">
            <Code fz="md">{inFours(secret)}</Code>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy the key'}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" c="dimmed">
            Is the app on this device?{' '}
            <Anchor href={address} underline="always">
              Open it with the key
            </Anchor>
          </Text>
        </Stack>
      </List.Item>
      <List.Item>
        <Stack gap="xs">
          <Text>Enter the six digits that it shows now.</Text>
          <Form action="Switch on" work={confirm} fields={['code', 'password']} onCancel={onCancel} onSubmit={() => void switchOn()}>
            <TextInput
              label="Code"
              inputMode="numeric"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={problem?.errors && faultOf(problem, 'code') && 'Six digits'}
              autoComplete="one-time-code"
              maw={200}
              required
            />
            <PasswordInput
              label="Your password"
              description="So that nobody else does this at your open browser"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={faultOf(problem, 'password')}
              autoComplete="current-password"
              maw={360}
              required
            />
          </Form>
        </Stack>
      </List.Item>
    </List>
  );
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}
