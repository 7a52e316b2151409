import { sql } from 'kysely';
import type { Store } from '../store/index.ts';
import { openTestDatabase } from '../store/testing/index.ts';
import { linkOf, removeLink } from './links.ts';
import { beginPosting } from './begin-posting.ts';
import { settlePosting } from './settle-posting.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from './testing/ledger-bench.ts';

const clock = tickingClock();
const mapped = { mappingVersion: 'm1', body: {}, notes: [] };

test('a link stays where a post that reads it has begun and is not on disk yet', async () => {
  await using database = await openTestDatabase('PostgreSQL');
  await using store = await openLedgerStore(clock, database.settings);
  await takeIn(store, clock, { a: '1' });
  await post(store, 'a');
  await takeIn(store, clock, { a: '2' });
  const record = await recordOf(store, 'a');
  await store.db.connection().execute(async (holder) => {
    await sql`select pg_advisory_lock(7)`.execute(holder);
    const beginning = beginPosting(heldUp(store), clock, record, mapped);
    await untilWaiting(store, 1);
    const removing = removeLink(store, clock, { tenantId: 'ten_1', recordId: record.id, actor: 'user:eva' });
    await Promise.race([removing, untilWaiting(store, 2)]);
    await sql`select pg_advisory_unlock(7)`.execute(holder);
    expect(await beginning).toMatchObject({ number: 1, link: { target_id: 'target-a' } });
    expect(await removing).toBe('in use');
  });
  expect(await linkOf(store, flowRef, 'a')).toMatchObject({ target_id: 'target-a' });
});

async function post(store: Store, key: string): Promise<void> {
  const record = await recordOf(store, key);
  const attempt = await beginPosting(store, clock, record, mapped);
  if (!attempt) throw new Error(`${key} was not pending`);
  const result = { targetId: `target-${key}`, targetLabel: record.label, action: 'created' };
  await settlePosting(store, clock, { record, attempt }, { state: 'succeeded', result });
}

/** Its jobs wait for the lock before they end. */
function heldUp(store: Store): Store {
  return {
    ...store,
    commit: (job) =>
      store.commit(function* (statements) {
        const result = yield* job(statements);
        yield* statements.get('select pg_advisory_xact_lock(7)');
        return result;
      }),
  };
}

async function untilWaiting(store: Store, count: number): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    const { rows } = await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      store.db,
    );
    if (rows.length >= count) return;
  }
  throw new Error(`never came: ${count} waiting`);
}
