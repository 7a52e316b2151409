import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { callApi, type Answer, type ApiProblem } from '../../api/index.ts';
import { Doorway, faultOf, firstFocus, FormProblem, useEnter } from '../../shell/index.ts';

export interface LinkFormProps {
  token: string;
  link: Answer<'links.look'>;
  /** The password is set, but who has a second factor still has to sign in. */
  onUsed: () => void;
}

/** The first administrator gives address, name and password; everybody else a password. Who has no second factor is in afterwards. */
export function LinkForm({ token, link, onUsed }: LinkFormProps) {
  const isSetup = link.purpose === 'setup';
  const [email, setEmail] = useState(link.email ?? '');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [, go] = useLocation();
  const enter = useEnter();
  const use = useMutation<void, ApiProblem>({
    async mutationFn() {
      const own = isSetup ? { email: email.trim(), name: name.trim() } : {};
      const { signedIn } = await callApi('links.use', { body: { token, password, ...own } });
      if (!signedIn) return onUsed();
      await enter();
      go('/', { replace: true });
    },
  });
  const problem = use.error?.problem;
  return (
    <Doorway
      title={isSetup ? 'First administrator' : `Welcome, ${link.name ?? ''}`}
      lead={isSetup ? 'Your account on this relay, with every right. Others are added from inside.' : 'Set the password for your account.'}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          use.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="E-mail address"
            type="email"
            name="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={faultOf(problem, 'email')}
            autoComplete="username"
            readOnly={!isSetup}
            variant={isSetup ? 'default' : 'filled'}
            required
            ref={isSetup ? firstFocus : null}
          />
          {isSetup && (
            <TextInput
              label="Name"
              description="As others see it beside what you did"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={faultOf(problem, 'name')}
              autoComplete="name"
              required
            />
          )}
          <PasswordInput
            label="Password"
            description="At least 12 characters; a sentence is easy to remember"
            name="password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={faultOf(problem, 'password')}
            autoComplete="new-password"
            required
            ref={isSetup ? null : firstFocus}
          />
          <FormProblem problem={problem} fields={['email', 'name', 'password']} />
          <Button type="submit" loading={use.isPending}>
            {isSetup ? 'Make the account' : 'Set the password'}
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
