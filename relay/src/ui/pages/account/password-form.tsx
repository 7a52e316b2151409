import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { faultOf, Form, Section } from '../../shell/index.ts';

export function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useAction('me.password');
  const problem = change.error?.problem;
  return (
    <Section title="Password" lead="A new one signs you out everywhere else.">
      <Form
        action="Change the password"
        work={change}
        done="Changed"
        fields={['current', 'password']}
        onSubmit={() =>
          change.mutate(
            { body: { current, password } },
            {
              onSuccess() {
                setCurrent('');
                setPassword('');
              },
            },
          )
        }
      >
        <PasswordInput
          label="Current password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={faultOf(problem, 'current')}
          autoComplete="current-password"
          required
        />
        <PasswordInput
          label="New password"
          description="At least 12 characters; a sentence is easy to remember"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={faultOf(problem, 'password')}
          autoComplete="new-password"
          required
        />
      </Form>
    </Section>
  );
}
