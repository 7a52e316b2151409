import type { Clock } from '@ml-connector/shared';
import { addEvent } from '../ledger/index.ts';
import { newId, type ReplayItemRow, type ReplayRow, type Store } from '../store/index.ts';
import { selectedIds, type RecordSelection } from './selection.ts';

/**
 * A bulk replay that brakes: records go out in steps of 1, 10, 100 …, oldest first, each step after all of the one before are settled. The
 * first record that ends otherwise than the mapping said stops it, and the rest stays as it is. Everything is in the store, so it goes on
 * after a restart.
 */
export interface Replay {
  id: string;
  state: ReplayState;
  /** Why it stopped, or what it waits for. */
  note: string;
  selection: RecordSelection;
  actor: string;
  steps: number;
  nextStepSize: number;
  counts: Record<ReplayItemState, number>;
  /** Records that ended otherwise than the mapping said. */
  surprises: ReplayItem[];
  /** Records that were not sent, for instance since the mapping still blocks them; the first ones. */
  kept: ReplayItem[];
  createdAt: number;
  endedAt: number | null;
}

export interface ReplayItem {
  recordId: string;
  /** The record that carried it: itself, or a new version. */
  resultId: string | null;
  outcome: { state: string; why: string } | null;
}

/** `stopped`: by a surprise; goes on when a person says so. */
export type ReplayState = 'running' | 'stopped' | 'done' | 'cancelled';
/** `kept`: not sent, since the mapping said that it would not pass, or since it is under way by itself. */
export const replayItemStates = ['left', 'sent', 'passed', 'surprise', 'kept'] as const;
export type ReplayItemState = (typeof replayItemStates)[number];

/** Begins a replay of the selected records; the engine's rounds carry it on. */
export async function startReplay(
  store: Store,
  clock: Clock,
  { tenantId, selection, actor }: { tenantId: string; selection: RecordSelection; actor: string },
): Promise<string> {
  const ids = await selectedIds(store, tenantId, selection);
  const now = clock.now();
  const id = newId('replay', now);
  await store.transaction(async (transaction) => {
    const times = { created_at: now, changed_at: now, ended_at: null };
    const row = { id, tenant_id: tenantId, selection_json: JSON.stringify(selection), state: 'running', step_size: 1, steps: 0 };
    await transaction
      .insertInto('replay')
      .values({ ...row, ...times, actor, note: '' })
      .execute();
    for (let from = 0; from < ids.length; from += 500) {
      const items = ids.slice(from, from + 500).map((recordId, place) => ({
        replay_id: id,
        position: from + place,
        record_id: recordId,
        state: 'left',
      }));
      await transaction.insertInto('replay_item').values(items).execute();
    }
    const data = { selection: summaryOf(selection), records: ids.length };
    await addEvent(transaction, { subjectId: id, tenantId, at: now, actor, kind: 'replay started', data });
  });
  store.notify({ about: 'work', tenantId });
  return id;
}

function summaryOf(selection: RecordSelection): unknown {
  return 'recordIds' in selection ? { recordIds: selection.recordIds.slice(0, 20), count: selection.recordIds.length } : selection;
}

/** Goes on after a surprise, with a step of one record; answers false when it is not stopped. */
export function continueReplay(store: Store, clock: Clock, change: ReplayChange): Promise<boolean> {
  return changeReplay(store, clock, {
    ...change,
    from: ['stopped'],
    to: { state: 'running', step_size: 1, note: '' },
    kind: 'replay continued',
  });
}

/** Leaves what was not sent as it is; answers false when it has ended. */
export function cancelReplay(store: Store, clock: Clock, change: ReplayChange): Promise<boolean> {
  const to = { state: 'cancelled', note: 'cancelled', ended_at: clock.now() };
  return changeReplay(store, clock, { ...change, from: ['running', 'stopped'], to, kind: 'replay cancelled' });
}

interface ReplayChange {
  tenantId: string;
  replayId: string;
  actor: string;
}

async function changeReplay(
  store: Store,
  clock: Clock,
  change: ReplayChange & { from: ReplayState[]; to: Partial<ReplayRow>; kind: string },
): Promise<boolean> {
  const { tenantId, replayId, actor, from, to, kind } = change;
  const isChanged = await store.transaction(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('replay')
      .set({ ...to, changed_at: clock.now() })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', replayId)
      .where('state', 'in', from)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await addEvent(transaction, { subjectId: replayId, tenantId, at: clock.now(), actor, kind, data: null });
    return true;
  });
  store.notify({ about: 'work', tenantId });
  return isChanged;
}

const mostShown = 50;

/** One replay with how far it is; undefined when the tenant has none of that id. */
export async function viewReplay(store: Store, tenantId: string, replayId: string): Promise<Replay | undefined> {
  const row = await store.db
    .selectFrom('replay')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', replayId)
    .executeTakeFirst();
  return row && view(store, row);
}

/** Newest first. */
export async function listReplays(
  store: Store,
  tenantId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<Replay[]> {
  let query = store.db.selectFrom('replay').selectAll().where('tenant_id', '=', tenantId);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return Promise.all(rows.map((row) => view(store, row)));
}

async function view(store: Store, row: ReplayRow): Promise<Replay> {
  const counted = await store.db
    .selectFrom('replay_item')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .where('replay_id', '=', row.id)
    .groupBy('state')
    .execute();
  const counts = Object.fromEntries(replayItemStates.map((state) => [state, 0])) as Record<ReplayItemState, number>;
  for (const { state, count } of counted) counts[state as ReplayItemState] = Number(count);
  return {
    id: row.id,
    state: row.state as ReplayState,
    note: row.note,
    selection: JSON.parse(row.selection_json) as RecordSelection,
    actor: row.actor,
    steps: row.steps,
    nextStepSize: row.step_size,
    counts,
    surprises: await itemsIn(store, row.id, 'surprise'),
    kept: await itemsIn(store, row.id, 'kept'),
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

async function itemsIn(store: Store, replayId: string, state: ReplayItemState): Promise<ReplayItem[]> {
  const query = store.db.selectFrom('replay_item').selectAll().where('replay_id', '=', replayId).where('state', '=', state);
  return (await query.orderBy('position').limit(mostShown).execute()).map(showItem);
}

function showItem({ record_id, result_id, outcome_json }: ReplayItemRow): ReplayItem {
  const outcome = outcome_json === null ? null : (JSON.parse(outcome_json) as ReplayItem['outcome']);
  return { recordId: record_id, resultId: result_id, outcome };
}
