import { Stack, Tabs } from '@mantine/core';
import { useLocation, useParams } from 'wouter';
import { Empty, PageHead, useWho } from '../../shell/index.ts';
import { Changes } from './changes.tsx';
import { Proof } from './proof.tsx';

/** Who changed what, and whether the trail is as it was written. */
export function AuditPage() {
  const { tenantName, may, mayEverywhere } = useWho();
  const { tab = 'tenant' } = useParams<{ tab?: string }>();
  const [, go] = useLocation();
  if (!may('admin')) return <Empty title="Not for your role">The audit trail is for administrators. Ask one.</Empty>;
  const open = tab === 'proof' || (tab === 'relay' && mayEverywhere('admin')) ? tab : 'tenant';
  return (
    <Stack>
      <PageHead title="Audit" lead={tenantName} />
      <Tabs value={open} onChange={(id) => go(id === 'tenant' || id === null ? '/audit' : `/audit/${id}`)} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="tenant">Changes</Tabs.Tab>
          <Tabs.Tab value="proof">Verification</Tabs.Tab>
          {mayEverywhere('admin') && <Tabs.Tab value="relay">The relay itself</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="tenant" pt="md">
          <Changes of="tenant" />
        </Tabs.Panel>
        <Tabs.Panel value="proof" pt="md">
          <Proof />
        </Tabs.Panel>
        <Tabs.Panel value="relay" pt="md">
          <Changes of="relay" />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
