import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Agent } from '../../api/index.ts';
import { Empty, ProblemView, useWho } from '../../shell/index.ts';
import { LogLevel } from './log-level.tsx';
import { LogLines } from './log-lines.tsx';
import { useLog, type NumberedLine } from './use-log.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The agent's log, live. */
export function AgentLog({ agent }: { agent: Agent }) {
  const { tenantId } = useWho();
  const [search] = useSearchParams();
  const [level, setLevel] = useState('');
  const [system, setSystem] = useState('');
  const [recordId, setRecordId] = useState(search.get('recordId') ?? '');
  const [words, setWords] = useState('');
  const [wantedRecord] = useDebouncedValue(recordId.trim(), 300);
  const filter = { level, system, recordId: /^rec_[0-9a-z]{26}$/.test(wantedRecord) ? wantedRecord : '' };
  const [opened, setOpened] = useState(0);
  const address = `/api/v1/tenants/${tenantId}/agents/${agent.id}/logs?${queryOf(filter)}`;
  const isHalfWritten = wantedRecord !== '' && filter.recordId === '';
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <Select
          label="From level"
          size="xs"
          w={110}
          data={[{ value: '', label: 'all' }, ...levels.map((one) => ({ value: one, label: one }))]}
          value={level}
          onChange={(value) => setLevel(value ?? '')}
          allowDeselect={false}
        />
        <Select
          label="System"
          size="xs"
          w={130}
          data={[{ value: '', label: 'all' }, ...(agent.session?.systems ?? []).map((one) => ({ value: one, label: one }))]}
          value={system}
          onChange={(value) => setSystem(value ?? '')}
          allowDeselect={false}
        />
        <TextInput
          label="Record"
          size="xs"
          w={270}
          placeholder="rec_…"
          value={recordId}
          onChange={(event) => setRecordId(event.currentTarget.value)}
          error={isHalfWritten && 'Not the id of a record'}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <TextInput label="Text" size="xs" w={180} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <LogLevel agent={agent} />
      </Group>
      {agent.session === null ? (
        <Empty title="The agent is not connected">Its log is on {agent.machine}: ml-agent logs -f</Empty>
      ) : (
        <Tail
          key={`${address} ${opened}`}
          address={address}
          words={words}
          fileName={`${agent.name}.log`}
          onReopen={() => setOpened(opened + 1)}
        />
      )}
    </Stack>
  );
}

interface TailProps {
  address: string;
  words: string;
  fileName: string;
  /** Asks anew, after it ended. */
  onReopen: () => void;
}

function Tail({ address, words, fileName, onReopen }: TailProps) {
  const log = useLog(address);
  const shown = matching(log.lines, words);
  return (
    <>
      <Group gap="xs">
        {log.isPaused ? (
          <Button size="xs" onClick={log.resume}>
            {log.held > 0 ? `Follow (${log.held.toLocaleString()} new)` : 'Follow'}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={log.pause} disabled={!log.isOpen}>
            Pause
          </Button>
        )}
        {!log.isOpen && (
          <Button size="xs" onClick={onReopen}>
            Open again
          </Button>
        )}
        <Button size="xs" variant="default" onClick={log.clear} disabled={log.lines.length === 0}>
          Clear
        </Button>
        <Button size="xs" variant="default" onClick={() => download(shown, fileName)} disabled={shown.length === 0}>
          Download
        </Button>
        <Text size="xs" c="dimmed" component="output">
          {shown.length.toLocaleString()} lines{log.isPaused ? ', paused' : log.isOpen ? ', following' : ''}
        </Text>
      </Group>
      {log.problem && <ProblemView problem={log.problem} />}
      <LogLines lines={shown} isFollowing={!log.isPaused} onLookBack={log.pause} />
    </>
  );
}

/** The last lines first, and then what is written. */
function queryOf(filter: { level: string; system: string; recordId: string }): string {
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  return new URLSearchParams([['lines', '500'], ['follow', 'true'], ...given]).toString();
}

function matching(lines: readonly NumberedLine[], words: string): readonly NumberedLine[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return lines;
  return lines.filter(({ line }) => JSON.stringify(line).toLowerCase().includes(wanted));
}

/** Saves what is shown, one JSON object per line. */
function download(lines: readonly NumberedLine[], fileName: string): void {
  const address = URL.createObjectURL(
    new Blob(
      lines.map(({ line }) => `${JSON.stringify(line)}\n`),
      { type: 'application/x-ndjson' },
    ),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
