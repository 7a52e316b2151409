import { Button, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi, type CloseCalendar } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';
import { EntryRow, type EntryTexts } from './calendar-entry-row.tsx';
import { entryFrom, spanOf } from './calendar-words.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A new calendar, or all of one that is there. */
export function CalendarForm({ calendar, onClose }: { calendar?: CloseCalendar; onClose: () => void }) {
  const { tenantId } = useWho();
  const integrations = useApi('integrations.list', { path: { tenantId }, query: { limit: 500 } }).data?.items ?? [];
  const flows = useApi('flows.list').data?.items ?? [];
  const [name, setName] = useState(calendar?.name ?? '');
  const [timeZone, setTimeZone] = useState(calendar?.timeZone ?? ownZone);
  const [integrationId, setIntegrationId] = useState(calendar?.integrationId ?? null);
  const [flowIds, setFlowIds] = useState(calendar?.flowIds ?? []);
  const [entries, setEntries] = useState<EntryTexts[]>(() => textsOf(calendar));
  const create = useAction('close-calendars.create');
  const replace = useAction('close-calendars.replace');
  const work = calendar ? replace : create;
  const problem = work.error?.problem;
  const submit = () => {
    const scope = { integrationId, flowIds: flowIds.length === 0 ? null : flowIds };
    const body = { name: name.trim(), timeZone, ...scope, entries: entries.map((entry) => entryFrom(entry)) };
    if (calendar) replace.mutate({ path: { tenantId, calendarId: calendar.id }, body }, { onSuccess: onClose });
    else create.mutate({ path: { tenantId }, body }, { onSuccess: onClose });
  };
  return (
    <Form action={calendar ? 'Save' : 'Add'} work={work} fields={['name', 'timeZone']} onCancel={onClose} onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          placeholder="Year-end"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          required
        />
        <Select
          label="Time zone"
          data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
          value={timeZone}
          onChange={(zone) => zone !== null && setTimeZone(zone)}
          error={faultOf(problem, 'timeZone')}
          allowDeselect={false}
          searchable
          limit={100}
        />
        <Select
          label="Integration"
          placeholder="all integrations"
          data={integrations.map((one) => ({ value: one.id, label: one.name }))}
          value={integrationId}
          onChange={setIntegrationId}
          clearable
        />
        <MultiSelect
          label="Flows"
          placeholder={flowIds.length === 0 ? 'all flows' : ''}
          data={flows.map((one) => ({ value: one.id, label: one.title }))}
          value={flowIds}
          onChange={setFlowIds}
          clearable
        />
      </SimpleGrid>
      <Stack gap="xs">
        {entries.map((entry, index) => (
          <EntryRow
            key={entry.key}
            entry={entry}
            onChange={(changed) => setEntries(entries.with(index, changed))}
            onRemove={() => setEntries(entries.toSpliced(index, 1))}
          />
        ))}
        <Button
          size="xs"
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setEntries([...entries, { key: crypto.randomUUID(), kind: 'freeze', from: '', to: '', note: '' }])}
        >
          Add a time
        </Button>
      </Stack>
    </Form>
  );
}

function textsOf(calendar: CloseCalendar | undefined): EntryTexts[] {
  return (calendar?.entries ?? []).map((entry, index) => {
    const [from, to] = spanOf(entry);
    return { key: String(index), kind: entry.kind, from, to, note: entry.note ?? '' };
  });
}
