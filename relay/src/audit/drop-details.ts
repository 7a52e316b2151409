import type { Kysely } from 'kysely';
import { droppedContent, eventHash, isContentDropped } from '../ledger/index.ts';
import type { Db, RecordRow, Store } from '../store/index.ts';
import { isFollowed } from './is-followed.ts';

/** Drops payloads of versions that a newer one followed, bodies, and what calls sent. Answers of how many records something was dropped. */
export function dropDetails(store: Store, records: readonly Pick<RecordRow, 'id'>[]): Promise<number> {
  const ids = records.map(({ id }) => id);
  return store.transaction(async (transaction) => {
    const bodies = await dropBodies(transaction, ids);
    const calls = await dropContent(transaction, ids, ['call']);
    const payloads = await dropPayloads(transaction, ids);
    return Math.max(bodies, calls, payloads);
  });
}

async function dropBodies(db: Kysely<Db>, ids: readonly string[]): Promise<number> {
  const attempts = await db
    .selectFrom('attempt')
    .select(['id', 'record_id', 'error_json'])
    .where('record_id', 'in', ids)
    .where('body_json', '<>', 'null')
    .execute();
  for (const { id, error_json: error } of attempts)
    await db
      .updateTable('attempt')
      .set({ body_json: 'null', notes_json: '[]', error_json: error && withoutFacts(error) })
      .where('id', '=', id)
      .execute();
  return new Set(attempts.map(({ record_id }) => record_id)).size;
}

function withoutFacts(errorJson: string): string {
  const { facts: _facts, ...error } = JSON.parse(errorJson) as { facts?: unknown };
  return JSON.stringify(error);
}

// The newest version is what an update or a replay goes on from.
async function dropPayloads(db: Kysely<Db>, ids: readonly string[]): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('record')
    .set({ payload_json: 'null' })
    .where('id', 'in', ids)
    .where('payload_json', '<>', 'null')
    .where(isFollowed)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Replaces the content of events by its digest; an event that is not as it was written stays, as evidence. Answers of how many subjects. */
export async function dropContent(db: Kysely<Db>, subjects: readonly string[], kinds: readonly string[] | 'all'): Promise<number> {
  if (subjects.length === 0) return 0;
  let query = db.selectFrom('event').selectAll().where('subject_id', 'in', subjects);
  if (kinds !== 'all') query = query.where('kind', 'in', kinds);
  const touched = new Set<string>();
  for (const event of await query.execute()) {
    if (isContentDropped(event.data_json) || event.data_json === 'null' || event.hash !== eventHash(event)) continue;
    await db
      .updateTable('event')
      .set({ data_json: droppedContent(event.data_json) })
      .where('subject_id', '=', event.subject_id)
      .where('seq', '=', event.seq)
      .execute();
    touched.add(event.subject_id);
  }
  return touched.size;
}
