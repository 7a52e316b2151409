import { beginPosting } from './begin-posting.ts';
import { dueRecords, nextDueAt, releaseDue } from './queue.ts';
import { settlePosting } from './settle-posting.ts';
import { flowRef, recordOf, takeIn } from './testing/ledger-bench.ts';
import { body, busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock, kind } = ledger;

  test('hands out in key order, of each key the oldest unfinished only', async () => {
    await takeIn(ledger.store, clock, { b: '1', a: '1', c: '1' }, { kind: 'document' });
    await takeIn(ledger.store, clock, { a: '2' }, { kind: 'document' });
    const due = async () => (await dueRecords(ledger.store, flowRef, clock.now(), 10)).map(({ key, version }) => `${key}${version}`);
    expect(await due()).toEqual(['a1', 'b1', 'c1']);
    const [first] = await dueRecords(ledger.store, flowRef, clock.now(), 1);
    await beginPosting(ledger.store, clock, first as never, { mappingVersion: 'm1', body, notes: [] });
    expect(await due()).toEqual(['b1', 'c1']);
  });

  const onSqlite = kind === 'SQLite' ? test : test.skip;
  onSqlite('uses the partial indexes, so that finished records cost nothing', async () => {
    const plan = await ledger.store.commit(function* (sql) {
      return yield* sql.all<{ detail: string }>(
        `explain query plan select * from record as one where one.integration_id = ? and one.flow_id = ? and one.state = 'pending'
         and (one.next_attempt_at is null or one.next_attempt_at <= ?) and not exists (select older.id from record as older
           where older.integration_id = one.integration_id and older.flow_id = one.flow_id and older.key = one.key
           and older.version < one.version and older.state not in ('succeeded', 'skipped')) order by one.key, one.version limit 10`,
        'int_1',
        'vendors',
        0,
      );
    });
    const steps = plan.map(({ detail }) => detail).join('\n');
    expect(steps).toMatch(/one USING INDEX record_pending/);
    expect(steps).toMatch(/older USING INDEX sqlite_autoindex_record_2 \(integration_id=\? AND flow_id=\? AND key=\? AND version<\?\)/);
    expect(steps).not.toMatch(/TEMP B-TREE/);
  });

  test('a failed record comes back when its time has come, not before', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const at = clock.now() + 1000;
    await settlePosting(ledger.store, clock, await ledger.begin('a'), { state: 'failed', error: busy, nextAttemptAt: at });
    expect(await nextDueAt(ledger.store)).toBe(at);
    expect(await releaseDue(ledger.store, at - 1)).toBe(0);
    expect(await releaseDue(ledger.store, at)).toBe(1);
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'pending', next_attempt_at: null, attempts: 1 });
  });
});
