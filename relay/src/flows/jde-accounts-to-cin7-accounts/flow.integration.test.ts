import { startCin7 } from '../../../../scripts/sandbox/cin7/index.ts';
import { cin7Settings, openCin7Session } from '../../systems/cin7-core/index.ts';
import { openFake } from '../../systems/jde/testing/open-fake.ts';
import { testScope } from '../../systems/testing/index.ts';
import type { ReconciledSlice } from '../flow.ts';
import { littleEngine } from '../testing/little-engine.ts';
import { jdeAccountsToCin7Accounts as flow } from './flow.ts';
import { account, chartTables, mapping } from './testing/samples.ts';

/** Both systems, a value map that may be changed, and the little of an engine that a flow needs. */
async function open(
  accounts: Partial<Record<string, string>>[],
  entries: Record<string, string> = {},
  settings: Record<string, unknown> = {},
) {
  await using stack = new AsyncDisposableStack();
  const cin7 = stack.use(await startCin7({ callsPerMinute: 100_000 }));
  const { jde, session: source, clock } = openFake(chartTables(accounts));
  const target = stack.use(openCin7Session({ settings: cin7Settings.parse(cin7.connectionSettings), clock, random: () => 0.5 }));
  const { exchanges, ledger, news, run, replay } = littleEngine({ flow, source, target, mapping: mapping(settings, entries), clock });
  const scope = testScope();

  async function reconcile(): Promise<ReconciledSlice[]> {
    const slices: ReconciledSlice[] = [];
    const found = flow.reconcile?.({
      range: { first: '2025-03-01', last: '2025-03-31' },
      settings,
      mapping: mapping(settings, entries),
      source,
      target,
      scope,
      progress: () => undefined,
      ledger: (keys) => Promise.resolve(keys.flatMap((key) => ledger.get(key) ?? [])),
      entries: () => Object.entries(entries).map(([from, to]) => ({ from, to })),
    });
    for await (const slice of found ?? []) slices.push(slice);
    return slices;
  }
  const rows = jde.tables['F0901']!;
  /** As somebody changes an account in JD Edwards now. */
  const change = (index: number, more: Record<string, string>): void =>
    void Object.assign(rows[index]!, { UPMJ: jde.today, UPMT: '101500' }, more);
  const up = stack.move();
  return {
    jde,
    cin7,
    source,
    target,
    scope,
    entries,
    exchanges,
    ledger,
    news,
    run,
    replay,
    reconcile,
    rows,
    change,
    settings,
    [Symbol.asyncDispose]: () => up.disposeAsync(),
  };
}

const chart = [
  { OBJ: '1110', MCU: '30', DL01: 'Petty cash' },
  { OBJ: '1110', MCU: '40', CO: '00002', DL01: 'Petty cash' },
  { OBJ: '1110', MCU: '40', CO: '00002', SUB: 'BEAR', DL01: 'Bear Creek National Bank' },
  { OBJ: '7100', DL01: 'Freight & Courier' },
  { OBJ: '1000', DL01: 'Assets', LDA: '1', PEC: 'N' },
  { OBJ: '7200', DL01: 'Closed long ago', PEC: 'I' },
];
const keyOf = (index: number): string => String(12345 + index).padStart(8, '0');

test('accounts wait for entries, go out once they are there, and many may be one in Cin7 Core; nothing is written to it', async () => {
  await using both = await open(chart);
  expect(await both.run()).toEqual({ blocked: 4, skipped: 2 });
  Object.assign(both.entries, { '1110': '090', '40.1110.BEAR': '091', '7100': '425' });
  for (const index of [0, 1, 2, 3]) expect(await both.replay(keyOf(index))).toEqual({ created: 1 });
  expect(both.ledger.get(keyOf(1))).toMatchObject({ label: '40.1110 Petty cash', targetId: '090/00012346' });
  expect(both.ledger.get(keyOf(2))).toMatchObject({ label: '40.1110.BEAR Bear Creek National Bank', targetId: '091/00012347' });
  expect(both.ledger.get(keyOf(4))).toMatchObject({ reason: expect.stringContaining('posting edit N') as string });
  expect(await both.run('sweep')).toEqual({});
  const asked = both.exchanges.filter(({ system }) => system === 'cin7-core').map(({ what }) => what);
  expect(asked.filter((what) => !what.startsWith('GET '))).toEqual([]);
  expect(asked).not.toEqual([]);
});

