import { silentLog } from '@ml-connector/shared';
import { z } from 'zod';
import type { Flow } from '../flows/index.ts';
import { blockRecord, skipRecord } from '../ledger/index.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from '../ledger/testing/ledger-bench.ts';
import { promoteDraft } from '../mapping/index.ts';
import type { Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { advanceReplays } from './advance-replay.ts';
import {
  cancelDryRun,
  causesOf,
  compareRecent,
  listDryRuns,
  listReplays,
  requestDryRun,
  shadowDraft,
  startReplay,
  viewDraft,
  viewDryRun,
  viewReplay,
} from './index.ts';
import { advanceShadows } from './shadow.ts';

const flow: Flow<{ name: string }> = {
  id: flowRef.flowId,
  title: 'Vendors',
  from: 'sap-ecc',
  to: 'cin7-core',
  kind: 'master',
  settings: z.object({ prefix: z.string().default('') }),
  schedule: { everyMs: 60_000 },
  valueMaps: [],
  extract: async function* () {},
  map: ({ name }, { settings }) => ({ outcome: 'mapped', body: { name: (settings as { prefix: string }).prefix + name }, notes: [] }),
  post: () => Promise.reject(new Error('nothing is posted here')),
  probe: () => Promise.resolve({ outcome: 'absent' }),
};
const flows = [flow as Flow];
const actor = 'user:eva';
const { tenantId } = flowRef;
const never = new AbortController().signal;

describe.each(databaseKinds)('on %s', (kind) => {
  const clock = tickingClock();
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await database.clear();
  });

  async function block(key: string): Promise<void> {
    const reasons = [{ code: 'CIN7_VALIDATION', message: `supplier ${key} was refused` }];
    await blockRecord(store, clock, await recordOf(store, key), { stamp: 0, version: 'm1', reasons });
  }

  const replay = async (id: string) => viewReplay(store, tenantId, id);

  test('a replay sends its first step, waits for it, and stops at what was not foreseen', async () => {
    await takeIn(store, clock, { '100': 'Größe AG', '101': "O'Brien", '102': '漢字' });
    for (const key of ['100', '101', '102']) await block(key);
    const { causes } = await causesOf(store, { tenantId });
    expect(causes).toMatchObject([{ code: 'CIN7_VALIDATION', records: 3, states: { blocked: 3 } }]);
    const id = await startReplay(store, clock, { tenantId, selection: { causeId: causes[0]?.id ?? '' }, actor });
    await advanceReplays({ store, flows, clock }, never);
    expect(await replay(id)).toMatchObject({ steps: 1, nextStepSize: 10, counts: { sent: 1, left: 2 } });
    await advanceReplays({ store, flows, clock }, never);
    expect(await replay(id)).toMatchObject({ steps: 1, note: 'waits for 1 records of the last step' });
    const sent = await store.db.selectFrom('record').selectAll().where('state', '=', 'pending').executeTakeFirstOrThrow();
    await skipRecord(store, clock, sent, { version: 'm1', reason: 'filtered all of a sudden' });
    await advanceReplays({ store, flows, clock }, never);
    expect(await replay(id)).toMatchObject({ state: 'stopped', counts: { surprise: 1, left: 2 } });
    expect(await listReplays(store, tenantId, { limit: 5 })).toHaveLength(1);
  });

  test('two nodes that carry on the same replay send each step once', async () => {
    const vendors = Object.fromEntries(Array.from({ length: 12 }, (_, number) => [`k${number}`, `Vendor ${number}`]));
    await takeIn(store, clock, vendors);
    for (const key of Object.keys(vendors)) await block(key);
    const id = await startReplay(store, clock, { tenantId, selection: { filter: { states: ['blocked'] } }, actor });
    await Promise.all([1, 2, 3].map(() => advanceReplays({ store, flows, clock }, never)));
    expect(await replay(id)).toMatchObject({ steps: 1, counts: { sent: 1, left: 11 } });
  });

  test('dry runs are asked for once, and the oldest of many are forgotten', async () => {
    for (let number = 0; number < 55; number++) {
      const id = (await requestDryRun(store, clock, { flow: flowRef, mode: 'sweep', actor })) ?? '';
      expect(await requestDryRun(store, clock, { flow: flowRef, mode: 'sweep', actor })).toBeUndefined();
      expect(await viewDryRun(store, 'ten_2', id)).toBeUndefined();
      expect(await cancelDryRun(store, clock, { tenantId, dryRunId: id })).toBe(true);
    }
    expect(await listDryRuns(store, tenantId, { limit: 100 })).toHaveLength(51);
  });

  test('a draft compares what came before and what comes in, each record once', async () => {
    await takeIn(store, clock, { a: 'Größe AG', b: "O'Brien" });
    const draft = { settings: { prefix: 'SAP ' } };
    await shadowDraft({ store, clock }, { ...flowRef, draft, live: true, actor });
    expect(await compareRecent({ store, flows }, flowRef, { records: 10, signal: never })).toMatchObject({ compared: 2, differing: 2 });
    await takeIn(store, clock, { c: '漢字' });
    for (let look = 0; look < 2; look++) await advanceShadows({ store, flows, log: silentLog }, never);
    expect(await viewDraft(store, flowRef)).toMatchObject({
      report: { compared: 1, fields: [{ field: 'name', records: 1, examples: [{ key: 'c', live: '漢字', draft: 'SAP 漢字' }] }] },
    });
    await promoteDraft(store, clock, { ...flowRef, actor });
    const row = await store.db.selectFrom('integration_flow').select('settings_json').executeTakeFirstOrThrow();
    expect(JSON.parse(row.settings_json)).toEqual(draft.settings);
  });
});
