import { Stack, Tabs } from '@mantine/core';
import { useLocation, useParams } from 'wouter';
import { PageHead, useWho } from '../../shell/index.ts';
import { AlertList } from './alert-list.tsx';
import { Rules } from './rules.tsx';
import { Telling } from './telling.tsx';

const titles = { open: 'Open', past: 'All there were', rules: 'Rules', times: 'Quiet hours' } as const;
type Tab = keyof typeof titles;

/** What is wrong now, what was, and what is alerted about. */
export function AlertsPage() {
  const { tenantName } = useWho();
  const { tab } = useParams<{ tab?: string }>();
  const [, go] = useLocation();
  const open: Tab = tab !== undefined && tab in titles ? (tab as Tab) : 'open';
  return (
    <Stack>
      <PageHead title="Alerts" lead={tenantName} />
      <Tabs value={open} onChange={(id) => go(id === 'open' || id === null ? '/alerts' : `/alerts/${id}`)} keepMounted={false}>
        <Tabs.List>
          {Object.entries(titles).map(([id, title]) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="open" pt="md">
          <AlertList state="open" />
        </Tabs.Panel>
        <Tabs.Panel value="past" pt="md">
          <AlertList state="all" />
        </Tabs.Panel>
        <Tabs.Panel value="rules" pt="md">
          <Rules />
        </Tabs.Panel>
        <Tabs.Panel value="times" pt="md">
          <Telling />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
