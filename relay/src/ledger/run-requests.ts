import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import { newId, type Db, type RunRequestRow, type Store } from '../store/index.ts';
import { addEvent } from './events.ts';
import type { FlowRef } from './intake.ts';
import type { RunMode } from './runs.ts';

/** A run that a person wants now. */
export interface RunRequest {
  flow: FlowRef;
  mode: Exclude<RunMode, 'replay'>;
  /** Business days, both included; with mode `backfill`. */
  range?: { first: string; last: string };
  /** `user:…`, `token:…`. */
  actor: string;
}

/**
 * `interrupted`: its run was cut off, and the flow goes on by itself from its cursor. A backfill has no cursor: it waits again, and begins
 * anew.
 */
export type RunRequestState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'interrupted' | 'cancelled';

/**
 * Asks for a run; it begins as soon as the flow is free, in the order of the requests. Answers the request, which can be followed to its
 * run; one for the same that has not begun yet stands for both.
 */
export async function requestRun(store: Store, clock: Clock, { flow, mode, range, actor }: RunRequest): Promise<RunRequestRow> {
  const now = clock.now();
  const request: RunRequestRow = {
    id: newId('runRequest', now),
    tenant_id: flow.tenantId,
    integration_id: flow.integrationId,
    flow_id: flow.flowId,
    mode,
    range_json: range ? JSON.stringify({ first: range.first, last: range.last }) : null,
    actor,
    state: 'waiting',
    run_id: null,
    failures: 0,
    not_before: now,
    requested_at: now,
    ended_at: null,
  };
  const standing = await store.transaction(
    async (transaction) => {
      const waiting = await transaction
        .selectFrom('run_request')
        .selectAll()
        .where('integration_id', '=', flow.integrationId)
        .where('flow_id', '=', flow.flowId)
        .where('mode', '=', mode)
        .where('state', '=', 'waiting')
        .orderBy('id')
        .execute();
      const same = waiting.find(({ range_json: days }) => days === request.range_json);
      if (!same) await transaction.insertInto('run_request').values(request).execute();
      return same ?? request;
    },
    { alone: true },
  );
  store.notify({ about: 'work', tenantId: flow.tenantId });
  return standing;
}

/** Requests that no run has taken up, oldest first: of one flow, or of all. */
export function waitingRequests(store: Store, flow?: FlowRef): Promise<RunRequestRow[]> {
  let query = store.db.selectFrom('run_request').selectAll().where('ended_at', 'is', null).where('state', '=', 'waiting');
  if (flow) query = query.where('integration_id', '=', flow.integrationId).where('flow_id', '=', flow.flowId);
  return query.orderBy('id').execute();
}

/** A person takes a request back. Answers false when a run took it up before; that run can be cancelled. */
export function cancelRequest(
  store: Store,
  clock: Clock,
  { tenantId, requestId, actor }: { tenantId: string; requestId: string; actor: string },
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const at = clock.now();
    const { numUpdatedRows } = await transaction
      .updateTable('run_request')
      .set({ state: 'cancelled', ended_at: at })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', requestId)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await addEvent(transaction, { subjectId: requestId, tenantId, at, actor, kind: 'cancelled', data: null });
    return true;
  });
}

/** How a run's end leaves the request that it took up. */
export interface RequestEnd {
  state: Exclude<RunRequestState, 'running'>;
  failures: number;
  /** When the next run may take it up; with state `waiting`. */
  notBefore: number;
}

export async function endRequest(transaction: Kysely<Db>, run: { id: string; endedAt: number }, end: RequestEnd): Promise<void> {
  await transaction
    .updateTable('run_request')
    .set({
      state: end.state,
      failures: end.failures,
      not_before: end.notBefore,
      ended_at: end.state === 'waiting' ? null : run.endedAt,
    })
    .where('run_id', '=', run.id)
    .where('state', '=', 'running')
    .execute();
}

/** After a start: what the end of the relay means for the request that a run had taken up. */
export function interruptRequest(transaction: Kysely<Db>, run: { id: string; mode: string }, now: number): Promise<void> {
  return endRequest(transaction, { id: run.id, endedAt: now }, interruptedRequest(run.mode, now));
}

export function interruptedRequest(mode: string, now: number): RequestEnd {
  return { state: mode === 'backfill' ? 'waiting' : 'interrupted', failures: 0, notBefore: now };
}
