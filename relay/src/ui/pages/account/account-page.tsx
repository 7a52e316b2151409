import { Stack } from '@mantine/core';
import { PageHead, useWho } from '../../shell/index.ts';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';

/** What belongs to the person who is signed in. */
export function AccountPage() {
  const { name, email } = useWho();
  return (
    <Stack maw={760}>
      <PageHead title="Your account" lead={email ? `${name}, ${email}` : name} />
      <PasswordForm />
      <SecondFactor />
      <Sessions />
    </Stack>
  );
}
