import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { faultOf, firstFocus, Form, useWho, type Role } from '../../shell/index.ts';
import { RoleSelect } from './role-select.tsx';

const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'one year' },
  { value: '', label: 'until revoked' },
];
const dayMs = 86_400_000;

export interface NewTokenProps {
  onClose: () => void;
  onMade: (made: { name: string; token: string }) => void;
}

export function NewToken({ onClose, onMade }: NewTokenProps) {
  const { tenantId, tenantName, mayEverywhere } = useWho();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('365');
  const [reach, setReach] = useState(tenantId);
  const create = useAction('api-tokens.create');
  const problem = create.error?.problem;
  const reaches = [{ value: tenantId, label: tenantName }, ...(mayEverywhere('admin') ? [{ value: '', label: 'all tenants' }] : [])];
  return (
    <Form
      action="Make the token"
      work={create}
      fields={['name', 'role', 'tenantId', 'expiresAt']}
      onCancel={onClose}
      onSubmit={() => {
        const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString();
        const body = { name: name.trim(), role, tenantId: reach === '' ? null : reach, expiresAt };
        create.mutate({ body }, { onSuccess: (made) => onMade(made) });
      }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          placeholder="What uses it: Nightly export"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          ref={firstFocus}
          required
        />
        <RoleSelect label="Role" value={role} onChange={(chosen) => chosen && setRole(chosen)} error={faultOf(problem, 'role')} />
        <Select
          label="In"
          data={reaches}
          value={reach}
          onChange={(chosen) => chosen !== null && setReach(chosen)}
          error={faultOf(problem, 'tenantId')}
          allowDeselect={false}
        />
        <Select
          label="Good for"
          data={lifetimes}
          value={days}
          onChange={(chosen) => chosen !== null && setDays(chosen)}
          error={faultOf(problem, 'expiresAt')}
          allowDeselect={false}
        />
      </SimpleGrid>
    </Form>
  );
}
