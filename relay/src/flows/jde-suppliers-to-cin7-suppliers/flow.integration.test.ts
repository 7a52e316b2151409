import { silentLog } from '@ml-connector/shared';
import { startCin7 } from '../../../../scripts/sandbox/cin7/index.ts';
import { cin7Settings, openCin7Session } from '../../systems/cin7-core/index.ts';
import { jdeSettings, openJdeSession } from '../../systems/jde/index.ts';
import { fakeJde } from '../../systems/jde/testing/fake-jde.ts';
import { fastClock, testScope } from '../../systems/testing/index.ts';
import { littleEngine } from '../testing/little-engine.ts';
import { jdeSuppliersToCin7Suppliers as flow } from './flow.ts';
import { addSupplier, supplierTables, type SampleSupplier } from './testing/jde-data.ts';
import { mapping } from './testing/samples.ts';

/** Both systems, and the little of an engine that a flow needs. */
async function open(suppliers: SampleSupplier[], more: Record<string, unknown> = {}) {
  await using stack = new AsyncDisposableStack();
  const cin7 = stack.use(await startCin7({ callsPerMinute: 100_000 }));
  const clock = fastClock();
  const target = stack.use(openCin7Session({ settings: cin7Settings.parse(cin7.connectionSettings), clock, random: () => 0.5 }));
  const jde = fakeJde(supplierTables(suppliers));
  const source = openJdeSession({
    tenantId: 'acme',
    connectionId: 'jpd',
    settings: jdeSettings.parse({ siteId: 'denver', agentSystem: 'JDE', environment: 'JPD920' }),
    clock,
    log: silentLog,
    agents: jde.agents,
  });
  const settings = { taxRule: 'Tax on Purchases', accountPayable: '800', ...more };
  const { run } = littleEngine({ flow, source, target, mapping: mapping(settings), clock });
  const up = stack.move();
  return { jde, cin7, run, source, target, settings, [Symbol.asyncDispose]: () => up.disposeAsync() };
}

const names = ["O'Brien & Sons Ltd", '上海精密机械有限公司', 'Größe & Söhne KG', 'Internationale Speditionsgesellschaft mbH'];
const ordinary: SampleSupplier[] = Array.from({ length: 40 }, (_, index) => ({
  AN8: String(6001 + index),
  // Every fourth pair of neighbours shares a name.
  MLNM: `${names[index % 4]} ${Math.floor(index / 8)}`,
  book: { TAX: `DE${100000000 + index}` },
  address: { ADD1: '', ADD2: `Hauptstraße ${index + 1}` },
  emails: [`supplier${index}@example.com`],
}));
const employee: SampleSupplier = { AN8: '70001', book: { AT1: 'E' } };
const unmapped: SampleSupplier = { AN8: '70002', master: { TRAP: 'Z77' } };

const marks = (cin7: Awaited<ReturnType<typeof open>>['cin7']): (string | undefined)[] =>
  cin7
    .suppliers()
    .map(({ Comments }) => Comments)
    .toSorted();
const marksOf = (suppliers: SampleSupplier[]): string[] => suppliers.map(({ AN8 }) => `JDE supplier ${AN8} (JPD920)`).toSorted();

test('every supplier arrives once, names stay unique, and a second look changes nothing', async () => {
  await using both = await open([...ordinary, employee, unmapped]);
  expect(await both.run()).toEqual({ created: 40, skipped: 1, blocked: 1 });
  expect(marks(both.cin7)).toEqual(marksOf(ordinary));
  expect(new Set(both.cin7.suppliers().map(({ Name }) => Name)).size).toBe(40);
  expect(both.cin7.suppliers().find(({ Comments }) => Comments?.includes('6003 '))).toMatchObject({
    Name: 'Größe & Söhne KG 0',
    PaymentTerm: '30 days',
    Addresses: [{ Line1: 'Hauptstraße 3', Country: 'Germany' }],
    Contacts: [{ Email: 'supplier2@example.com' }],
  });
  expect(await both.run('sweep')).toEqual({});
  expect(await both.run('full')).toEqual({});
});

