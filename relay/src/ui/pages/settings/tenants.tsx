import { Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages } from '../../api/index.ts';
import { CopyText, faultOf, Form, Loading, MoreButton, ProblemView, Section, Time } from '../../shell/index.ts';
import { TenantName } from './tenant-name.tsx';

/** Customers of the relay; each sees nothing of the others. */
export function Tenants() {
  const tenants = usePages('tenants.list', { query: { limit: 100 } });
  const [name, setName] = useState('');
  const create = useAction('tenants.create');
  const { items, error } = tenants;
  return (
    <Section title="Tenants" lead="A tenant is a customer of this relay: sites, connections, records and people belong to one.">
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Id</Table.Th>
                <Table.Th>Since</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((tenant) => (
                <Table.Tr key={tenant.id}>
                  <Table.Td>
                    <TenantName tenant={tenant} />
                  </Table.Td>
                  <Table.Td>
                    <CopyText text={tenant.id} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={tenant.createdAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton pages={tenants} />
      <Form
        action="Make a tenant"
        work={create}
        done="Made"
        fields={['name']}
        onSubmit={() => create.mutate({ body: { name: name.trim() } }, { onSuccess: () => setName('') })}
      >
        <TextInput
          label="Name of a new tenant"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(create.error?.problem, 'name')}
          maw={400}
          required
        />
      </Form>
    </Section>
  );
}
