import type { Clock, WireError } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import {
  newId,
  type Db,
  type ReconciliationDifferenceRow,
  type ReconciliationPlanRow,
  type ReconciliationRow,
  type ReconciliationSliceRow,
  type Store,
} from '../store/index.ts';
import { addEvent } from './events.ts';
import type { FlowRef } from './intake.ts';

/** `waiting` also after a start that the relay's end cut off. */
export type ReconciliationState = 'waiting' | 'running' | 'succeeded' | 'failed';

export interface NewReconciliation {
  flow: FlowRef;
  /** Business days, both included. */
  range: { first: string; last: string };
  trigger: 'schedule' | 'manual';
  actor: string;
}

/** One group of a comparison, with its differences. */
export interface SliceResult {
  name: string;
  source: SideResult;
  ledger: SideResult;
  target: SideResult;
  differences: readonly DifferenceResult[];
}

interface SideResult {
  count: number;
  sum: string;
}

interface DifferenceResult {
  key: string;
  code: string;
  message: string;
  recordId?: string;
}

/** Differences kept of one slice: who has more looks for one cause, not for each document. */
const keptDifferences = 1000;

/** Asks for a comparison. Answers the flow's open one instead when there is one, as two at once would only read everything twice. */
export async function requestReconciliation(
  store: Store,
  clock: Clock,
  { flow, range, trigger, actor }: NewReconciliation,
): Promise<{ row: ReconciliationRow; isNew: boolean }> {
  const now = clock.now();
  const row: ReconciliationRow = {
    id: newId('reconciliation', now),
    tenant_id: flow.tenantId,
    integration_id: flow.integrationId,
    flow_id: flow.flowId,
    first_day: range.first,
    last_day: range.last,
    trigger,
    actor,
    state: 'waiting',
    attempts: 0,
    progress: '',
    slice_count: 0,
    difference_count: 0,
    error_json: null,
    requested_at: now,
    started_at: null,
    ended_at: null,
  };
  const { numInsertedOrUpdatedRows = 0n } = await store.db
    .insertInto('reconciliation')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  store.notify({ about: 'work', tenantId: flow.tenantId });
  if (numInsertedOrUpdatedRows > 0n) return { row, isNew: true };
  const open = await openReconciliations(store, flow);
  return { row: open[0] ?? row, isNew: false };
}

/** Comparisons that have not ended: of one flow, or of all. */
export function openReconciliations(store: Store, flow?: FlowRef): Promise<ReconciliationRow[]> {
  let query = store.db.selectFrom('reconciliation').selectAll().where('ended_at', 'is', null);
  if (flow) query = query.where('integration_id', '=', flow.integrationId).where('flow_id', '=', flow.flowId);
  return query.orderBy('id').execute();
}

/**
 * Takes up a comparison that has not ended, also one that another start left behind; undefined when somebody else did. What an earlier
 * start found is forgotten, and what it still writes is refused.
 */
export function startReconciliation(
  store: Store,
  clock: Clock,
  { id, attempts }: ReconciliationRow,
): Promise<ReconciliationRow | undefined> {
  return store.transaction(async (transaction) => {
    const started = await transaction
      .updateTable('reconciliation')
      .set((column) => ({
        state: 'running',
        attempts: column('attempts', '+', 1),
        started_at: clock.now(),
        progress: '',
        slice_count: 0,
        difference_count: 0,
      }))
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .where('attempts', '=', attempts)
      .returningAll()
      .executeTakeFirst();
    if (!started) return undefined;
    await transaction.deleteFrom('reconciliation_slice').where('reconciliation_id', '=', id).execute();
    await transaction.deleteFrom('reconciliation_difference').where('reconciliation_id', '=', id).execute();
    return started;
  });
}

/** Stores one slice with its differences. Throws when this start of the comparison is no longer the one under way. */
export async function addSlice(store: Store, run: ReconciliationRow, slice: SliceResult): Promise<void> {
  await store.transaction(async (transaction) => {
    const counted = await transaction
      .updateTable('reconciliation')
      .set((column) => ({
        slice_count: column('slice_count', '+', 1),
        difference_count: column('difference_count', '+', slice.differences.length),
      }))
      .where('id', '=', run.id)
      .where('state', '=', 'running')
      .where('attempts', '=', run.attempts)
      .returning(['slice_count', 'difference_count'])
      .executeTakeFirst();
    if (!counted) throw new Error(`reconciliation ${run.id} was taken up by somebody else`);
    await transaction
      .insertInto('reconciliation_slice')
      .values(sliceRow(run.id, counted.slice_count, slice))
      .execute();
    const before = counted.difference_count - slice.differences.length;
    await addDifferences(transaction, run.id, { sliceNumber: counted.slice_count, before, differences: slice.differences });
  });
}