test('lost answers, failures after the commit and dropped calls double nothing and lose nothing', async () => {
  await using both = await open(ordinary);
  for (const kind of ['loseNextAnswer', 'error500AfterCommit', 'dropBeforeCommit', 'error500BeforeCommit'] as const)
    both.cin7.faults.add({ kind, times: 3, method: 'POST' });
  const seen = await both.run();
  expect((seen['created'] ?? 0) + (seen['found by probe'] ?? 0) + (seen['unchanged'] ?? 0)).toBe(40);
  expect(marks(both.cin7)).toEqual(marksOf(ordinary));
});

test('changes of address, e-mail and hold update exactly those suppliers; one that is purged is deprecated by the sweep', async () => {
  await using both = await open(ordinary, { paymentHeld: 'deprecate' });
  await both.run();
  const { tables } = both.jde;
  const changed = { UPMJ: both.jde.today, UPMT: '101500' };
  Object.assign(tables['F0116']![3]!, { ADD2: 'Am Stadtgarten 8' }, changed);
  Object.assign(tables['F01151']![5]!, { EMAL: 'neu@example.com' }, changed);
  Object.assign(tables['F0401']![7]!, { HDPY: 'Y' }, changed);
  expect(await both.run()).toEqual({ updated: 3 });
  const supplier = (number: string) => both.cin7.suppliers().find(({ Comments }) => Comments?.includes(`${number} (`));
  expect(supplier('6004')?.Addresses).toMatchObject([{ Line1: 'Am Stadtgarten 8' }]);
  expect(supplier('6006')?.Contacts).toMatchObject([{ Email: 'neu@example.com' }]);
  expect(supplier('6008')).toMatchObject({ Status: 'Deprecated' });

  tables['F0401'] = tables['F0401']!.filter(({ AN8 }) => AN8 !== '6001');
  addSupplier(tables, { AN8: '6900' });
  expect(await both.run('sweep')).toEqual({ created: 1, updated: 1 });
  expect(supplier('6001')).toMatchObject({ Status: 'Deprecated' });
  expect(await both.run('sweep')).toEqual({});
});

test('suppliers that are purged over the years do not add up to what a sweep no longer believes', async () => {
  await using both = await open(ordinary);
  await both.run();
  for (const purged of [8, 16, 24]) {
    both.jde.tables['F0401'] = both.jde.tables['F0401']!.filter(({ AN8 }) => Number(AN8) > 6000 + purged);
    expect(await both.run('sweep')).toEqual({ updated: 8 });
  }
  expect(both.cin7.suppliers().filter(({ Status }) => Status === 'Deprecated')).toHaveLength(24);
});

test('codes of both sides come with proposals', async () => {
  await using both = await open([
    { AN8: '6001', master: { TRAP: 'Z77', CRRP: 'JPY', APC: 'EMPL' } },
    { AN8: '6002', master: { TRAP: '', CRRP: '', APC: '', TXA2: '', EXR2: '' } },
    { AN8: '6003' },
  ]);
  const settings = { ...both.settings, taxBy: 'area-and-explanation' };
  const maps = (await flow.codes?.({ settings, source: both.source, target: both.target, scope: testScope() })) ?? [];
  const byId = new Map(maps.map((map) => [map.valueMapId, map]));
  expect(byId.get('payment-terms')).toMatchObject({
    from: [
      { code: '214', name: '2/14, Net 30' },
      { code: 'IMM', name: 'Payable immediately' },
      { code: 'N30', name: 'Net 30 Days' },
      { code: 'Z77', name: '' },
      { code: '(empty)' },
    ],
    proposals: [
      { from: '214', to: '14 days 2%, 30 days net', why: 'net 30 days' },
      { from: 'IMM', to: 'Payable immediately', why: 'same text' },
      { from: 'N30', to: '30 days', why: 'net 30 days' },
    ],
  });
  expect(byId.get('tax-rules')).toMatchObject({ from: [{ code: 'DE19/V' }] });
  expect(byId.get('gl-classes')).toMatchObject({
    from: [{ code: 'EMPL' }, { code: 'TRAD' }, { code: '(empty)' }],
    to: [{ code: '800' }],
    proposals: [{ from: 'EMPL', to: '800' }, { from: 'TRAD' }, { from: '(empty)' }],
  });
  expect(byId.get('currencies')).toMatchObject({ from: [{ code: 'EUR' }, { code: 'JPY' }] });
});
