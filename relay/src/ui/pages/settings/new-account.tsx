import { SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type PersonLink } from '../../api/index.ts';
import { faultOf, firstFocus, Form, type Role } from '../../shell/index.ts';
import { RoleSelect } from './role-select.tsx';

export interface NewAccountProps {
  onClose: () => void;
  onMade: (made: { email: string; link: PersonLink }) => void;
}

/** An account with a role in all tenants. */
export function NewAccount({ onClose, onMade }: NewAccountProps) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const add = useAction('people.add');
  const problem = add.error?.problem;
  return (
    <Form
      action="Add"
      work={add}
      fields={['email', 'name', 'everywhere']}
      onCancel={onClose}
      onSubmit={() =>
        add.mutate(
          { body: { email: email.trim(), name: name.trim(), everywhere: role } },
          { onSuccess: ({ link }) => onMade({ email: email.trim(), link }) },
        )
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput
          label="E-mail address"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={faultOf(problem, 'email')}
          autoComplete="off"
          ref={firstFocus}
          required
        />
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          autoComplete="off"
          required
        />
        <RoleSelect
          label="Role in all tenants"
          value={role}
          onChange={(chosen) => chosen && setRole(chosen)}
          error={faultOf(problem, 'everywhere')}
        />
      </SimpleGrid>
    </Form>
  );
}
