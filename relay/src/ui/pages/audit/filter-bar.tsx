import { Button, Group, Select, TextInput } from '@mantine/core';
import { areas } from './change-words.ts';

export interface Filter {
  /** Beginning of the kind of change: `connections`. */
  area: string;
  actor: string;
  /** Days in the viewer's own time, both included. */
  first: string;
  last: string;
}

export const noFilter: Filter = { area: '', actor: '', first: '', last: '' };

export function queryOf({ area, actor, first, last }: Filter): { kind?: string; actor?: string; since?: string; until?: string } {
  return {
    ...(area === '' ? {} : { kind: area }),
    ...(actor === '' ? {} : { actor }),
    ...(first === '' ? {} : { since: midnight(first, 0) }),
    ...(last === '' ? {} : { until: midnight(last, 1) }),
  };
}

function midnight(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

export interface FilterBarProps {
  of: 'tenant' | 'relay';
  filter: Filter;
  onChange: (filter: Filter) => void;
}

export function FilterBar({ of, filter, onChange }: FilterBarProps) {
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="About"
        data={areas[of].map(([value, label]) => ({ value, label }))}
        value={filter.area}
        onChange={(area) => onChange({ ...filter, area: area ?? '' })}
        allowDeselect={false}
        searchable
        w={220}
      />
      <TextInput
        label="From"
        type="date"
        value={filter.first}
        max={filter.last}
        onChange={(event) => onChange({ ...filter, first: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="date"
        value={filter.last}
        min={filter.first}
        onChange={(event) => onChange({ ...filter, last: event.currentTarget.value })}
      />
      {filter.actor !== '' && (
        <Button variant="light" onClick={() => onChange({ ...filter, actor: '' })} rightSection={<span aria-hidden>×</span>}>
          Only {filter.actor}
        </Button>
      )}
    </Group>
  );
}
