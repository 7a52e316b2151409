import { AppShell, Burger, Group, Kbd, NavLink, Select, Text, TextInput } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { LiveMark } from './live-mark.tsx';
import { navigation } from './navigation.ts';
import { PersonMenu } from './person-menu.tsx';
import { useWho } from './who.tsx';

/** Navigation, search and tenant around every page. `/` searches, g and a letter go to a page. */
export function Frame({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [location, go] = useLocation();
  const { may } = useWho();
  const places = navigation.filter(({ role = 'viewer' }) => may(role));
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => search.current?.focus()], ...places.map(({ key, to }): [string, () => void] => [`alt+${key}`, () => go(to)])]);
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
          <Text fw={700} visibleFrom="sm">
            ml-relay
          </Text>
          <SearchBox inputRef={search} />
          <Group ml="auto" gap="sm" wrap="nowrap">
            <LiveMark />
            <TenantChoice />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages">
        {places.map(({ title, to, key }) => (
          <NavLink
            key={to}
            component={Link}
            href={to}
            label={title}
            active={location.startsWith(to)}
            onClick={close}
            rightSection={
              <Kbd size="xs" visibleFrom="sm" aria-hidden>
                alt {key}
              </Kbd>
            }
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>{children}</AppShell.Main>
    </AppShell>
  );
}

function SearchBox({ inputRef }: { inputRef: React.RefObject<HTMLInputElement | null> }) {
  const [, go] = useLocation();
  const [words, setWords] = useState('');
  return (
    <search style={{ flex: 1, maxWidth: 560 }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== '') go(`/records?q=${encodeURIComponent(words.trim())}`);
        }}
      >
        <TextInput
          ref={inputRef}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder="Any id of either side, or a name"
          aria-label="Search records"
          rightSection={<Kbd size="xs">/</Kbd>}
        />
      </form>
    </search>
  );
}

function TenantChoice() {
  const { tenantId, tenants, chooseTenant } = useWho();
  if (tenants.length < 2) return null;
  return (
    <Select
      data={tenants.map(({ id, name }) => ({ value: id, label: name }))}
      value={tenantId}
      onChange={(id) => id !== null && chooseTenant(id)}
      allowDeselect={false}
      searchable
      w={220}
      aria-label="Tenant"
    />
  );
}
