import { z } from 'zod';
import type { Store } from '../store/index.ts';
import { blockRecord } from '../ledger/index.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from '../ledger/testing/ledger-bench.ts';
import { deleteEntry, setEntries, setFlowSettings, setPolicy } from './change.ts';
import { loadMapping } from './load.ts';
import type { ValueMapSpec } from './types.ts';
import { storeCodes, viewValueMap } from './value-map.ts';

const clock = tickingClock();
const terms: ValueMapSpec = { id: 'terms', title: 'Payment terms', from: 'SAP', to: 'Cin7', missing: 'block' };
const spec = { settings: z.object({ prefix: z.string().default('') }), valueMaps: [terms] };
const ref = { integrationId: 'int_1', valueMapId: 'terms', actor: 'user:eva' };
let store: Store;
beforeEach(async () => {
  store = await openLedgerStore(clock);
});
afterEach(async () => store[Symbol.asyncDispose]());

const load = () => loadMapping(store, flowRef, spec);

async function blockFor(key: string, ...codes: string[]): Promise<void> {
  const { stamp, version } = await load();
  const reasons = codes.map((code) => ({
    code: 'VALUE_MAP_MISSING',
    message: `no entry for ${code}`,
    missing: { valueMapId: 'terms', code },
  }));
  await blockRecord(store, clock, await recordOf(store, key), { stamp, version, reasons });
}

test.each([
  ['block', null, undefined],
  ['default', 'Due on receipt', 'Due on receipt'],
  ['pass', null, 'Z999'],
] as const)('a code without entry under policy %s', async (missing, defaultCode, expected) => {
  await setPolicy(store, clock, { ...ref, missing, defaultCode });
  await setEntries(store, clock, {
    ...ref,
    entries: [
      { from: 'Z030', to: '30 days' },
      { from: '', to: 'none' },
    ],
  });
  const { mapping } = await load();
  expect(['Z030', '', 'Z999'].map((code) => mapping.lookup('terms', code))).toEqual(['30 days', 'none', expected]);
});

test('of several codes the first with an entry counts, and the policy answers for the last', async () => {
  await setEntries(store, clock, { ...ref, entries: ['1000/4711', '4711', '4712'].map((from) => ({ from, to: `to ${from}` })) });
  const look = async (...codes: string[]): Promise<string | undefined> => (await load()).mapping.lookup('terms', ...codes);
  expect(await look('1000/4711', '4711')).toBe('to 1000/4711');
  expect(await look('1000/4712', '4712')).toBe('to 4712');
  expect(await look('1000/4713', '4713')).toBeUndefined();
  await setPolicy(store, clock, { ...ref, missing: 'pass', defaultCode: null });
  expect(await look('1000/4713', '4713')).toBe('4713');
});

test('a default policy without default code is refused', async () => {
  await expect(setPolicy(store, clock, { ...ref, missing: 'default', defaultCode: null })).rejects.toThrow(/needs a default code/);
});

test('the version follows the content, the stamp every change', async () => {
  const start = await load();
  await setEntries(store, clock, { ...ref, entries: [{ from: 'Z030', to: '30 days' }] });
  const changed = await load();
  await deleteEntry(store, clock, { ...ref, from: 'Z030' });
  const back = await load();
  expect(changed.version).not.toBe(start.version);
  expect(back.version).toBe(start.version);
  expect(new Set([start.stamp, changed.stamp, back.stamp]).size).toBe(3);
});

test('settings that do not fit the flow any more are refused', async () => {
  await setFlowSettings(store, clock, { ...flowRef, settings: { prefix: 7 }, actor: 'user:eva' });
  await expect(load()).rejects.toThrow(/expected string/);
});

test('missing entries are listed with what they hold up, worst first, and names as far as known', async () => {
  await takeIn(store, clock, { a: 'Größe AG', b: "O'Brien Ltd", c: '漢字 Co' });
  await blockFor('a', 'Z060');
  await blockFor('b', 'Z060', 'Z030');
  await blockFor('c', 'Z060');
  const proposals = [{ from: 'Z030', to: '30 days', why: 'both are 30 days net' }];
  const names = { from: [{ code: 'Z060', name: '60 Tage netto' }], to: [{ code: '30 days', name: '30 days' }] };
  await storeCodes(store, 'int_1', [{ valueMapId: 'terms', ...names, proposals }]);
  const view = await viewValueMap(store, 'int_1', terms);
  expect(view.missingEntries).toEqual([
    { code: 'Z060', name: '60 Tage netto', records: 3, examples: ['Größe AG (a)', "O'Brien Ltd (b)", '漢字 Co (c)'] },
    { code: 'Z030', name: '', records: 1, examples: ["O'Brien Ltd (b)"] },
  ]);
  expect(view.proposals).toEqual([{ from: 'Z030', fromName: '', to: '30 days', toName: '30 days', why: 'both are 30 days net' }]);
  expect(view.targetCodes).toEqual([{ code: '30 days', name: '30 days' }]);
});

test('an entry wakes the records that waited for it, a policy all of the map, and the change is on the audit trail', async () => {
  await takeIn(store, clock, { a: '1', b: '1', c: '1' });
  for (const [key, code] of [
    ['a', 'Z030'],
    ['b', 'Z060'],
    ['c', 'Z090'],
  ] as const)
    await blockFor(key, code);
  expect(await setEntries(store, clock, { ...ref, entries: [{ from: 'Z030', to: '30 days' }] })).toBe(1);
  expect(await recordOf(store, 'a')).toMatchObject({ state: 'pending', reason_json: null });
  expect(await setPolicy(store, clock, { ...ref, missing: 'pass', defaultCode: null })).toBe(2);
  const events = await store.db.selectFrom('event').select(['kind', 'actor']).where('subject_id', '=', 'int_1').execute();
  expect(events).toEqual([
    { kind: 'value map entries set', actor: 'user:eva' },
    { kind: 'value map policy set', actor: 'user:eva' },
  ]);
  const view = await viewValueMap(store, 'int_1', terms);
  expect(view).toMatchObject({ missingEntries: [], missing: 'pass', entries: [{ from: 'Z030', to: '30 days' }] });
});

test('new settings wake what the mapping blocked', async () => {
  await takeIn(store, clock, { a: '1' });
  await blockFor('a', 'Z030');
  expect(await setFlowSettings(store, clock, { ...flowRef, settings: { prefix: 'SAP ' }, actor: 'user:eva' })).toBe(1);
  expect((await load()).settings).toEqual({ prefix: 'SAP ' });
});

test('a change that fails leaves nothing behind', async () => {
  const broken = {
    ...ref,
    entries: [
      { from: 'Z030', to: '30 days' },
      { from: 'Z060', to: null as unknown as string },
    ],
  };
  await expect(setEntries(store, clock, broken)).rejects.toThrow(/not[- ]null/i);
  expect(await viewValueMap(store, 'int_1', terms)).toMatchObject({ entries: [] });
});
