import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { useAction, type ValueMap } from '../../api/index.ts';
import { FormProblem, Section, useWho } from '../../shell/index.ts';
import { CodeField } from './code-field.tsx';
import { EntryRow } from './entry-row.tsx';
import type { MissingEntriesProps } from './missing-entries.tsx';
import { counted } from './words.ts';

const rowHeight = 48;

/** The entries; only those in sight are in the page. */
export function EntriesTable({ map, path, onReleased }: MissingEntriesProps) {
  const { may } = useWho();
  const [words, setWords] = useState('');
  const [editing, setEditing] = useState<string>();
  const viewport = useRef<HTMLElement>(null);
  const shown = found(map.entries, words);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => shown[index]?.from ?? index,
    overscan: 6,
  });
  const search = map.entries.length > 0 && (
    <TextInput
      size="xs"
      placeholder="Find a code or name"
      aria-label="Find an entry"
      value={words}
      onChange={(event) => setWords(event.currentTarget.value)}
    />
  );
  return (
    <Section title="Entries" lead={leadOf(map.entries.length, shown.length)} actions={search}>
      {may('operator') && <NewEntry map={map} path={path} onReleased={onReleased} />}
      {shown.length > 0 && (
        <Box component="section" className="entries-viewport" ref={viewport} tabIndex={0} aria-label="All entries">
          <ul className="entries-rows" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start, key }) => {
              const entry = shown[index];
              if (!entry) return null;
              return (
                <li
                  key={key}
                  className="entries-row"
                  style={{ top: start, height: rowHeight }}
                  aria-setsize={shown.length}
                  aria-posinset={index + 1}
                >
                  <EntryRow
                    entry={entry}
                    codes={map.targetCodes}
                    path={path}
                    isEditing={editing === entry.from}
                    onEdit={(isEditing) => setEditing(isEditing ? entry.from : undefined)}
                    onReleased={onReleased}
                  />
                </li>
              );
            })}
          </ul>
        </Box>
      )}
    </Section>
  );
}

function NewEntry({ map, path, onReleased }: MissingEntriesProps) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const put = useAction('value-maps.entries.put');
  const present = map.entries.find((entry) => entry.from === from);
  return (
    <form
      aria-label="New entry"
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate(
          { path, body: { entries: [{ from, to }] } },
          {
            onSuccess(done) {
              setFrom('');
              setTo('');
              onReleased(done);
            },
          },
        );
      }}
    >
      <Group gap="sm" align="flex-start">
        <TextInput
          size="xs"
          flex="1 1 10rem"
          placeholder={map.from}
          aria-label={`New entry: ${map.from}`}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <div style={{ flex: '1 1 10rem' }}>
          <CodeField value={to} onChange={setTo} codes={map.targetCodes} label={`New entry: ${map.to}`} placeholder={map.to} />
        </div>
        <Button type="submit" size="xs" variant="light" loading={put.isPending} disabled={from.trim() === '' || to.trim() === ''}>
          {present ? 'Replace' : 'Add'}
        </Button>
      </Group>
      {present && (
        <Text size="xs" c="dimmed">
          {from} stands for {present.to} so far.
        </Text>
      )}
      <FormProblem problem={put.error?.problem} />
    </form>
  );
}

function leadOf(all: number, shown: number): string {
  if (all === 0) return 'None yet: set those that are missing, or paste them from a spreadsheet.';
  return shown === all ? `${counted(all, 'code')} with an entry.` : `${shown.toLocaleString()} of ${counted(all, 'code')}.`;
}

function found(entries: ValueMap['entries'], words: string): ValueMap['entries'] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return entries;
  return entries.filter(({ from, fromName, to, toName }) => `${from} ${fromName} ${to} ${toName}`.toLowerCase().includes(wanted));
}