const rowsPerInsert = 100;

async function addDifferences(
  transaction: Kysely<Db>,
  id: string,
  { sliceNumber, before, differences }: { sliceNumber: number; before: number; differences: readonly DifferenceResult[] },
): Promise<void> {
  const rows = differences.slice(0, keptDifferences).map(({ key, code, message, recordId }, place) => ({
    reconciliation_id: id,
    number: before + place + 1,
    slice_number: sliceNumber,
    key,
    code,
    message,
    record_id: recordId ?? null,
  }));
  for (let from = 0; from < rows.length; from += rowsPerInsert)
    await transaction
      .insertInto('reconciliation_difference')
      .values(rows.slice(from, from + rowsPerInsert))
      .execute();
}

function sliceRow(id: string, number: number, { name, source, ledger, target, differences }: SliceResult): ReconciliationSliceRow {
  return {
    reconciliation_id: id,
    number,
    name,
    source_count: source.count,
    source_sum: source.sum,
    ledger_count: ledger.count,
    ledger_sum: ledger.sum,
    target_count: target.count,
    target_sum: target.sum,
    difference_count: differences.length,
  };
}

export async function reportReconciliation(store: Store, run: ReconciliationRow, progress: string): Promise<void> {
  await store.db
    .updateTable('reconciliation')
    .set({ progress })
    .where('id', '=', run.id)
    .where('attempts', '=', run.attempts)
    .where('state', '=', 'running')
    .execute();
}

/** `waiting`: cut off, and to be taken up again. */
export type ReconciliationEnd = { state: 'succeeded' } | { state: 'failed'; error: WireError } | { state: 'waiting' };

/** Ends a start of a comparison, with an event of it; nothing when it is no longer the one under way. */
export async function endReconciliation(store: Store, clock: Clock, run: ReconciliationRow, end: ReconciliationEnd): Promise<void> {
  const { id, tenant_id: tenantId, attempts } = run;
  const at = clock.now();
  const error = end.state === 'failed' ? end.error : null;
  await store.transaction(async (transaction) => {
    const ended = await transaction
      .updateTable('reconciliation')
      .set({ state: end.state, ended_at: end.state === 'waiting' ? null : at, error_json: error && JSON.stringify(error) })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .where('attempts', '=', attempts)
      .returning(['slice_count', 'difference_count'])
      .executeTakeFirst();
    if (!ended || end.state === 'waiting') return;
    const data = { slices: ended.slice_count, differences: ended.difference_count, ...(error && { error }) };
    await addEvent(transaction, { subjectId: id, tenantId, at, actor: 'engine', kind: `reconciliation ${end.state}`, data });
  });
}

export interface ReconciliationQuery {
  tenantId: string;
  integrationId?: string;
  flowId?: string;
  /** Older than this id. */
  before?: string;
  limit: number;
}

/** Newest first. */
export function listReconciliations(
  store: Store,
  { tenantId, integrationId, flowId, before, limit }: ReconciliationQuery,
): Promise<ReconciliationRow[]> {
  let query = store.db.selectFrom('reconciliation').selectAll().where('tenant_id', '=', tenantId);
  if (integrationId !== undefined) query = query.where('integration_id', '=', integrationId);
  if (flowId !== undefined) query = query.where('flow_id', '=', flowId);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export function slicesOf(store: Store, reconciliationId: string): Promise<ReconciliationSliceRow[]> {
  return store.db
    .selectFrom('reconciliation_slice')
    .selectAll()
    .where('reconciliation_id', '=', reconciliationId)
    .orderBy('number')
    .execute();
}

export function differencesOf(
  store: Store,
  { reconciliationId, after = 0, limit }: { reconciliationId: string; after?: number; limit: number },
): Promise<ReconciliationDifferenceRow[]> {
  return store.db
    .selectFrom('reconciliation_difference')
    .selectAll()
    .where('reconciliation_id', '=', reconciliationId)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
}

export function reconciliationPlans(store: Store): Promise<ReconciliationPlanRow[]> {
  return store.db.selectFrom('reconciliation_plan').selectAll().execute();
}

/** Stores a plan, whether there was one or not. */
export async function saveReconciliationPlan(store: Store, plan: ReconciliationPlanRow): Promise<void> {
  const { settings_json, next_at, failures, changed_at } = plan;
  await store.db
    .insertInto('reconciliation_plan')
    .values(plan)
    .onConflict((conflict) => conflict.columns(['integration_id', 'flow_id']).doUpdateSet({ settings_json, next_at, failures, changed_at }))
    .execute();
}
