import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi, type Blackouts as BlackoutsAnswer, type Connection } from '../../api/index.ts';
import { Form, FormProblem, ProblemView, Section, Signal, Time, useWho } from '../../shell/index.ts';

type Window = BlackoutsAnswer['windows'][number]['window'];

/** When a connection is left alone. */
export function Blackouts({ connection }: { connection: Connection }) {
  const { tenantId, may } = useWho();
  const path = { tenantId, connectionId: connection.id };
  const found = useApi('connections.blackouts.get', { path }, { everyMs: 30_000 });
  const put = useAction('connections.blackouts.put');
  const [isAdding, setIsAdding] = useState(false);
  if (found.error) return <ProblemView problem={found.error.problem} />;
  const windows = found.data?.windows ?? [];
  const save = (next: Window[]): void => put.mutate({ path, body: { windows: next } }, { onSuccess: () => setIsAdding(false) });
  const add = may('operator') && !isAdding && (
    <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
      Add a window
    </Button>
  );
  return (
    <Section title="Blackout windows" lead="Nothing is sent to it or read from it: a night batch, a maintenance." actions={add}>
      {found.data?.isDark && (
        <Signal light="warning">
          Left alone now{found.data.until !== null && ', until '}
          {found.data.until !== null && <Time at={found.data.until} />}
        </Signal>
      )}
      {windows.length === 0 && !isAdding && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      {windows.map(({ words, window }) => (
        <Group key={words} justify="space-between" wrap="nowrap">
          <Text size="sm">
            {words}
            {window.note && ` · ${window.note}`}
          </Text>
          {may('operator') && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={`Remove: ${words}`}
              onClick={() => save(windows.filter((one) => one.window !== window).map((one) => one.window))}
            >
              Remove
            </Button>
          )}
        </Group>
      ))}
      {isAdding ? (
        <NewWindow work={put} onAdd={(window) => save([...windows.map((one) => one.window), window])} onCancel={() => setIsAdding(false)} />
      ) : (
        <FormProblem problem={put.error?.problem} />
      )}
    </Section>
  );
}

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function NewWindow({
  work,
  onAdd,
  onCancel,
}: {
  work: Parameters<typeof Form>[0]['work'];
  onAdd: (window: Window) => void;
  onCancel: () => void;
}) {
  const [kind, setKind] = useState<string>('again');
  const [cron, setCron] = useState('0 1 * * *');
  const [forMinutes, setForMinutes] = useState(60);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [timeZone, setTimeZone] = useState(ownZone);
  const [note, setNote] = useState('');
  const noted = { timeZone, ...(note === '' ? {} : { note }) };
  return (
    <Form
      action="Add"
      work={work}
      onCancel={onCancel}
      onSubmit={() => onAdd(kind === 'again' ? { cron, forMinutes, ...noted } : { from, to, ...noted })}
    >
      <Group align="flex-end">
        <Select
          label="When"
          data={[
            { value: 'again', label: 'Again and again' },
            { value: 'once', label: 'Once' },
          ]}
          value={kind}
          onChange={(chosen) => setKind(chosen ?? 'again')}
          allowDeselect={false}
        />
        {kind === 'again' ? (
          <>
            <TextInput label="Begins (cron)" value={cron} onChange={(event) => setCron(event.currentTarget.value)} required />
            <NumberInput label="For minutes" value={forMinutes} onChange={(value) => setForMinutes(Number(value))} min={1} w={120} />
          </>
        ) : (
          <>
            <TextInput label="From" type="datetime-local" value={from} onChange={(event) => setFrom(event.currentTarget.value)} required />
            <TextInput label="To" type="datetime-local" value={to} onChange={(event) => setTo(event.currentTarget.value)} required />
          </>
        )}
        <Select
          label="Time zone"
          data={Intl.supportedValuesOf('timeZone')}
          value={timeZone}
          onChange={(zone) => setTimeZone(zone ?? ownZone)}
          searchable
          limit={30}
        />
      </Group>
      <Stack>
        <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={200} />
      </Stack>
    </Form>
  );
}
