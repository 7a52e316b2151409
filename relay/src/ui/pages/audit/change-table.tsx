import { Box, Group, Text, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { AuditEvent } from '../../api/index.ts';
import { CopyText, Time } from '../../shell/index.ts';
import { detailsOf } from './change-words.ts';

export interface ChangeTableProps {
  changes: readonly AuditEvent[];
  /** To show only what this one did. */
  onActor: (actor: string) => void;
}

/** Newest first; only the lines in view are drawn. */
export function ChangeTable({ changes, onActor }: ChangeTableProps) {
  const view = useRef<HTMLDivElement>(null);
  const lines = useVirtualizer({ count: changes.length, getScrollElement: () => view.current, estimateSize: () => 68, overscan: 12 });
  return (
    <Box ref={view} mah="65vh" style={{ overflow: 'auto' }} component="section" tabIndex={0} aria-label="Changes">
      <Box component="ul" m={0} p={0} h={lines.getTotalSize()} pos="relative" style={{ listStyle: 'none' }}>
        {lines.getVirtualItems().map(({ index, key, start }) => {
          const change = changes[index];
          return (
            change && (
              <Box
                component="li"
                key={key}
                data-index={index}
                ref={lines.measureElement}
                pos="absolute"
                top={0}
                left={0}
                w="100%"
                style={{ transform: `translateY(${start}px)` }}
              >
                <ChangeLine change={change} onActor={onActor} />
              </Box>
            )
          );
        })}
      </Box>
    </Box>
  );
}

function ChangeLine({
  change: { seq, at, actor, actorName, kind, data, hash },
  onActor,
}: { change: AuditEvent } & Pick<ChangeTableProps, 'onActor'>) {
  const details = detailsOf(data);
  const isRefused = details.some(([name, value]) => name === 'outcome' && value === 'failed');
  return (
    <Box py="xs" px={4} style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
      <Group gap="sm" justify="space-between" wrap="nowrap" align="flex-start">
        <Box miw={0}>
          <Group gap="xs">
            <UnstyledButton fz="sm" fw={600} onClick={() => onActor(actor)} title={`Only what ${actor} did`}>
              {actorName ?? actor}
            </UnstyledButton>
            <Text size="sm" ff="monospace" {...(isRefused ? { c: 'red' } : {})}>
              {kind}
            </Text>
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {details.map(([name, value]) => `${name}: ${value}`).join(' · ')}
          </Text>
        </Box>
        <Box ta="right" style={{ flexShrink: 0 }}>
          <Text size="sm">
            <Time at={at} />
          </Text>
          <Text size="xs" c="dimmed">
            {seq} <CopyText text={hash} label={hash.slice(0, 8)} />
          </Text>
        </Box>
      </Group>
    </Box>
  );
}
