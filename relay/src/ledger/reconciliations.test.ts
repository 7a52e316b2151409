import type { ReconciliationRow, Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { checkChain } from './events.ts';
import { newestEntries } from './newest-entries.ts';
import {
  addSlice,
  differencesOf,
  endReconciliation,
  listReconciliations,
  openReconciliations,
  reconciliationPlans,
  requestReconciliation,
  saveReconciliationPlan,
  slicesOf,
  startReconciliation,
  type SliceResult,
} from './reconciliations.ts';
import { flowRef, openLedgerStore, takeIn, tickingClock } from './testing/ledger-bench.ts';

const clock = tickingClock();

describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const ask = () =>
    requestReconciliation(store, clock, {
      flow: flowRef,
      range: { first: '2026-04-01', last: '2026-04-30' },
      trigger: 'manual',
      actor: 'user:eva',
    });
  const start = async (row: ReconciliationRow): Promise<ReconciliationRow> => {
    const started = await startReconciliation(store, clock, row);
    if (!started) throw new Error('it was not taken up');
    return started;
  };
  const side = { count: 1, sum: '12345678901.23' };
  const slice = (name: string, differences: number): SliceResult => ({
    name,
    source: side,
    ledger: side,
    target: side,
    differences: Array.from({ length: differences }, (_, number) => ({ key: `${number}`, code: 'NOT_POSTED', message: 'Größe 4711' })),
  });

  test('two that are asked for at once are one; after its end there can be another', async () => {
    const asked = await Promise.all([ask(), ask(), ask()]);
    expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(asked.map(({ row }) => row.id)).size).toBe(1);
    const [open] = await openReconciliations(store, flowRef);
    await endReconciliation(store, clock, await start(open as ReconciliationRow), { state: 'succeeded' });
    const next = await ask();
    expect(next.isNew).toBe(true);
    await endReconciliation(store, clock, await start(next.row), { state: 'succeeded' });
    expect((await listReconciliations(store, { tenantId: 'ten_1', limit: 1 })).map(({ id }) => id)).toEqual([next.row.id]);
  });

  test('one that is taken up anew forgets what was found, and refuses what the earlier start still writes', async () => {
    const { row } = await ask();
    const earlier = await start(row);
    await addSlice(store, earlier, slice('old', 2));
    const later = await start(earlier);
    expect(await startReconciliation(store, clock, earlier)).toBeUndefined();
    await expect(addSlice(store, earlier, slice('old', 1))).rejects.toThrow('taken up by somebody else');
    await endReconciliation(store, clock, earlier, { state: 'succeeded' });
    await addSlice(store, later, slice('1000 2026-04 EUR', 0));
    await addSlice(store, later, slice('4000 2026-04 JPY', 1250));
    await endReconciliation(store, clock, later, { state: 'failed', error: { code: 'SAP_DUMP', verdict: 'retry', message: 'TIME_OUT' } });
    expect(await slicesOf(store, row.id)).toMatchObject([
      { name: '1000 2026-04 EUR', source_sum: '12345678901.23', difference_count: 0 },
      { name: '4000 2026-04 JPY', difference_count: 1250 },
    ]);
    expect(await differencesOf(store, { reconciliationId: row.id, after: 998, limit: 10 })).toMatchObject([
      { number: 999 },
      { number: 1000 },
    ]);
    expect((await listReconciliations(store, { tenantId: 'ten_1', limit: 1 }))[0]).toMatchObject({
      state: 'failed',
      difference_count: 1250,
    });
    const events = await store.db.selectFrom('event').selectAll().where('subject_id', '=', row.id).orderBy('seq').execute();
    expect(events.map((event) => event.kind)).toEqual(['reconciliation failed']);
    expect(checkChain(events)).toBeUndefined();
  });

  test('the newest version of each key is told, and nothing of keys that were never read', async () => {
    await takeIn(store, clock, { 'a-1': 'Erste', 'a-2': "O'Brien" });
    await takeIn(store, clock, { 'a-1': 'Zweite' });
    const keys = [...Array.from({ length: 450 }, (_, number) => `never-${number}`), 'a-1', 'a-2'];
    const entries = await newestEntries(store, flowRef, keys);
    expect(entries.map(({ key, payload }) => [key, payload])).toEqual([
      ['a-1', { name: 'Zweite' }],
      ['a-2', { name: "O'Brien" }],
    ]);
    expect(await newestEntries(store, flowRef, [])).toEqual([]);
  });

  test('the newest version comes with the body that was posted last, as long as that is kept', async () => {
    await takeIn(store, clock, { 'b-1': 'Erste', 'b-2': 'Zweite' });
    const posted = async () => (await newestEntries(store, flowRef, ['b-1', 'b-2'])).map((entry) => entry.posted);
    const [record] = await store.db.selectFrom('record').selectAll().where('key', '=', 'b-1').execute();
    const attempt = { record_id: record!.id, mapping_version: 'm', notes_json: '[]', started_at: 1, ended_at: 2 };
    const ends = { outcome: 'succeeded', error_json: null };
    for (const number of [1, 2])
      await store.db
        .insertInto('attempt')
        .values({ ...attempt, ...ends, id: `att_b${number}`, number, body_json: `{"try":${number}}` })
        .execute();
    expect(await posted()).toEqual([undefined, undefined]);
    await store.db.updateTable('record').set({ state: 'succeeded' }).where('id', '=', record!.id).execute();
    expect(await posted()).toEqual([{ try: 2 }, undefined]);
    await store.db.updateTable('attempt').set({ body_json: 'null' }).where('record_id', '=', record!.id).execute();
    expect(await posted()).toEqual([undefined, undefined]);
  });

  test('a plan is stored once per flow', async () => {
    const plan = {
      integration_id: 'int_1',
      flow_id: 'vendors',
      tenant_id: 'ten_1',
      settings_json: '{}',
      next_at: 5,
      failures: 0,
      changed_at: 1,
    };
    await saveReconciliationPlan(store, plan);
    await saveReconciliationPlan(store, { ...plan, next_at: 7 });
    expect(await reconciliationPlans(store)).toMatchObject([{ next_at: 7 }]);
  });
});
