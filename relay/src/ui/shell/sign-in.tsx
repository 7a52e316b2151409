import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { callApi, type ApiProblem } from '../api/index.ts';
import { Doorway } from './doorway.tsx';
import { firstFocus } from './first-focus.ts';
import { FormProblem } from './form-problem.tsx';
import { OtherSignIn, OtherSignInProblem } from './other-sign-in.tsx';
import { useEnter } from './use-me.ts';

/** Address and password; then the code, for somebody with a second factor. The page that was asked for stays in the address. */
export function SignIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const enter = useEnter();
  const begin = useMutation<void, ApiProblem>({
    async mutationFn() {
      await callApi('session.begin', { body: { email: email.trim(), password, ...(asksCode ? { code: code.trim() } : {}) } });
      await enter();
    },
    onError({ problem }) {
      if (problem.code === 'CODE_NEEDED') setAsksCode(true);
      setCode('');
    },
  });
  const refused = begin.error?.problem.code === 'CODE_NEEDED' ? undefined : begin.error?.problem;
  const startAgain = () => {
    setAsksCode(false);
    setPassword('');
    begin.reset();
  };
  return (
    <Doorway title="Sign in" lead={asksCode ? `Password accepted. One more step for ${email.trim()}.` : undefined}>
      {begin.isIdle && <OtherSignInProblem />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate();
        }}
      >
        <Stack>
          {asksCode ? (
            <TextInput
              key="code"
              label="Code"
              description="Six digits of your authenticator app, or a recovery code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoComplete="one-time-code"
              required
              ref={firstFocus}
            />
          ) : (
            <>
              <TextInput
                key="email"
                label="E-mail address"
                type="email"
                name="username"
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
                autoComplete="username"
                required
                ref={firstFocus}
              />
              <PasswordInput
                label="Password"
                name="password"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                autoComplete="current-password"
                required
              />
            </>
          )}
          <FormProblem problem={refused} />
          <Button type="submit" loading={begin.isPending}>
            {asksCode ? 'Go on' : 'Sign in'}
          </Button>
          {asksCode ? (
            <Button variant="subtle" onClick={startAgain}>
              Back
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              Password forgotten? An administrator can make you a link that sets a new one.
            </Text>
          )}
        </Stack>
      </form>
      {!asksCode && <OtherSignIn />}
    </Doorway>
  );
}
