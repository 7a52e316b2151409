import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { FlowHealth, Integration, IntegrationFlow } from '../../api/index.ts';
import { Signal, StateBadge, Time, WideTable } from '../../shell/index.ts';
import { stateOfFlow } from './flow-state.ts';

interface FlowRowsProps {
  integration: Integration;
  health: readonly FlowHealth[] | undefined;
  /** Shown below the table. */
  chosen?: string | undefined;
}

/** Flows of an integration: state, last run, next run, and what of them is not through. */
export function FlowRows({ integration, health, chosen }: FlowRowsProps) {
  if (integration.flows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No flow is switched on.
      </Text>
    );
  return (
    <WideTable minWidth={640} about="Flows">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Flow</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Last run</Table.Th>
          <Table.Th>Next run</Table.Th>
          <Table.Th>Not through</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {integration.flows.map((flow) => (
          <FlowRow
            key={flow.flowId}
            integrationId={integration.id}
            flow={flow}
            isChosen={flow.flowId === chosen}
            health={health?.find((one) => one.integrationId === integration.id && one.flowId === flow.flowId)}
          />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

interface FlowRowProps {
  integrationId: string;
  flow: IntegrationFlow;
  health: FlowHealth | undefined;
  isChosen: boolean;
}

function FlowRow({ integrationId, flow, health, isChosen }: FlowRowProps) {
  const { light, words } = stateOfFlow(flow, health);
  const stands = !flow.enabled || flow.paused;
  return (
    <Table.Tr {...(isChosen && { bg: 'var(--mantine-color-default-hover)' })}>
      <Table.Td>
        <Anchor
          component={Link}
          href={`/integrations/${integrationId}?flow=${flow.flowId}`}
          size="sm"
          {...(isChosen && { fw: 600, 'aria-current': 'true' })}
        >
          {flow.title}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Signal light={light}>{words}</Signal>
      </Table.Td>
      <Table.Td>{health?.lastRun ? <LastRun run={health.lastRun} /> : 'never'}</Table.Td>
      <Table.Td>{stands || flow.nextRunAt === null ? '–' : <NextRun at={flow.nextRunAt} />}</Table.Td>
      <Table.Td>
        <Unsettled integrationId={integrationId} flowId={flow.flowId} health={health} />
      </Table.Td>
    </Table.Tr>
  );
}

function NextRun({ at }: { at: string }) {
  return isPast(at) ? 'due' : <Time at={at} ago />;
}

function isPast(at: string): boolean {
  return Date.parse(at) < Date.now();
}

function LastRun({ run }: { run: NonNullable<FlowHealth['lastRun']> }) {
  return (
    <Group gap="2px 6px" style={{ whiteSpace: 'nowrap' }}>
      <StateBadge state={run.state} />
      <Time at={run.endedAt ?? run.startedAt} ago />
    </Group>
  );
}

/** Counts of what is not through, each leading to those records. */
export function Unsettled({ integrationId, flowId, health }: { integrationId: string; flowId: string; health: FlowHealth | undefined }) {
  const counts = Object.entries(health?.unsettled ?? {}).filter(([, count]) => count > 0);
  if (counts.length === 0)
    return (
      <Text span size="sm" c="dimmed">
        none
      </Text>
    );
  return (
    <Group gap={8}>
      {counts.map(([state, count]) => (
        <Anchor
          key={state}
          component={Link}
          href={`/records?${new URLSearchParams({ state, integrationId, flowId }).toString()}`}
          size="sm"
          aria-label={`${count} ${state}`}
        >
          {count.toLocaleString()} <StateBadge state={state} />
        </Anchor>
      ))}
    </Group>
  );
}
