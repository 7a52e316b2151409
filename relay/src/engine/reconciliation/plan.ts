import type { Clock } from '@ml-connector/shared';
import { z } from 'zod';
import type { DayRange } from '../../flows/index.ts';
import { reconciliationPlans, saveReconciliationPlan, type FlowRef } from '../../ledger/index.ts';
import type { ReconciliationPlanRow, Store } from '../../store/index.ts';
import { regularAfter, type Timing } from '../extraction/index.ts';
import { dayAt, isTimeZone } from '../timing/index.ts';

/** When a flow is compared by itself, and how far back. */
export const reconciliationSettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether it is compared by itself'),
  hour: z.int().min(0).max(23).default(2).describe('Once a day at this hour of the time zone; without meaning where everyHours is given'),
  everyHours: z.int().min(1).max(168).nullable().default(null).describe('Every so many hours instead'),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, { error: 'is not a time zone; give a name such as Europe/Berlin or UTC' })
    .default('UTC')
    .describe('Time zone of the hour and of the months'),
  months: z.int().min(1).max(12).default(2).describe('Calendar months to compare, the present one included'),
});
export type ReconciliationSettings = z.output<typeof reconciliationSettings>;

export function planSettings(row: Pick<ReconciliationPlanRow, 'settings_json'> | undefined): ReconciliationSettings {
  return reconciliationSettings.parse(row ? JSON.parse(row.settings_json) : {});
}

/** The months to compare, up to today. */
export function plannedRange({ months, timeZone }: Pick<ReconciliationSettings, 'months' | 'timeZone'>, now: number): DayRange {
  const today = dayAt(now, timeZone);
  const [year, month] = today.split('-').map(Number) as [number, number];
  const first = new Date(Date.UTC(year, month - months, 1)).toISOString().slice(0, 10);
  return { first, last: today };
}

export function nextReconciliation({ hour, everyHours, timeZone }: ReconciliationSettings, now: number): number {
  const timing: Timing = everyHours === null ? { cron: `0 ${hour} * * *`, timeZone } : { everyMs: everyHours * 3_600_000 };
  return regularAfter(timing, { startedAt: now, now });
}

/** The flow's plan; a flow that has none yet gets the default one, due at its next regular time. */
export async function ensurePlan(
  store: Store,
  clock: Clock,
  flow: FlowRef,
  known: readonly ReconciliationPlanRow[],
): Promise<ReconciliationPlanRow> {
  const found = known.find((plan) => plan.integration_id === flow.integrationId && plan.flow_id === flow.flowId);
  return found ?? changePlan(store, clock, flow, planSettings(undefined));
}

/** Stores the settings and plans the next comparison by them. */
export async function changePlan(
  store: Store,
  clock: Clock,
  flow: FlowRef,
  settings: ReconciliationSettings,
): Promise<ReconciliationPlanRow> {
  const now = clock.now();
  const plan: ReconciliationPlanRow = {
    integration_id: flow.integrationId,
    flow_id: flow.flowId,
    tenant_id: flow.tenantId,
    settings_json: JSON.stringify(settings),
    next_at: nextReconciliation(settings, now),
    failures: 0,
    changed_at: now,
  };
  await saveReconciliationPlan(store, plan);
  return plan;
}

export async function findPlan(store: Store, flow: FlowRef): Promise<ReconciliationPlanRow | undefined> {
  const plans = await reconciliationPlans(store);
  return plans.find((plan) => plan.integration_id === flow.integrationId && plan.flow_id === flow.flowId);
}
