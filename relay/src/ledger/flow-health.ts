import { sql } from 'kysely';
import type { RunRow, Store } from '../store/index.ts';
import type { RecordState } from './states.ts';

export const settledStates = ['succeeded', 'skipped', 'blocked'] as const satisfies RecordState[];
export type SettledState = (typeof settledStates)[number];
export const unsettledStates = ['pending', 'posting', 'uncertain', 'failed', 'waiting', 'blocked'] as const satisfies RecordState[];

const hourMs = 3_600_000;

/**
 * How many records came to rest in each hour (UTC, `at` its beginning) since a moment, by the state in which they still are. Hours without any are left
 * out. Reads the index `record_settled` alone, whose condition has to stand in the query word for word.
 */
export async function settledPerHour(
  { db }: Store,
  { tenantId, since }: { tenantId: string; since: number },
): Promise<{ at: number; state: SettledState; records: number }[]> {
  const hour = sql<number | string>`changed_at / ${sql.lit(hourMs)}`;
  const rows = await db
    .selectFrom('record')
    .select(({ fn }) => ['state', hour.as('hour'), fn.countAll<number | string>().as('records')])
    .where('tenant_id', '=', tenantId)
    .where('changed_at', '>=', since)
    .where(sql<boolean>`state in ('succeeded', 'skipped', 'blocked')`)
    .groupBy(['state', hour])
    .execute();
  return rows.map(({ state, hour: at, records }) => ({ at: Number(at) * hourMs, state: state as SettledState, records: Number(records) }));
}

export interface FlowHealth {
  integrationId: string;
  flowId: string;
  /** Records that are not through, by state; states without any are left out. */
  unsettled: Partial<Record<RecordState, number>>;
  newestRun: RunRow | undefined;
}

/** Each flow of a tenant: what of it is not through, and its newest run. */
export async function healthOfFlows({ db }: Store, tenantId: string): Promise<FlowHealth[]> {
  const flows = await db
    .selectFrom('integration_flow')
    .select(['integration_id', 'flow_id'])
    .where('tenant_id', '=', tenantId)
    .orderBy('integration_id')
    .orderBy('flow_id')
    .execute();
  const counts = await db
    .selectFrom('record')
    .select(({ fn }) => ['integration_id', 'flow_id', 'state', fn.countAll<number | string>().as('records')])
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', unsettledStates)
    .groupBy(['integration_id', 'flow_id', 'state'])
    .execute();
  return Promise.all(
    flows.map(async ({ integration_id: integrationId, flow_id: flowId }) => ({
      integrationId,
      flowId,
      unsettled: Object.fromEntries(
        counts
          .filter((one) => one.integration_id === integrationId && one.flow_id === flowId)
          .map(({ state, records }) => [state, Number(records)]),
      ),
      newestRun: await db
        .selectFrom('run')
        .selectAll()
        .where('integration_id', '=', integrationId)
        .where('flow_id', '=', flowId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),
    })),
  );
}
