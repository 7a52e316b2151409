import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useWho } from '../../shell/index.ts';
import { AgentLine } from './agent-line.tsx';
import { EnrolButton } from './enrol-button.tsx';
import { RenameSite } from './rename-site.tsx';
import type { SiteWithAgents } from './tunnels-page.tsx';

/** Sites, one below the other; only those in view are drawn. */
export function SiteList({ sites }: { sites: SiteWithAgents[] }) {
  const list = useRef<HTMLDivElement>(null);
  const rows = useWindowVirtualizer({
    count: sites.length,
    estimateSize: (place) => 76 + 64 * Math.max(1, sites[place]?.agents.length ?? 1),
    getItemKey: (place) => sites[place]?.site.id ?? place,
    scrollMargin: list.current?.offsetTop ?? 0,
    overscan: 6,
  });
  return (
    <div ref={list} style={{ position: 'relative', height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((row) => {
        const one = sites[row.index];
        return (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            style={{
              position: 'absolute',
              top: 0,
              insetInline: 0,
              paddingBottom: 16,
              transform: `translateY(${row.start - rows.options.scrollMargin}px)`,
            }}
          >
            {one && <SiteCard {...one} />}
          </div>
        );
      })}
    </div>
  );
}

function SiteCard({ site, agents }: SiteWithAgents) {
  const { may } = useWho();
  return (
    <Paper withBorder p="md" component="section" aria-label={site.name}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2}>{site.name}</Title>
          {may('admin') && (
            <Group gap="xs">
              <RenameSite site={site} />
              <EnrolButton sites={[site]} isSmall />
            </Group>
          )}
        </Group>
        {agents.length === 0 && (
          <Text size="sm" c="dimmed">
            No agent is enrolled here.
          </Text>
        )}
        {agents.map((agent) => (
          <AgentLine key={agent.id} agent={agent} />
        ))}
      </Stack>
    </Paper>
  );
}
