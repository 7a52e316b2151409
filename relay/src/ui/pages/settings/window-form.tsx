import { NumberInput, SegmentedControl, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Blackouts } from '../../api/index.ts';
import { Form } from '../../shell/index.ts';

export type Window = Blackouts['windows'][number]['window'];

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export interface WindowFormProps {
  path: { tenantId: string; connectionId: string };
  present: readonly Window[];
  onClose: () => void;
}

/** One window more: once from then to then, or again and again by a cron pattern. */
export function WindowForm({ path, present, onClose }: WindowFormProps) {
  const [kind, setKind] = useState<'once' | 'again'>('once');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [cron, setCron] = useState('0 22 * * 1-5');
  const [forMinutes, setForMinutes] = useState(60);
  const [timeZone, setTimeZone] = useState(ownZone);
  const [note, setNote] = useState('');
  const put = useAction('connections.blackouts.put');
  const submit = () => {
    const words = note.trim() === '' ? {} : { note: note.trim() };
    const window: Window = kind === 'once' ? { from, to, timeZone, ...words } : { cron: cron.trim(), forMinutes, timeZone, ...words };
    put.mutate({ path, body: { windows: [...present, window] } }, { onSuccess: onClose });
  };
  return (
    <Form action="Add" work={put} onCancel={onClose} onSubmit={submit}>
      <SegmentedControl
        data={[
          { value: 'once', label: 'Once' },
          { value: 'again', label: 'Again and again' },
        ]}
        value={kind}
        onChange={(chosen) => setKind(chosen)}
        aria-label="How often"
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {kind === 'once' ? (
          <>
            <TextInput label="From" type="datetime-local" value={from} onChange={(event) => setFrom(event.currentTarget.value)} required />
            <TextInput label="To" type="datetime-local" value={to} onChange={(event) => setTo(event.currentTarget.value)} required />
          </>
        ) : (
          <>
            <TextInput
              label="Begins"
              description="Cron: minute, hour, day of month, month, weekday"
              value={cron}
              onChange={(event) => setCron(event.currentTarget.value)}
              ff="monospace"
              required
            />
            <NumberInput
              label="Lasts"
              description="At most a week"
              suffix=" minutes"
              value={forMinutes}
              onChange={(minutes) => setForMinutes(Number(minutes))}
              min={1}
              max={10_080}
              allowDecimal={false}
              required
            />
          </>
        )}
        <Select
          label="Time zone"
          data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
          value={timeZone}
          onChange={(zone) => zone !== null && setTimeZone(zone)}
          allowDeselect={false}
          searchable
          limit={100}
        />
        <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={200} />
      </SimpleGrid>
    </Form>
  );
}
