import { z } from 'zod';
import { plannedTimes, scheduleOf, storedSchedule, timingWords } from '../engine/index.ts';
import { waitingRequests } from '../ledger/index.ts';
import type { CloseCalendarRow, IntegrationFlowRow, IntegrationRow } from '../store/index.ts';
import { connectionHolds, showHold, showPosting, type FlowHold } from './posting-view.ts';
import { id, isoTime, isoTimeOrNull, time, timeOrNull } from './ids.ts';
import type { Services } from './services.ts';

const settings = z.record(z.string(), z.unknown());

const hold = z.object({
  code: z.string(),
  message: z.string(),
  until: timeOrNull.describe('null: until a person acts'),
});

const integrationFlow = z
  .object({
    flowId: z.string(),
    title: z.string(),
    enabled: z.boolean(),
    paused: z.boolean(),
    settings,
    everySeconds: z.number().nullable().describe('null: by cron pattern'),
    cron: z.string().nullable(),
    sweepEverySeconds: z.number().nullable(),
    sweepCron: z.string().nullable(),
    timeZone: z.string().nullable().describe('Of the patterns'),
    scheduleWords: z.string().describe('For people: at 22:00 from Monday to Friday (Europe/Berlin)'),
    sweepWords: z.string().nullable(),
    nextRunAt: timeOrNull,
    nextSweepAt: timeOrNull,
    nextRuns: z.array(time).describe('The next regular runs, as far as they can be told; none while it stands still'),
    requestedMode: z.string().nullable().describe('A run that was asked for and has not begun'),
    failures: z.int().describe('Runs that failed in a row'),
    posting: z.object({
      cron: z.string().nullable(),
      timeZone: z.string().nullable(),
      forMinutes: z.int().nullable(),
      maxAgeDays: z.int().nullable(),
      words: z.string().describe('For people: at once'),
      isHeld: z.boolean().describe('Whether a record that is read now has to wait'),
      heldUntil: timeOrNull.describe('When everything may go again; null: not held, or until a person acts'),
      holds: z.array(hold).describe('Why records wait, or those that were read after the last time of posting'),
      postNowAt: timeOrNull.describe('What was read up to then may go whatever the holds are'),
      waiting: z.record(z.string(), z.int()).describe('Records that wait, by the code of the reason'),
    }),
    source: z.object({ isHeld: z.boolean(), holds: z.array(hold) }).describe('Why nothing is read'),
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
  const holds = await connectionHolds(services, row);
  const calendars = await services.store.db.selectFrom('close_calendar').selectAll().where('tenant_id', '=', row.tenant_id).execute();
  const flows = await flowRows(services, row.id);
  return {
    id: row.id,
    name: row.name,
    sourceConnectionId: row.source_connection_id,
    targetConnectionId: row.target_connection_id,
    flows: await Promise.all(flows.map((flow) => showFlow(services, { row: flow, calendars, ...holds }))),
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}

interface ShownFlow {
  row: IntegrationFlowRow;
  calendars: CloseCalendarRow[];
  sourceHolds: FlowHold[];
  targetHolds: FlowHold[];
}

async function showFlow(
  services: Services,
  { row, calendars, sourceHolds, targetHolds }: ShownFlow,
): Promise<z.input<typeof integrationFlow>> {
  const { flows, clock } = services;
  const flow = flows.find((one) => one.id === row.flow_id);
  const schedule = scheduleOf(flow ?? { schedule: { everyMs: 0 } }, row);
  const { changes, sweep } = schedule;
  const { cron, sweepCron, timeZone } = storedSchedule(row);
  const now = clock.now();
  const runs = row.enabled === 1 && row.paused === 0 && flow ? plannedTimes(changes, { next: row.next_run_at, now, count: 5 }) : [];
  const [request] = await waitingRequests(services.store, {
    tenantId: row.tenant_id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
  });
  return {
    flowId: row.flow_id,
    title: flow?.title ?? 'This build has no such flow',
    enabled: row.enabled === 1,
    paused: row.paused === 1,
    settings: JSON.parse(row.settings_json) as Record<string, unknown>,
    everySeconds: 'everyMs' in changes ? changes.everyMs / 1000 : null,
    cron: cron ?? null,
    sweepEverySeconds: sweep && 'everyMs' in sweep ? sweep.everyMs / 1000 : null,
    sweepCron: sweepCron ?? null,
    timeZone: cron === undefined && sweepCron === undefined ? null : (timeZone ?? 'UTC'),
    scheduleWords: timingWords(changes),
    sweepWords: sweep ? timingWords(sweep) : null,
    nextRunAt: isoTimeOrNull(row.next_run_at),
    nextSweepAt: isoTimeOrNull(row.next_sweep_at),
    nextRuns: runs.map(isoTime),
    requestedMode: request?.mode ?? null,
    failures: row.failures,
    posting: await showPosting(services, { row, calendars, targetHolds }),
    source: { isHeld: sourceHolds.length > 0, holds: sourceHolds.map(showHold) },
  };
}

export function flowRows({ store }: Services, integrationId: string): Promise<IntegrationFlowRow[]> {
  return store.db.selectFrom('integration_flow').selectAll().where('integration_id', '=', integrationId).orderBy('flow_id').execute();
}
