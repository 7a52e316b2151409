import { Stack, Tabs } from '@mantine/core';
import type { ComponentType } from 'react';
import { Redirect, useLocation, useParams } from 'wouter';
import { Empty, PageHead, useWho, type Who } from '../../shell/index.ts';
import { Accounts } from './accounts.tsx';
import { Blackouts } from './blackouts.tsx';
import { Calendars } from './calendars.tsx';
import { Channels } from './channels.tsx';
import { Members } from './members.tsx';
import { Retention } from './retention.tsx';
import { Tenants } from './tenants.tsx';
import { Tokens } from './tokens.tsx';

interface Tab {
  id: string;
  title: string;
  Panel: ComponentType;
  isFor: (who: Who) => boolean;
}

const tabs: readonly Tab[] = [
  { id: 'people', title: 'People', Panel: Members, isFor: ({ may }) => may('admin') },
  { id: 'tokens', title: 'API tokens', Panel: Tokens, isFor: ({ may }) => may('admin') },
  { id: 'channels', title: 'Alert channels', Panel: Channels, isFor: () => true },
  { id: 'retention', title: 'Retention', Panel: Retention, isFor: () => true },
  { id: 'calendars', title: 'Close calendars', Panel: Calendars, isFor: () => true },
  { id: 'blackouts', title: 'Blackouts', Panel: Blackouts, isFor: () => true },
  { id: 'accounts', title: 'All accounts', Panel: Accounts, isFor: ({ mayEverywhere }) => mayEverywhere('admin') },
  { id: 'tenants', title: 'Tenants', Panel: Tenants, isFor: ({ mayEverywhere }) => mayEverywhere('admin') },
];

/** Tabs by the role of who is signed in; each has its own address. */
export function SettingsPage() {
  const who = useWho();
  const { tab } = useParams<{ tab?: string }>();
  const [, go] = useLocation();
  const shown = tabs.filter(({ isFor }) => isFor(who));
  if (tab === undefined) return <Redirect to={`/settings/${shown[0]?.id ?? ''}`} replace />;
  const open = tabs.find(({ id }) => id === tab);
  const Panel = open?.isFor(who) ? open.Panel : undefined;
  return (
    <Stack>
      <PageHead title="Settings" lead={who.tenantName} />
      <Tabs value={tab} onChange={(id) => id !== null && go(`/settings/${id}`)} keepMounted={false}>
        <Tabs.List>
          {shown.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ id }) => (
          <Tabs.Panel key={id} value={id} pt="md">
            {id === tab && Panel && <Panel />}
          </Tabs.Panel>
        ))}
      </Tabs>
      {!Panel && (
        <Empty title={open ? 'Not for your role' : 'There is no such page'}>
          {open ? `${open.title} is for administrators. Ask one.` : 'Choose one above.'}
        </Empty>
      )}
    </Stack>
  );
}
