import { Box, Center, Loader, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { RecordItem } from './filters.ts';
import type { FlowName } from './flow-names.ts';
import { RecordRow, rowHeight } from './record-row.tsx';

export interface RecordListProps {
  records: readonly RecordItem[];
  /** What tells this list from another one: where it was left is kept by it. */
  listId: string;
  selected: ReadonlySet<string>;
  nameOf: (record: RecordItem) => FlowName;
  onToggle: (recordId: string) => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  onMore: () => void;
}

/** Where each list was left: whoever comes back from a record finds it as it was. */
const places = new Map<string, { offset: number; active: number }>();
const beforeEnd = 15;

/** Only the rows in sight are in the page. j and k go down and up, Enter opens, x selects. */
export function RecordList({ records, listId, selected, nameOf, onToggle, hasMore, isLoadingMore, onMore }: RecordListProps) {
  const [, go] = useLocation();
  const viewport = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => places.get(listId)?.active ?? -1);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialOffset: () => places.get(listId)?.offset ?? 0,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown >= records.length - beforeEnd) onMore();
  }, [hasMore, isLoadingMore, lastShown, records.length, onMore]);

  function move(by: number): void {
    const next = Math.min(records.length - 1, Math.max(0, active + by));
    setActive(next);
    rows.scrollToIndex(next, { align: 'auto' });
    remember(next);
  }

  function remember(index = active): void {
    places.set(listId, { offset: viewport.current?.scrollTop ?? 0, active: index });
  }

  const current = records[active];
  useHotkeys(
    [
      ['j', () => !isElsewhere() && move(1)],
      ['k', () => !isElsewhere() && move(-1)],
      ['x', () => !isElsewhere() && current && onToggle(current.id)],
      // On a link or a button it is that one's key.
      ['Enter', () => !isElsewhere('a, button') && current && go(`/records/${current.id}`), { preventDefault: false }],
    ],
    [],
  );

  return (
    <Box
      component="section"
      ref={viewport}
      className="records-viewport"
      onScroll={() => remember()}
      tabIndex={0}
      aria-label="Records found"
    >
      <ul className="records-rows" style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const record = records[index];
          if (!record) return null;
          return (
            <RecordRow
              key={record.id}
              record={record}
              flow={nameOf(record)}
              top={start}
              place={{ index, total: hasMore ? -1 : records.length }}
              isActive={index === active}
              isSelected={selected.has(record.id)}
              onToggle={() => {
                setActive(index);
                onToggle(record.id);
              }}
              onOpen={() => remember(index)}
            />
          );
        })}
      </ul>
      {isLoadingMore && (
        <Center component="output" display="flex" p="xs" aria-label="Loading more">
          <Loader size="xs" />
        </Center>
      )}
      {!hasMore && records.length > 20 && (
        <Text size="xs" c="dimmed" ta="center" p="xs">
          That was the last one.
        </Text>
      )}
    </Box>
  );
}

/** Whether the keys belong to something else now: a field, a menu, a dialog. */
function isElsewhere(also = ''): boolean {
  const places = ['input:not([type=checkbox])', 'textarea', 'select', '[role=menu]', '[role=dialog]', also].filter(Boolean).join(', ');
  return document.activeElement?.closest(places) !== null || document.querySelector('[role=dialog]') !== null;
}
