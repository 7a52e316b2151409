import type { Clock, WireError } from '@ml-connector/shared';
import type { DirtyKeyRow, Sql, Steps, Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** A key becomes due `afterMs` after its last event, and no later than `latestMs` after its first one. */
export interface Debounce {
  afterMs: number;
  latestMs: number;
}

export interface RoutedEvents {
  /** Some flow wants them. */
  routedIds: readonly string[];
  ignoredIds: readonly string[];
  keys: readonly { flow: FlowRef; key: string }[];
  debounce: Debounce;
}

/** Marks events as looked at, and the keys they name as worth reading, in one transaction. Doing it twice costs a read. */
export async function routeWebhookEvents(
  store: Store,
  clock: Clock,
  { routedIds, ignoredIds, keys, debounce }: RoutedEvents,
): Promise<void> {
  const now = clock.now();
  const unique = new Map(keys.map((one) => [`${one.flow.integrationId} ${one.flow.flowId} ${one.key}`, one]));
  // In one order, so that two of these do not wait for each other.
  const inputs = [...unique.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { flow, key }]) => [flow.integrationId, flow.flowId, key, flow.tenantId, now, now + debounce.afterMs]);
  await store.commit(function* (sql) {
    for (const [state, ids] of [
      ['routed', routedIds],
      ['ignored', ignoredIds],
    ] as const)
      if (ids.length > 0)
        yield* sql.run(`update webhook_event set state = ?, handled_at = ? where state = 'new' and id in ?*`, state, now, ids);
    yield* sql.insertEach(
      `insert into dirty_key (integration_id, flow_id, key, tenant_id, generation, first_at, due_at, failures) values (?, ?, ?, ?, 1, ?, ?, 0)
       on conflict (integration_id, flow_id, key) do update set generation = dirty_key.generation + 1,
         due_at = case when dirty_key.due_at >= excluded.due_at then dirty_key.due_at
           when excluded.due_at < dirty_key.first_at + ${debounce.latestMs} then excluded.due_at
           when dirty_key.due_at > dirty_key.first_at + ${debounce.latestMs} then dirty_key.due_at
           else dirty_key.first_at + ${debounce.latestMs} end`,
      inputs,
    );
  });
}

/** No key may wait longer: one that is due later was planned by a clock that was ahead, and is read. */
export const longestKeyWaitMs = 30 * 60_000;

/** Flows with keys that are due, as `integration flow`. */
export async function flowsWithDueKeys(store: Store, now: number): Promise<Set<string>> {
  const rows = await store.db
    .selectFrom('dirty_key')
    .select(['integration_id', 'flow_id'])
    .distinct()
    .where((key) => key.or([key('due_at', '<=', now), key('due_at', '>', now + longestKeyWaitMs)]))
    .execute();
  return new Set(rows.map((row) => `${row.integration_id} ${row.flow_id}`));
}

/** Keys of a flow whose turn it is; those that never failed first, then the oldest. */
export function dueKeys(store: Store, { integrationId, flowId }: FlowRef, now: number, limit: number): Promise<DirtyKeyRow[]> {
  return store.db
    .selectFrom('dirty_key')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where((key) => key.or([key('due_at', '<=', now), key('due_at', '>', now + longestKeyWaitMs)]))
    .orderBy('failures')
    .orderBy('due_at')
    .orderBy('key')
    .limit(limit)
    .execute();
}

/** A run and the keys it reads. */
export interface TakenKeys {
  flow: FlowRef;
  runId: string;
  keys: readonly string[];
}

/** Notes which events of these keys the run reads for: all there are now. */
export async function takeKeys(store: Store, { flow, runId, keys }: TakenKeys): Promise<void> {
  await store.commit(function* (sql) {
    yield* sql.run(
      'update dirty_key set taken = generation, run_id = ? where integration_id = ? and flow_id = ? and key in ?*',
      runId,
      flow.integrationId,
      flow.flowId,
      keys,
    );
  });
}

/** In the transaction that stores what was read: these keys are done, but for those with an event since, which are due once more. */
export function* settleKeys(sql: Sql, clock: Clock, { flow, runId, keys }: TakenKeys, debounce: Debounce): Steps<void> {
  if (keys.length === 0) return;
  const of = [flow.integrationId, flow.flowId, runId, keys] as const;
  yield* sql.run(
    'delete from dirty_key where integration_id = ? and flow_id = ? and run_id = ? and key in ?* and generation = taken',
    ...of,
  );
  const now = clock.now();
  yield* sql.run(
    `update dirty_key set first_at = ?, due_at = ?, failures = 0, error_json = null, run_id = null
     where integration_id = ? and flow_id = ? and run_id = ? and key in ?*`,
    now,
    now + debounce.afterMs,
    ...of,
  );
}

export interface PutBack extends TakenKeys {
  dueAt: number;
  /** Left out where it was not the key's fault. */
  error?: WireError;
}

/** Keys that a run took and could not read wait until then. */
export async function putBackKeys(store: Store, { flow, runId, keys, dueAt, error }: PutBack): Promise<void> {
  if (keys.length === 0) return;
  await store.commit(function* (sql) {
    yield* sql.run(
      `update dirty_key set due_at = ?, failures = failures + ?, error_json = coalesce(?, error_json), run_id = null
       where integration_id = ? and flow_id = ? and run_id = ? and key in ?*`,
      dueAt,
      error ? 1 : 0,
      error ? JSON.stringify(error) : null,
      flow.integrationId,
      flow.flowId,
      runId,
      keys,
    );
  });
}
