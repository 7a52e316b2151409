import { ActionIcon, Button, Group, Menu, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { useWho } from '../../shell/index.ts';
import { isFiltered, queryOf, type Filters } from './filters.ts';

interface Saved {
  name: string;
  filters: Filters;
}

const alwaysThere: Saved[] = [
  { name: 'Needs a person', filters: { states: ['blocked', 'uncertain'] } },
  { name: 'Will be tried again', filters: { states: ['failed', 'waiting'] } },
];

/** Filters with a name, kept in this browser for the tenant. */
export function SavedFilters({ filters, onChoose }: { filters: Filters; onChoose: (filters: Filters) => void }) {
  const { tenantId } = useWho();
  const [saved, setSaved] = useLocalStorage<Saved[]>({ key: `ml-relay.filters.${tenantId}`, defaultValue: [] });
  const [name, setName] = useState('');
  const same = (one: Saved): boolean => JSON.stringify(queryOf(one.filters)) === JSON.stringify(queryOf(filters));
  const all = [...alwaysThere, ...saved];
  return (
    <Menu closeOnItemClick width={280} position="bottom-end">
      <Menu.Target>
        <Button variant="default">{all.find(same)?.name ?? 'Saved filters'} ▾</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {alwaysThere.map((one) => (
          <Menu.Item key={one.name} onClick={() => onChoose(one.filters)}>
            {one.name}
          </Menu.Item>
        ))}
        {saved.length > 0 && <Menu.Divider />}
        {saved.map((one) => (
          <Group key={one.name} gap={0} wrap="nowrap">
            <Menu.Item onClick={() => onChoose(one.filters)}>{one.name}</Menu.Item>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Forget ${one.name}`}
              onClick={() => setSaved(saved.filter((other) => other !== one))}
            >
              ✕
            </ActionIcon>
          </Group>
        ))}
        {isFiltered(filters) && !all.some(same) && (
          <>
            <Menu.Divider />
            <form
              onSubmit={(event) => {
                event.preventDefault();
                const wanted = name.trim();
                if (wanted === '') return;
                setSaved([...saved.filter((one) => one.name !== wanted), { name: wanted, filters }]);
                setName('');
              }}
            >
              <Group gap="xs" p="xs" wrap="nowrap">
                <TextInput
                  size="xs"
                  placeholder="Name of these filters"
                  aria-label="Name of these filters"
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                  onKeyDown={(event) => event.stopPropagation()}
                  maxLength={60}
                />
                <Button size="xs" type="submit">
                  Save
                </Button>
              </Group>
            </form>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