test.each([
  ['does not exist', '9999', /account 9999 does not exist/],
  ['is archived', '489', /account 489 Telephone & Internet is archived/],
  ['is kept by Cin7 Core itself', '800', /kept by Cin7 Core itself \(Accounts payable\)/],
])('an entry whose account %s blocks, and goes out after it was corrected', async (_what, target, message) => {
  await using both = await open([chart[3]!], { '7100': target });
  expect(await both.run()).toEqual({ ACCOUNT_NOT_USABLE: 1 });
  expect(both.ledger.get(keyOf(0))?.reason).toMatch(message);
  both.entries['7100'] = '425';
  expect(await both.replay(keyOf(0))).toEqual({ created: 1 });
});

test('a control account may be allowed', async () => {
  await using both = await open([chart[3]!], { '7100': '800' }, { allowedControlAccounts: ['800'] });
  expect(await both.run()).toEqual({ created: 1 });
});

test('what changes in JD Edwards afterwards stands on the trail of its record', async () => {
  await using both = await open(chart, { '1110': '090', '7100': '425' });
  await both.run();
  both.change(0, { DL01: 'Kasse Größe & Co' });
  both.change(1, { CO: '00003', PEC: 'M' });
  both.change(2, { SUB: 'CREEK' });
  expect(await both.run()).toEqual({ updated: 3 });
  expect(both.news.map(({ key, event, data }) => [key, event, data['before'], data['now']])).toEqual([
    [keyOf(0), 'account renamed', 'Petty cash', 'Kasse Größe & Co'],
    [keyOf(1), 'account moved', '00002', '00003'],
    [keyOf(1), 'posting edit changed', 'blank', 'M'],
    [keyOf(2), 'account code changed', '40.1110.BEAR', '40.1110.CREEK'],
  ]);

  both.news.length = 0;
  both.entries['7100'] = '433';
  expect(await both.replay(keyOf(3))).toEqual({ updated: 1 });
  expect(both.news).toMatchObject([{ key: keyOf(3), event: 'account mapped anew', data: { before: '425', now: '433' } }]);
});

test('an account that is closed blocks or is told; one that is gone, and comes again, says so', async () => {
  await using both = await open(chart, { '1110': '090', '40.1110.BEAR': '091', '7100': '425' });
  await both.run();
  both.change(2, { PEC: 'I' });
  both.change(3, { PEC: 'I' });
  expect(await both.run()).toEqual({ blocked: 1, skipped: 1 });
  expect(both.ledger.get(keyOf(2))?.reason).toContain('still has its entry 40.1110.BEAR -> 091');
  expect(both.ledger.get(keyOf(3))?.reason).toContain('has the entry 7100 -> 425');
  delete both.entries['40.1110.BEAR'];
  expect(await both.replay(keyOf(2))).toEqual({ skipped: 1 });

  const [first] = both.rows.splice(0, 1);
  expect(await both.run('sweep')).toEqual({ updated: 1 });
  expect(both.news).toMatchObject([{ key: keyOf(0), event: 'account gone', data: { before: 'Petty cash' } }]);
  both.rows.unshift(first!);
  expect(await both.run('sweep')).toEqual({ updated: 1 });
  expect(both.news.at(-1)).toMatchObject({ key: keyOf(0), event: 'account is there again' });
});

