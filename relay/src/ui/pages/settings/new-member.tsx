import { SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type PersonLink } from '../../api/index.ts';
import { faultOf, firstFocus, Form, useWho, type Role } from '../../shell/index.ts';
import { RoleSelect } from './role-select.tsx';

export interface NewMemberProps {
  onClose: () => void;
  /** No link: there is an account with this address already. */
  onMade: (made: { email: string; link: PersonLink | null }) => void;
}

export function NewMember({ onClose, onMade }: NewMemberProps) {
  const { tenantId } = useWho();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const add = useAction('members.add');
  const problem = add.error?.problem;
  return (
    <Form
      action="Add"
      work={add}
      fields={['email', 'name', 'role']}
      onCancel={onClose}
      onSubmit={() =>
        add.mutate(
          { path: { tenantId }, body: { email: email.trim(), name: name.trim(), role } },
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
        <RoleSelect label="Role" value={role} onChange={(chosen) => chosen && setRole(chosen)} error={faultOf(problem, 'role')} />
      </SimpleGrid>
    </Form>
  );
}
