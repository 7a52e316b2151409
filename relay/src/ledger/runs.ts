import type { Clock, WireError } from '@ml-connector/shared';
import { newId, type RunRow, type Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';
import { endRequest, type RequestEnd } from './run-requests.ts';
import type { RecordState } from './states.ts';

/** `events`: the keys that webhooks named. */
export type RunMode = 'changes' | 'sweep' | 'full' | 'backfill' | 'events' | 'replay';
export type RunTrigger = 'schedule' | 'manual' | 'webhook' | 'replay';
/** `interrupted`: the relay stopped or the flow was paused; goes on from the cursor. */
export type RunState = 'running' | 'succeeded' | 'failed' | 'interrupted';

export interface NewRun {
  flow: FlowRef;
  mode: RunMode;
  trigger: RunTrigger;
  /** What a person asked for, and this run takes up. */
  request?: { id: string; range_json: string | null } | undefined;
  /** Who reads. */
  nodeId?: string | undefined;
}

/** The row of a run that starts now. */
export function newRun(clock: Clock, { flow, mode, trigger, request, nodeId }: NewRun): RunRow {
  const now = clock.now();
  return {
    id: newId('run', now),
    tenant_id: flow.tenantId,
    integration_id: flow.integrationId,
    flow_id: flow.flowId,
    mode,
    trigger,
    state: 'running',
    read_count: 0,
    new_count: 0,
    unchanged_count: 0,
    superseded_count: 0,
    progress: '',
    error_json: null,
    started_at: now,
    ended_at: null,
    range_json: request?.range_json ?? null,
    node_id: nodeId ?? null,
  };
}

/** Starts a run and takes up the request for it. A `full` run forgets the cursor in the same transaction. */
export async function startRun(store: Store, clock: Clock, run: NewRun): Promise<RunRow> {
  const row = newRun(clock, run);
  await store.transaction(async (transaction) => {
    await transaction.insertInto('run').values(row).execute();
    const flow = transaction
      .updateTable('integration_flow')
      .where('integration_id', '=', run.flow.integrationId)
      .where('flow_id', '=', run.flow.flowId);
    if (run.mode === 'full') await flow.set({ cursor_json: null }).execute();
    if (!run.request) return;
    await transaction
      .updateTable('run_request')
      .set({ state: 'running', run_id: row.id })
      .where('id', '=', run.request.id)
      .where('state', '=', 'waiting')
      .execute();
  });
  store.notify({ about: 'run', tenantId: row.tenant_id, id: row.id });
  return row;
}

export async function reportProgress(store: Store, run: RunRow, progress: string): Promise<void> {
  await store.db.updateTable('run').set({ progress }).where('id', '=', run.id).execute();
  store.notify({ about: 'run', tenantId: run.tenant_id, id: run.id });
}

/** What follows for the flow's schedule. */
export interface RunEnd {
  state: Exclude<RunState, 'running'>;
  error?: WireError;
  endedAt: number;
  /** Left out where the run has nothing to do with the schedule: a backfill. */
  plan?: RunPlan;
  /** What becomes of the request that the run took up, if any. */
  request: RequestEnd;
}

export interface RunPlan {
  nextRunAt: number;
  /** null: no sweep is planned; left out: it stays as it is. */
  nextSweepAt?: number | null;
  /** Failed runs in a row, this one included. */
  failures: number;
}

/** Ends a run and plans the next one, in one transaction. */
export async function endRun(store: Store, run: RunRow, end: RunEnd): Promise<void> {
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('run')
      .set({ state: end.state, error_json: end.error ? JSON.stringify(end.error) : null, ended_at: end.endedAt })
      .where('id', '=', run.id)
      .execute();
    await endRequest(transaction, { id: run.id, endedAt: end.endedAt }, end.request);
    if (!end.plan) return;
    const { nextRunAt, nextSweepAt, failures } = end.plan;
    await transaction
      .updateTable('integration_flow')
      .set({ next_run_at: nextRunAt, failures, ...(nextSweepAt === undefined ? {} : { next_sweep_at: nextSweepAt }) })
      .where('integration_id', '=', run.integration_id)
      .where('flow_id', '=', run.flow_id)
      .execute();
  });
  store.notify({ about: 'run', tenantId: run.tenant_id, id: run.id });
}

/** Runs of a tenant, newest first; `before` is the last id of the page before. */
export function listRuns(
  store: Store,
  {
    tenantId,
    integrationId,
    flowId,
    before,
    limit = 50,
  }: { tenantId: string; integrationId?: string; flowId?: string; before?: string; limit?: number },
): Promise<RunRow[]> {
  let query = store.db.selectFrom('run').selectAll().where('tenant_id', '=', tenantId);
  if (integrationId) query = query.where('integration_id', '=', integrationId);
  if (flowId) query = query.where('flow_id', '=', flowId);
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** What became of the records a run brought. */
export async function outcomesOfRun(store: Store, runId: string): Promise<Partial<Record<RecordState, number>>> {
  const rows = await store.db
    .selectFrom('record')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .where('run_id', '=', runId)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}
