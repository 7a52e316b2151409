import { Button, Group, Select, TextInput } from '@mantine/core';
import type { Entry } from './calendar-words.ts';

export interface EntryTexts {
  key: string;
  kind: Entry['kind'];
  /** Days and times as the clocks of the calendar's zone show them. */
  from: string;
  to: string;
  note: string;
}

const kinds = [
  { value: 'freeze', label: 'nothing is posted' },
  { value: 'closed', label: 'documents of these days wait' },
];

export interface EntryRowProps {
  entry: EntryTexts;
  onChange: (entry: EntryTexts) => void;
  onRemove: () => void;
}

/** One time of a calendar: until when nothing is posted, to the minute; or closed days, to the day. */
export function EntryRow({ entry, onChange, onRemove }: EntryRowProps) {
  const isFreeze = entry.kind === 'freeze';
  const type = isFreeze ? 'datetime-local' : 'date';
  // A day alone is meant whole.
  const shown = (text: string, time: string) => (isFreeze ? (text.length === 10 ? `${text}T${time}` : text) : text.slice(0, 10));
  return (
    <Group align="flex-end" gap="xs">
      <Select
        label="What"
        data={kinds}
        value={entry.kind}
        onChange={(kind) => kind !== null && onChange({ ...entry, kind: kind as Entry['kind'] })}
        allowDeselect={false}
        w={250}
      />
      <TextInput
        label="From"
        type={type}
        value={shown(entry.from, '00:00')}
        onChange={(event) => onChange({ ...entry, from: event.currentTarget.value })}
        required
      />
      <TextInput
        label="To"
        type={type}
        value={shown(entry.to, '23:59')}
        onChange={(event) => onChange({ ...entry, to: event.currentTarget.value })}
        required
      />
      <TextInput
        label="Note"
        value={entry.note}
        onChange={(event) => onChange({ ...entry, note: event.currentTarget.value })}
        maxLength={200}
      />
      <Button variant="subtle" color="red" onClick={onRemove}>
        Remove
      </Button>
    </Group>
  );
}
