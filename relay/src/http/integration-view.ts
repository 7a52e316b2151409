import { z } from 'zod';
import { scheduleOf } from '../engine/index.ts';
import type { IntegrationFlowRow, IntegrationRow } from '../store/index.ts';
import { id, isoTime, isoTimeOrNull, time, timeOrNull } from './ids.ts';
import type { Services } from './services.ts';

const settings = z.record(z.string(), z.unknown());

const integrationFlow = z
  .object({
    flowId: z.string(),
    title: z.string(),
    enabled: z.boolean(),
    paused: z.boolean(),
    settings,
    everySeconds: z.number(),
    sweepEverySeconds: z.number().nullable(),
    nextRunAt: timeOrNull,
    nextSweepAt: timeOrNull,
    requestedMode: z.string().nullable().describe('A run that was asked for and has not begun'),
    failures: z.int().describe('Runs that failed in a row'),
  })
  .meta({ id: 'IntegrationFlow' });

/** An integration with its flows, as the API answers it. */
export const integration = z
  .object({
    id: id('integration'),
    name: z.string(),
    sourceConnectionId: id('connection'),
    targetConnectionId: id('connection'),
    flows: z.array(integrationFlow),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: 'Integration' });

export async function showIntegration(services: Services, row: IntegrationRow): Promise<z.input<typeof integration>> {
  return {
    id: row.id,
    name: row.name,
    sourceConnectionId: row.source_connection_id,
    targetConnectionId: row.target_connection_id,
    flows: (await flowRows(services, row.id)).map((flow) => showFlow(services, flow)),
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}

function showFlow({ flows }: Services, row: IntegrationFlowRow): z.input<typeof integrationFlow> {
  const flow = flows.find((one) => one.id === row.flow_id);
  const { everyMs, sweepEveryMs } = flow ? scheduleOf(flow, row) : { everyMs: 0 };
  return {
    flowId: row.flow_id,
    title: flow?.title ?? 'This build has no such flow',
    enabled: row.enabled === 1,
    paused: row.paused === 1,
    settings: JSON.parse(row.settings_json) as Record<string, unknown>,
    everySeconds: everyMs / 1000,
    sweepEverySeconds: sweepEveryMs === undefined ? null : sweepEveryMs / 1000,
    nextRunAt: isoTimeOrNull(row.next_run_at),
    nextSweepAt: isoTimeOrNull(row.next_sweep_at),
    requestedMode: row.requested_mode,
    failures: row.failures,
  };
}

export function flowRows({ store }: Services, integrationId: string): Promise<IntegrationFlowRow[]> {
  return store.db.selectFrom('integration_flow').selectAll().where('integration_id', '=', integrationId).orderBy('flow_id').execute();
}
