import { Badge, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { Form, FormProblem, Section, ShownOnce, useWho } from '../../shell/index.ts';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** On or off; the recovery codes are shown once, right after it was switched on. */
export function SecondFactor() {
  const { hasSecondFactor } = useWho();
  const [recoveryCodes, setRecoveryCodes] = useState<string[]>();
  return (
    <Section
      title="Second factor"
      lead="Besides the password, a code of an authenticator app on your phone is asked for."
      actions={
        <Badge color={hasSecondFactor ? 'teal' : 'gray'} variant="light" tt="none">
          {hasSecondFactor ? 'on' : 'off'}
        </Badge>
      }
    >
      {recoveryCodes && (
        <ShownOnce title="Recovery codes" text={recoveryCodes.join('\n')} onDone={() => setRecoveryCodes(undefined)}>
          Each opens your account once when the phone is lost. Keep them where the phone is not; they are not shown again.
        </ShownOnce>
      )}
      {hasSecondFactor ? !recoveryCodes && <Remove /> : <SetUp onDone={setRecoveryCodes} />}
    </Section>
  );
}

function SetUp({ onDone }: { onDone: (recoveryCodes: string[]) => void }) {
  const propose = useAction('me.second-factor.propose');
  if (propose.data) return <SecondFactorSetup proposed={propose.data} onDone={onDone} onCancel={() => propose.reset()} />;
  return (
    <Stack align="flex-start">
      <FormProblem problem={propose.error?.problem} />
      <Button loading={propose.isPending} onClick={() => propose.mutate({})}>
        Set up
      </Button>
    </Stack>
  );
}

function Remove() {
  const [isOpen, setIsOpen] = useState(false);
  const [password, setPassword] = useState('');
  const remove = useAction('me.second-factor.remove');
  if (!isOpen)
    return (
      <Button variant="default" onClick={() => setIsOpen(true)} style={{ alignSelf: 'flex-start' }}>
        Switch off
      </Button>
    );
  return (
    <Form
      action="Switch off"
      isDangerous
      work={remove}
      onSubmit={() => remove.mutate({ body: { password } })}
      onCancel={() => setIsOpen(false)}
    >
      <Text size="sm">From then on the password alone opens your account. The recovery codes are void.</Text>
      <PasswordInput
        label="Your password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        required
      />
    </Form>
  );
}
