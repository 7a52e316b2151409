import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { FlowHealth } from '../../api/index.ts';
import { Fact, Signal, Time } from '../../shell/index.ts';
import type { OneFlow } from './flow-panel.tsx';
import { Unsettled } from './flow-rows.tsx';
import { stateOfFlow } from './flow-state.ts';

/** State, schedule in words, and the next times. */
export function FlowTimes({ integrationId, flow, health }: OneFlow & { health: FlowHealth | undefined }) {
  const { light, words } = stateOfFlow(flow, health);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
      <Fact name="State">
        <Signal light={light}>{words}</Signal>
      </Fact>
      <Fact name="Read">
        {flow.scheduleWords}
        {flow.requestedMode !== null && <Text size="xs">A run was asked for ({flow.requestedMode}) and begins when the flow is free.</Text>}
      </Fact>
      <Fact name="Next runs">
        <NextRuns times={flow.nextRuns} />
      </Fact>
      <Fact name="Sweep">
        {flow.sweepWords ?? 'not by itself'}
        {flow.nextSweepAt !== null && (
          <Text size="xs" c="dimmed">
            next: <Time at={flow.nextSweepAt} />
          </Text>
        )}
      </Fact>
      <Fact name="Posted">{flow.posting.words}</Fact>
      <Fact name="Not through">
        <Unsettled integrationId={integrationId} flowId={flow.flowId} health={health} />
      </Fact>
    </SimpleGrid>
  );
}

function NextRuns({ times }: { times: string[] }) {
  const [next, ...later] = times;
  if (next === undefined) return <>none while it stands still</>;
  return (
    <Stack gap={0}>
      <Time at={next} />
      {later.length > 0 && (
        <Text size="xs" c="dimmed">
          then{' '}
          {later.slice(0, 3).map((at, place) => (
            <span key={at}>
              {place > 0 && ', '}
              <Time at={at} ago />
            </span>
          ))}
        </Text>
      )}
    </Stack>
  );
}
