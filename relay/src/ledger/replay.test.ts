import { replayRecords } from './replay.ts';
import { listRuns } from './runs.ts';
import { settlePosting } from './settle-posting.ts';
import { recordOf, takeIn } from './testing/ledger-bench.ts';
import { busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  const replay = (...recordIds: string[]) => replayRecords(ledger.store, clock, { tenantId: 'ten_1', recordIds }, 'user:eva');

  test('of an old version sends the newest payload, linked to what it repeats', async () => {
    await takeIn(ledger.store, clock, { a: 'first' });
    await ledger.post('a');
    const old = await recordOf(ledger.store, 'a');
    await takeIn(ledger.store, clock, { a: 'second' });
    await ledger.post('a');
    const newest = await recordOf(ledger.store, 'a');
    const { created } = await replay(old.id);
    expect(await recordOf(ledger.store, 'a')).toMatchObject({
      id: created[0],
      version: 3,
      payload_json: '{"name":"second"}',
      replay_of: newest.id,
    });
    expect((await listRuns(ledger.store, { tenantId: 'ten_1' }))[0]).toMatchObject({ mode: 'replay', new_count: 1, state: 'succeeded' });
  });

  test('pressed twice makes one new version', async () => {
    await takeIn(ledger.store, clock, { a: 'first' });
    await ledger.post('a');
    const { id } = await recordOf(ledger.store, 'a');
    expect(await replay(id)).toMatchObject({ created: [expect.any(String)] });
    expect(await replay(id)).toMatchObject({ created: [], untouched: [expect.any(String)] });
  });

  test('leaves alone what is being sent or looked up', async () => {
    await takeIn(ledger.store, clock, { a: '1', b: '1' });
    await ledger.begin('a');
    await settlePosting(ledger.store, clock, await ledger.begin('b'), { state: 'uncertain', error: busy, nextAttemptAt: 0 });
    const ids = [(await recordOf(ledger.store, 'a')).id, (await recordOf(ledger.store, 'b')).id];
    expect((await replay(...ids)).untouched.sort()).toEqual(ids.sort());
  });

  test('by filter takes every page and nothing of its own making', async () => {
    const vendors = Object.fromEntries(Array.from({ length: 1200 }, (_, number) => [`k${number}`, 'x']));
    await takeIn(ledger.store, clock, vendors);
    await ledger.store.db.updateTable('record').set({ state: 'succeeded' }).execute();
    const { created } = await replayRecords(ledger.store, clock, { filter: { tenantId: 'ten_1' } }, 'user:eva');
    expect(created).toHaveLength(1200);
  });
});
