import { z } from 'zod';
import { blockRecord } from '../ledger/index.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from '../ledger/testing/ledger-bench.ts';
import type { Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { setEntries } from './change.ts';
import { importEntries, planImport } from './import-entries.ts';
import { loadMapping } from './load.ts';
import { listOverrideSets, saveOverrides } from './override-sets.ts';
import { acceptProposals } from './proposals.ts';
import type { ValueMapSpec } from './types.ts';
import { storeCodes, viewValueMap } from './value-map.ts';
import { findVersion, keepVersion } from './versions.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  const clock = tickingClock();
  const terms: ValueMapSpec = { id: 'terms', title: 'Payment terms', from: 'SAP', to: 'Cin7', missing: 'block' };
  const spec = { settings: z.object({ prefix: z.string().default('') }), valueMaps: [terms] };
  const ref = { integrationId: 'int_1', valueMapId: 'terms', actor: 'user:eva' };
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

  const entries = async () => (await viewValueMap(store, 'int_1', terms)).entries.map(({ from, to }) => `${from}=${to}`);
  const load = () => loadMapping(store, flowRef, spec);

  async function blockFor(key: string, code: string): Promise<void> {
    const { stamp, version } = await load();
    const reasons = [{ code: 'VALUE_MAP_MISSING', message: `no entry for ${code}`, missing: { valueMapId: 'terms', code } }];
    await blockRecord(store, clock, await recordOf(store, key), { stamp, version, reasons });
  }

  test.each([
    ['merge', ['Z030=60 days', 'Z060=60 days', 'Z090=90 days'], []],
    ['replace', ['Z030=60 days', 'Z060=60 days'], [{ from: 'Z090', to: '90 days' }]],
  ] as const)('an import that %ss tells what it changes, and then does just that', async (mode, after, removed) => {
    await setEntries(store, clock, {
      ...ref,
      entries: [
        { from: 'Z030', to: '30 days' },
        { from: 'Z090', to: '90 days' },
      ],
    });
    const given = { ...ref, mode, text: 'from;to\nZ030;60 days\nZ060;60 days\n' };
    const plan = {
      added: [{ from: 'Z060', to: '60 days' }],
      changed: [{ from: 'Z030', to: '60 days', before: '30 days' }],
      removed,
      unchanged: 0,
      faults: [],
    };
    expect(await planImport(store, given)).toEqual(plan);
    expect(await entries()).toEqual(['Z030=30 days', 'Z090=90 days']);
    expect(await importEntries(store, clock, given)).toEqual({ ...plan, released: 0 });
    expect(await entries()).toEqual(after);
    expect(await planImport(store, given)).toMatchObject({ added: [], changed: [], removed: [], unchanged: 2 });
  });

  test('records that waited for an imported code go out', async () => {
    await takeIn(store, clock, { a: 'Größe AG', b: "O'Brien Ltd" });
    await blockFor('a', 'Z030');
    await blockFor('b', 'Z060');
    expect(await importEntries(store, clock, { ...ref, mode: 'merge', text: 'Z030;30 days' })).toMatchObject({ released: 1 });
    expect([(await recordOf(store, 'a')).state, (await recordOf(store, 'b')).state]).toEqual(['pending', 'blocked']);
  });

  test('a file with a fault changes nothing, and target codes that the target does not have are faults', async () => {
    await storeCodes(store, 'int_1', [{ valueMapId: 'terms', from: [], to: [{ code: '30 days', name: '30 days' }], proposals: [] }]);
    const { faults } = await importEntries(store, clock, { ...ref, mode: 'replace', text: 'Z030;30 days\nZ060;60 days\nZ060;30 days' });
    expect(faults).toEqual([
      { line: 2, message: 'has the target code 60 days, which the target does not have' },
      { line: 3, message: 'has the code Z060 that line 2 has already' },
    ]);
    expect(await entries()).toEqual([]);
  });

  test('many entries go in at once, and out of the map again', async () => {
    const text = Array.from({ length: 3000 }, (_, number) => `A${number};B${number}`).join('\n');
    expect((await importEntries(store, clock, { ...ref, mode: 'replace', text })).added).toHaveLength(3000);
    expect((await importEntries(store, clock, { ...ref, mode: 'replace', text: 'A1;B1' })).removed).toHaveLength(2999);
    expect(await entries()).toEqual(['A1=B1']);
  });

  test('proposals become entries, one by one or all that leave no choice', async () => {
    const why = 'equal days';
    const proposals = ['Z010=10', 'Z030=30', 'Z030=30 net', 'Z060=60'].map((pair) => {
      const [from = '', to = ''] = pair.split('=');
      return { from, to, why };
    });
    await storeCodes(store, 'int_1', [{ valueMapId: 'terms', from: [], to: [], proposals }]);
    expect(await acceptProposals(store, clock, { ...ref, codes: ['Z060'] })).toMatchObject({ accepted: [{ from: 'Z060', to: '60' }] });
    expect(await acceptProposals(store, clock, { ...ref, codes: 'all' })).toEqual({
      accepted: [{ from: 'Z010', to: '10' }],
      ambiguous: ['Z030'],
      released: 0,
    });
    expect(await entries()).toEqual(['Z010=10', 'Z060=60']);
  });

  test('overrides are a part of the version and the stamp, and every list that was in force stays listed', async () => {
    const start = await load();
    const overrides = [{ path: 'Name', expression: '$uppercase(body.Name)' }];
    await saveOverrides(store, clock, { ...flowRef, overrides, note: 'louder', actor: 'user:eva' });
    const changed = await load();
    await saveOverrides(store, clock, { ...flowRef, overrides: [], note: 'taken back', actor: 'user:tom' });
    const back = await load();
    expect(changed.overrides?.expressions).toEqual(['$uppercase(body.Name)']);
    expect(back.overrides).toBeUndefined();
    expect(changed.version).not.toBe(start.version);
    expect(back.version).toBe(start.version);
    expect(new Set([start.stamp, changed.stamp, back.stamp]).size).toBe(3);
    expect(await listOverrideSets(store, flowRef)).toMatchObject([
      { number: 2, overrides: [], note: 'taken back', savedBy: 'user:tom' },
      { number: 1, overrides, note: 'louder', savedBy: 'user:eva' },
    ]);
  });

  test('new overrides wake what the mapping blocked', async () => {
    await takeIn(store, clock, { a: '1' });
    await blockFor('a', 'Z030');
    expect(await saveOverrides(store, clock, { ...flowRef, overrides: [], note: '', actor: 'user:eva' })).toBe(1);
  });

  test('a version that was used can be looked up as it was', async () => {
    await setEntries(store, clock, { ...ref, entries: [{ from: 'Z030', to: '30 days' }] });
    const loaded = await load();
    await keepVersion(store, clock, flowRef, loaded);
    await keepVersion(store, clock, flowRef, loaded);
    await setEntries(store, clock, { ...ref, entries: [{ from: 'Z060', to: '60 days' }] });
    expect(await findVersion(store, flowRef, loaded.version)).toMatchObject({
      settings: { prefix: '' },
      valueMaps: [{ id: 'terms', missing: 'block', entries: 1, entriesDigest: expect.any(String) as string }],
      overrides: [],
    });
    expect(await findVersion(store, { ...flowRef, tenantId: 'ten_2' }, loaded.version)).toBeUndefined();
  });
});
