import { Group, Kbd, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useCallback, useState } from 'react';
import { ReplayProgress } from '../../replay/index.ts';
import { Empty, Loading, ProblemView } from '../../shell/index.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Causes } from './causes.tsx';
import { FilterBar } from './filter-bar.tsx';
import { isFiltered, useFilters } from './filters.ts';
import { useFlowNames } from './flow-names.ts';
import { RecordList } from './record-list.tsx';
import { useCounts, useRecords } from './use-records.ts';

/** Every record of the tenant: found by any id of either side, narrowed, replayed, decided on. */
export function RecordsPage() {
  const { filters, setFilters, params, setParams } = useFilters();
  const { flows, nameOf } = useFlowNames();
  const { counts, isComplete } = useCounts(filters);
  const isByCause = params.get('view') === 'causes';

  function setParam(name: string, value: string | null): void {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  }

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>Records</Title>
        <SegmentedControl
          size="xs"
          value={isByCause ? 'causes' : 'list'}
          onChange={(view) => setParam('view', view === 'causes' ? 'causes' : null)}
          data={[
            { value: 'list', label: 'List' },
            { value: 'causes', label: 'Stuck, by cause' },
          ]}
          aria-label="View"
        />
      </Group>
      <ReplayProgress started={params.get('replay')} onDismiss={() => setParam('replay', null)} />
      <FilterBar filters={filters} flows={flows} counts={counts} isByCause={isByCause} onChange={setFilters} />
      {isByCause ? (
        <Causes
          filters={filters}
          nameOf={nameOf}
          onStarted={(replayId) => setParam('replay', replayId)}
          onShow={(next) => {
            setParam('view', null);
            setFilters(next);
          }}
        />
      ) : (
        <FoundRecords counts={counts} isComplete={isComplete} nameOf={nameOf} onStarted={(replayId) => setParam('replay', replayId)} />
      )}
    </Stack>
  );
}

type FoundProps = ReturnType<typeof useCounts> &
  Pick<ReturnType<typeof useFlowNames>, 'nameOf'> & { onStarted: (replayId: string) => void };

function FoundRecords({ counts, isComplete, nameOf, onStarted }: FoundProps) {
  const { filters } = useFilters();
  const listId = JSON.stringify(filters);
  const found = useRecords(filters);
  const { fetchNextPage } = found;
  const showMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const [selection, setSelection] = useState({ listId, ids: new Set<string>() });
  // Of another filter: what is no longer in sight is not acted on.
  const selected = selection.listId === listId ? selection.ids : new Set<string>();
  const toggle = (id: string): void => setSelection({ listId, ids: selected.has(id) ? without(selected, id) : new Set([...selected, id]) });
  if (found.error && !found.data) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return <Loading />;
  return (
    <>
      {found.error && <ProblemView problem={found.error.problem} />}
      <BulkBar
        filters={filters}
        counts={counts}
        isComplete={isComplete}
        selected={selected}
        onClear={() => setSelection({ listId, ids: new Set() })}
        onChanged={() => void found.refetch()}
        onStarted={onStarted}
      />
      {found.data.length === 0 ? (
        <NothingFound isFiltered={isFiltered(filters)} />
      ) : (
        <RecordList
          key={listId}
          listId={listId}
          records={found.data}
          selected={selected}
          nameOf={nameOf}
          onToggle={toggle}
          hasMore={found.hasNextPage}
          isLoadingMore={found.isFetchingNextPage}
          onMore={showMore}
        />
      )}
      <Text size="xs" c="dimmed" visibleFrom="sm">
        <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> down and up · <Kbd size="xs">Enter</Kbd> open · <Kbd size="xs">x</Kbd> select
      </Text>
    </>
  );
}

function NothingFound({ isFiltered: isNarrowed }: { isFiltered: boolean }) {
  if (!isNarrowed) return <Empty title="No records yet">They appear when a flow has read something for the first time.</Empty>;
  return (
    <Empty title="Nothing matches">
      Any id is found, on either side, with or without its leading zeros; a part of a name too. Fewer filters find more.
    </Empty>
  );
}

function without(ids: ReadonlySet<string>, id: string): Set<string> {
  return new Set([...ids].filter((one) => one !== id));
}
