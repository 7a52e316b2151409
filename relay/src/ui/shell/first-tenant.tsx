import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/index.ts';
import { Doorway } from './doorway.tsx';
import { firstFocus } from './first-focus.ts';
import { faultOf, FormProblem } from './form-problem.tsx';

/** What the first administrator does first: everything on the relay belongs to a tenant. */
export function FirstTenant() {
  const [name, setName] = useState('');
  const create = useAction('tenants.create');
  const problem = create.error?.problem;
  return (
    <Doorway
      title="Name the first tenant"
      lead="A tenant is a customer of this relay: its sites, connections, records and people belong to it."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ body: { name: name.trim() } });
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            placeholder="Müller Fashion Group"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={faultOf(problem, 'name')}
            required
            ref={firstFocus}
          />
          <FormProblem problem={problem} fields={['name']} />
          <Button type="submit" loading={create.isPending}>
            Make the tenant
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
