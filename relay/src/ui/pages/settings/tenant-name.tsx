import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Tenant } from '../../api/index.ts';
import { firstFocus, Form } from '../../shell/index.ts';

/** The name, and a way to change it. */
export function TenantName({ tenant }: { tenant: Tenant }) {
  const [name, setName] = useState<string>();
  const rename = useAction('tenants.rename');
  if (name === undefined)
    return (
      <Group gap="xs">
        <Text size="sm">{tenant.name}</Text>
        <Button size="compact-xs" variant="subtle" aria-label={`Rename ${tenant.name}`} onClick={() => setName(tenant.name)}>
          Rename
        </Button>
      </Group>
    );
  return (
    <Form
      action="Rename"
      work={rename}
      onCancel={() => setName(undefined)}
      onSubmit={() =>
        rename.mutate({ path: { tenantId: tenant.id }, body: { name: name.trim() } }, { onSuccess: () => setName(undefined) })
      }
    >
      <TextInput
        aria-label="Name"
        size="xs"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        ref={firstFocus}
        required
      />
    </Form>
  );
}
