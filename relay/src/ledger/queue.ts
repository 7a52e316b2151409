import { sql } from 'kysely';
import type { RecordRow, Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/**
 * Pending records of a flow whose turn it is, in key order: of each key only the oldest that is not finished. `readUpTo`: those that were
 * read later are left out.
 */
export async function dueRecords(
  store: Store,
  { integrationId, flowId }: FlowRef,
  now: number,
  limit: number,
  readUpTo = Infinity,
): Promise<RecordRow[]> {
  if (readUpTo === -Infinity) return [];
  return (
    store.db
      .selectFrom('record as one')
      .selectAll('one')
      .where('one.integration_id', '=', integrationId)
      .where('one.flow_id', '=', flowId)
      // A literal: with a parameter SQLite cannot tell that the partial index applies.
      .where(sql<boolean>`one.state = 'pending'`)
      .where((due) => due.or([due('one.next_attempt_at', 'is', null), due('one.next_attempt_at', '<=', now)]))
      // Not "not exists": PostgreSQL makes a join of that, which reads the whole flow for each record while its statistics are old.
      .where((condition) =>
        condition(
          condition
            .selectFrom('record as older')
            .select('older.id')
            .whereRef('older.integration_id', '=', 'one.integration_id')
            .whereRef('older.flow_id', '=', 'one.flow_id')
            .whereRef('older.key', '=', 'one.key')
            .whereRef('older.version', '<', 'one.version')
            .where('older.state', 'not in', ['succeeded', 'skipped'])
            .limit(1),
          'is',
          null,
        ),
      )
      .$if(readUpTo !== Infinity, (query) => query.where('one.created_at', '<=', readUpTo))
      .orderBy('one.key')
      .orderBy('one.version')
      .limit(limit)
      .execute()
  );
}

/** Uncertain records whose next look at the target is due. */
export async function dueLookups(store: Store, { integrationId, flowId }: FlowRef, now: number, limit: number): Promise<RecordRow[]> {
  return store.db
    .selectFrom('record')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where('state', '=', 'uncertain')
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .limit(limit)
    .execute();
}

/** Failed records, and those that wait until a time, are pending again when it has come. Answers how many. */
export async function releaseDue(store: Store, now: number): Promise<number> {
  const { numUpdatedRows } = await store.db
    .updateTable('record')
    .set({ state: 'pending', next_attempt_at: null, changed_at: now })
    .where('state', 'in', ['failed', 'waiting'])
    .where('next_attempt_at', '<=', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** When the next failed or uncertain record is due; undefined when there is none. */
export async function nextDueAt(store: Store): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('record')
    .select('next_attempt_at')
    .where('next_attempt_at', 'is not', null)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? undefined;
}
