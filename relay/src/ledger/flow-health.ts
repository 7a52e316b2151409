import { sql } from 'kysely';
import type { RunRow, Store } from '../store/index.ts';
import type { RecordState } from './states.ts';

export type SettledState = Extract<RecordState, 'succeeded' | 'skipped' | 'blocked'>;
export const unsettledStates = ['pending', 'posting', 'uncertain', 'failed', 'waiting', 'blocked'] as const satisfies RecordState[];

const hourMs = 3_600_000;

/**
 * How many records came to rest in each of the last hours (UTC, `at` its beginning), oldest first, by the state in which they still are. Reads the
 * index `record_settled` alone, whose condition has to stand in the query word for word; hour by hour, as that needs no sorting.
 */
export async function settledPerHour(
  { db }: Store,
  { tenantId, now, hours }: { tenantId: string; now: number; hours: number },
): Promise<({ at: number } & Record<SettledState, number>)[]> {
  const last = now - (now % hourMs);
  const counted = (state: SettledState) => sql<number | string>`count(*) filter (where state = ${sql.lit(state)})`;
  return Promise.all(
    Array.from({ length: hours }, async (_all, place) => {
      const at = last - (hours - 1 - place) * hourMs;
      const { succeeded, skipped, blocked } = await db
        .selectFrom('record')
        .select([counted('succeeded').as('succeeded'), counted('skipped').as('skipped'), counted('blocked').as('blocked')])
        .where('tenant_id', '=', tenantId)
        .where('changed_at', '>=', at)
        .where('changed_at', '<', at + hourMs)
        .where(sql<boolean>`state in ('succeeded', 'skipped', 'blocked')`)
        .executeTakeFirstOrThrow();
      return { at, succeeded: Number(succeeded), skipped: Number(skipped), blocked: Number(blocked) };
    }),
  );
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
  const counts = await unsettledCounts({ db }, tenantId);
  return Promise.all(
    flows.map(async ({ integration_id: integrationId, flow_id: flowId }) => ({
      integrationId,
      flowId,
      unsettled: {
        ...(await pendingOf({ db }, { integrationId, flowId })),
        ...Object.fromEntries(
          counts
            .filter((one) => one.integration_id === integrationId && one.flow_id === flowId)
            .map(({ state, records }) => [state, Number(records)]),
        ),
      },
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

/** What stands still is counted in its own index; what is being posted is never much. */
async function unsettledCounts({ db }: Pick<Store, 'db'>, tenantId: string) {
  const perFlow = db
    .selectFrom('record')
    .select(({ fn }) => ['integration_id', 'flow_id', 'state', fn.countAll<number | string>().as('records')])
    .where('tenant_id', '=', tenantId)
    .groupBy(['integration_id', 'flow_id', 'state']);
  const standing = await perFlow.where(sql<boolean>`state in ('blocked', 'failed', 'uncertain', 'waiting')`).execute();
  return [...standing, ...(await perFlow.where('state', '=', 'posting').execute())];
}

async function pendingOf(
  { db }: Pick<Store, 'db'>,
  { integrationId, flowId }: { integrationId: string; flowId: string },
): Promise<{ pending?: number }> {
  const { records } = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<number | string>().as('records'))
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where(sql<boolean>`state = 'pending'`)
    .executeTakeFirstOrThrow();
  return Number(records) === 0 ? {} : { pending: Number(records) };
}
