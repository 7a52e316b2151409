import { Button, Chip, Group, Pill, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/index.ts';
import { useWho } from '../../shell/index.ts';
import { allStates, isFiltered, type Filters, type RecordState } from './filters.ts';
import type { FlowName } from './flow-names.ts';
import { SavedFilters } from './saved-filters.tsx';

export interface FilterBarProps {
  filters: Filters;
  flows: FlowName[];
  counts: Partial<Record<RecordState, number>>;
  /** Causes are narrowed by flow and code only. */
  isByCause: boolean;
  onChange: (filters: Filters, options?: { replace?: boolean }) => void;
}

export function FilterBar({ filters, flows, counts, isByCause, onChange }: FilterBarProps) {
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        {!isByCause && <SearchField filters={filters} onChange={onChange} />}
        <FlowChoice filters={filters} flows={flows} onChange={onChange} />
        <CauseChoice filters={filters} onChange={onChange} />
        {!isByCause && <SavedFilters filters={filters} onChoose={onChange} />}
      </Group>
      {!isByCause && <States filters={filters} counts={counts} onChange={onChange} />}
    </Stack>
  );
}

type PartProps = Pick<FilterBarProps, 'filters' | 'onChange'>;

function States({ filters, counts, onChange }: PartProps & Pick<FilterBarProps, 'counts'>) {
  return (
    <Group gap="xs">
      <Chip.Group multiple value={filters.states} onChange={(states) => onChange({ ...filters, states })}>
        {allStates.map((state) => (
          <Chip key={state} value={state} size="xs" variant="outline">
            {state} {counts[state]?.toLocaleString() ?? 0}
          </Chip>
        ))}
      </Chip.Group>
      {filters.runId && (
        <Pill
          withRemoveButton
          onRemove={() => onChange(without(filters, 'runId'))}
          removeButtonProps={{ 'aria-label': 'Records of all runs' }}
        >
          {filters.runId}
        </Pill>
      )}
      {isFiltered(filters) && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({ states: [] })}>
          Clear all
        </Button>
      )}
    </Group>
  );
}

const typingMs = 250;

function SearchField({ filters, onChange }: PartProps) {
  const [words, setWords] = useState(filters.q ?? '');
  const sent = useRef(filters.q ?? '');
  const send = useDebouncedCallback((q: string) => {
    sent.current = q;
    onChange({ ...without(filters, 'q'), ...(q === '' ? {} : { q }) }, { replace: true });
  }, typingMs);
  // The address changes by other hands too: the search of the frame, a saved filter, the way back.
  useEffect(() => {
    if ((filters.q ?? '') === sent.current) return;
    sent.current = filters.q ?? '';
    setWords(filters.q ?? '');
  }, [filters.q]);
  return (
    <TextInput
      value={words}
      onChange={(event) => {
        setWords(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
      placeholder="Any id of either side, or a name"
      aria-label="Any id of either side, or a name"
      maxLength={200}
      style={{ flex: '1 1 240px' }}
    />
  );
}

function FlowChoice({ filters, flows, onChange }: PartProps & { flows: FlowName[] }) {
  const integrations = [...new Map(flows.map(({ integrationId, integration }) => [integrationId, integration])).entries()];
  const data = integrations.map(([integrationId, integration]) => ({
    group: integration,
    items: [
      { value: integrationId, label: `${integration}: all flows` },
      ...flows
        .filter((flow) => flow.integrationId === integrationId)
        .map(({ flowId, title }) => ({ value: `${integrationId} ${flowId}`, label: title })),
    ],
  }));
  const value = [filters.integrationId, filters.flowId].filter(Boolean).join(' ');
  function choose(chosen: string | null): void {
    const [integrationId, flowId] = chosen?.split(' ') ?? [];
    onChange({
      ...without(without(filters, 'integrationId'), 'flowId'),
      ...(integrationId ? { integrationId } : {}),
      ...(flowId ? { flowId } : {}),
    });
  }
  return (
    <Select
      data={data}
      value={value === '' ? null : value}
      onChange={choose}
      placeholder="All flows"
      aria-label="Flow"
      clearable
      searchable
      style={{ flex: '1 1 160px', maxWidth: 260 }}
    />
  );
}

function CauseChoice({ filters, onChange }: PartProps) {
  const { tenantId } = useWho();
  const { integrationId, flowId, reason } = filters;
  const query = { ...(integrationId ? { integrationId } : {}), ...(flowId ? { flowId } : {}) };
  const { data } = useApi('records.causes', { path: { tenantId }, query });
  const records = new Map<string, number>(reason ? [[reason, 0]] : []);
  for (const cause of data?.items ?? []) records.set(cause.code, (records.get(cause.code) ?? 0) + cause.records);
  return (
    <Select
      data={[...records].map(([code, count]) => ({ value: code, label: count > 0 ? `${code} (${count})` : code }))}
      value={reason ?? null}
      onChange={(code) => onChange({ ...without(filters, 'reason'), ...(code ? { reason: code } : {}) })}
      placeholder="All causes"
      aria-label="Cause"
      clearable
      searchable
      style={{ flex: '1 1 160px', maxWidth: 260 }}
    />
  );
}

function without(filters: Filters, name: Exclude<keyof Filters, 'states'>): Filters {
  const { [name]: _gone, ...rest } = filters;
  return rest;
}