test('codes of both sides come with proposals, without accounts that Cin7 Core keeps itself', async () => {
  await using both = await open([...chart, { OBJ: '200', DL01: 'Sales' }, { OBJ: '800', DL01: 'Accounts payable' }]);
  const { settings, source, target, scope } = both;
  const [map, ...others] = (await flow.codes?.({ settings, source, target, scope })) ?? [];
  expect(others).toEqual([]);
  expect(map).toMatchObject({
    valueMapId: 'accounts',
    from: [{ code: '1110', name: 'Petty cash' }, { code: '200' }, { code: '7100' }, { code: '800' }],
    proposals: [
      { from: '200', to: '200', why: 'same code and name' },
      { from: '7100', to: '425', why: 'same name' },
    ],
  });
  const offered = map?.to.map(({ code }) => code);
  expect(offered).toContain('425');
  expect(offered).not.toContain('800');
  expect(offered).not.toContain('489');
});

test('a dry run tells what linking would be refused for', async () => {
  await using both = await open([chart[3]!]);
  const body = { action: 'link', id: keyOf(0), code: '30.7100', account: '489' } as const;
  const { settings, source, target, scope } = both;
  const input = {
    record: { id: 'try', key: keyOf(0), label: '30.7100 Freight & Courier', attempt: 1 },
    payload: { kind: 'account', account: account() } as const,
    body,
    link: undefined,
    settings,
    source,
    target,
    scope,
    ownerOf: () => Promise.resolve(undefined),
    linkOf: () => Promise.resolve(undefined),
    earlierErrors: () => Promise.resolve([]),
    sentVersions: () => Promise.resolve([]),
    lastPosted: () => Promise.resolve(undefined),
  };
  expect(await flow.tryOut?.(input)).toMatchObject([
    { code: 'ACCOUNT_NOT_USABLE', message: expect.stringContaining('archived') as string },
  ]);
});

test('a reconciliation where all agree has no differences', async () => {
  await using both = await open(chart, { '1110': '090', '7100': '425' });
  await both.run();
  expect(await both.reconcile()).toEqual([
    { name: 'company 00001', ...counts(2, 2, 2), differences: [] },
    { name: 'company 00002', ...counts(2, 2, 2), differences: [] },
    { name: 'value map accounts', ...counts(2, 2, 2), differences: [] },
  ]);
});

test('a reconciliation gives the whole picture, per company', async () => {
  await using both = await open(chart, {
    '1110': '090',
    '40.1110.BEAR': '091',
    '7100': '425',
    '30.1110': '404',
    '6000': '404',
  });
  await both.run();
  both.change(0, { DL01: 'Kasse' });
  both.change(2, { PEC: 'I' });
  both.entries['7100'] = '489';
  both.rows.push({ ...both.rows[0]!, AID: '00099999', OBJ: '8000', DL01: "O'Brien clearing" });
  const [first, second, map] = await both.reconcile();
  expect(first).toMatchObject({ name: 'company 00001', ...counts(3, 2, 1) });
  expect(first?.differences.map(({ key, code }) => [key, code])).toEqual([
    [keyOf(0), 'RENAMED'],
    [keyOf(3), 'MAPPED_TO_UNUSABLE'],
    ['00099999', 'NEW'],
    ['00099999', 'NOT_MAPPED'],
  ]);
  expect(second).toMatchObject({ name: 'company 00002', ...counts(1, 1, 1) });
  expect(second?.differences.map(({ key, code, recordId }) => [key, code, recordId])).toEqual([
    [keyOf(2), 'CLOSED', `rec_${keyOf(2)}`],
    [keyOf(2), 'POSTING_EDIT_CHANGED', `rec_${keyOf(2)}`],
  ]);
  expect(map?.differences.map(({ key, code }) => [key, code])).toEqual([
    ['6000', 'ENTRY_WITHOUT_ACCOUNT'],
    ['40.1110.BEAR', 'ENTRY_UNUSED'],
    ['30.1110', 'ENTRY_WITHOUT_ACCOUNT'],
  ]);
  expect(map?.differences.at(-1)?.message).toContain('for business unit 30 alone write 30.1110.');

  both.entries['7100'] = '433';
  const [again] = await both.reconcile();
  expect(again?.differences).toContainEqual(expect.objectContaining({ key: keyOf(3), code: 'MAPPED_ANEW' }));
});

function counts(source: number, ledger: number, target: number) {
  const side = (count: number) => ({ count, sum: '0' });
  return { source: side(source), ledger: side(ledger), target: side(target) };
}
