import { silentLog } from '@ml-connector/shared';
import { startCin7 } from '../../../../scripts/sandbox/cin7/index.ts';
import { cin7Settings, openCin7Session } from '../../systems/cin7-core/index.ts';
import { openSapSession, sapEccSettings } from '../../systems/sap-ecc/index.ts';
import { fakeSap } from '../../systems/sap-ecc/testing/fake-sap.ts';
import { addVendor, padded, vendorTables, type SampleVendor } from '../../systems/sap-ecc/testing/vendor-data.ts';
import { fastClock, testScope } from '../../systems/testing/index.ts';
import { littleEngine } from '../testing/little-engine.ts';
import { sapVendorsToCin7Suppliers as flow } from './flow.ts';
import { mapping } from './testing/samples.ts';

/** Both systems, and the little of an engine that a flow needs. */
async function open(vendors: SampleVendor[]) {
  await using stack = new AsyncDisposableStack();
  const cin7 = stack.use(await startCin7({ callsPerMinute: 100_000 }));
  const clock = fastClock();
  const target = stack.use(openCin7Session({ settings: cin7Settings.parse(cin7.connectionSettings), clock, random: () => 0.5 }));
  const sap = fakeSap(vendorTables(vendors));
  const source = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock,
    log: silentLog,
    agents: sap.agents,
  });
  const scope = testScope();
  const settings = { taxRule: 'Tax on Purchases', attributeSet: 'SAP' };
  const { run } = littleEngine({ flow, source, target, mapping: mapping(settings), clock });
  const up = stack.move();
  return { sap, cin7, run, source, target, scope, settings, [Symbol.asyncDispose]: () => up.disposeAsync() };
}

const names = ["O'Brien & Sons Ltd", '上海精密机械有限公司', 'Größe & Söhne KG', 'Internationale Speditionsgesellscha'];
const ordinary: SampleVendor[] = Array.from({ length: 40 }, (_, index) => ({
  number: padded(100001 + index),
  // Every fourth pair of neighbours shares a name.
  general: { NAME1: `${names[index % 4]} ${Math.floor(index / 8)}`.slice(0, 35), STCEG: `DE${100000000 + index}` },
  address: {
    NAME1: `${names[index % 4]} ${Math.floor(index / 8)}`,
    STREET: 'Hauptstraße',
    HOUSE_NUM1: String(index + 1),
    CITY1: 'Köln',
    POST_CODE1: '50667',
  },
  emails: [{ SMTP_ADDR: `vendor${index}@example.com`, FLGDEFAULT: 'X' }],
}));
const oneTime: SampleVendor = { number: padded(999999), general: { XCPDK: 'X', NAME1: 'One-time vendor' } };
const unmapped: SampleVendor = { number: padded(200001), company: [{ ZTERM: 'Z777' }] };

const byText = (one: string, other: string): number => (one < other ? -1 : 1);
const numberOf = ({ attributes }: { attributes: string[] }): string | undefined => attributes[0];
const numbersIn = (suppliers: { attributes: string[] }[]): string[] => suppliers.map((one) => numberOf(one) ?? '').toSorted(byText);
const numbersOf = (vendors: SampleVendor[]): string[] => vendors.map(({ number }) => number).toSorted(byText);

test('every vendor arrives once, names stay unique, and a second look changes nothing', async () => {
  await using both = await open([...ordinary, oneTime, unmapped]);
  expect(await both.run()).toEqual({ created: 40, skipped: 1, blocked: 1 });
  expect(numbersIn(both.cin7.suppliers())).toEqual(numbersOf(ordinary));
  expect(new Set(both.cin7.suppliers().map(({ Name }) => Name)).size).toBe(40);
  expect(await both.run('sweep')).toEqual({});
  expect(await both.run('full')).toEqual({});
});

test('lost answers, failures after the commit and dropped calls double nothing and lose nothing', async () => {
  await using both = await open(ordinary);
  for (const kind of ['loseNextAnswer', 'error500AfterCommit', 'dropBeforeCommit', 'error500BeforeCommit'] as const)
    both.cin7.faults.add({ kind, times: 3, method: 'POST' });
  const seen = await both.run();
  expect((seen['created'] ?? 0) + (seen['found by probe'] ?? 0) + (seen['unchanged'] ?? 0)).toBe(40);
  expect(numbersIn(both.cin7.suppliers())).toEqual(numbersOf(ordinary));
});

test('three changes in SAP update exactly three suppliers, and a vendor that is gone is deprecated by the sweep', async () => {
  await using both = await open(ordinary);
  await both.run();
  const { tables } = both.sap;
  tables['LFB1']![3]!['ZTERM'] = 'ZB14';
  tables['LFA1']![5]!['SPERR'] = 'X';
  tables['ADRC']![7]!['STREET'] = 'Am Stadtgarten';
  const at = { UDATE: '20240131', UTIME: '102000' };
  tables['CDHDR']!.push(
    { OBJECTCLAS: 'KRED', OBJECTID: padded(100004), CHANGENR: '1', ...at },
    { OBJECTCLAS: 'KRED', OBJECTID: padded(100006), CHANGENR: '2', ...at },
    { OBJECTCLAS: 'ADRESSE', OBJECTID: tables['ADRC']![7]!['ADDRNUMBER']!, CHANGENR: '3', ...at },
  );
  both.sap.now = { date: '20240131', time: '103000' };
  expect(await both.run()).toEqual({ updated: 3 });
  const supplier = (number: string) => both.cin7.suppliers().find((one) => numberOf(one) === number);
  expect(supplier(padded(100004))).toMatchObject({ PaymentTerm: '14 days' });
  expect(supplier(padded(100006))).toMatchObject({ Status: 'Deprecated' });
  expect(supplier(padded(100008))?.Addresses).toMatchObject([{ Line1: 'Am Stadtgarten 8' }]);

  tables['LFA1'] = tables['LFA1']!.filter(({ LIFNR }) => LIFNR !== padded(100001));
  addVendor(tables, { number: padded(100050) });
  expect(await both.run('sweep')).toEqual({ created: 1, updated: 1 });
  expect(supplier(padded(100001))).toMatchObject({ Status: 'Deprecated' });
  expect(await both.run('sweep')).toEqual({});
});

test('codes of both sides come with proposals', async () => {
  await using both = await open([]);
  Object.assign(both.sap.tables, {
    T052U: [
      { SPRAS: 'E', ZTERM: '0001', ZTAGG: '00', TEXT1: 'Payable immediately due net' },
      { SPRAS: 'E', ZTERM: 'ZB30', ZTAGG: '00', TEXT1: '14 days 2 %, 30 days net' },
      { SPRAS: 'E', ZTERM: 'ZB45', ZTAGG: '00', TEXT1: 'within 45 days Due net' },
      { SPRAS: 'E', ZTERM: 'ZEOM', ZTAGG: '00', TEXT1: '45 days end of month' },
      { SPRAS: 'D', ZTERM: 'ZB30', ZTAGG: '00', TEXT1: '30 Tage netto' },
    ],
    SKB1: [
      { BUKRS: '1000', SAKNR: '0000160000', MITKZ: 'K' },
      { BUKRS: '1000', SAKNR: '0000140000', MITKZ: 'D' },
    ],
    SKAT: [{ SPRAS: 'E', KTOPL: 'INT', SAKNR: '0000160000', TXT20: 'AP domestic', TXT50: 'Trade payables - domestic' }],
  });
  const { settings, source, target, scope } = both;
  const [terms, accounts] = (await flow.codes?.({ settings, source, target, scope })) ?? [];
  expect(terms?.from.map(({ code }) => code)).toEqual(['0001', 'ZB30', 'ZB45', 'ZEOM', '(empty)']);
  expect(terms?.proposals).toEqual([
    { from: '0001', to: 'Payable immediately', why: 'due at once' },
    { from: 'ZB30', to: '14 days 2%, 30 days net', why: 'same text' },
    { from: 'ZB45', to: '45 days', why: 'net 45 days' },
  ]);
  expect(accounts).toMatchObject({
    from: [{ code: '160000', name: 'Trade payables - domestic' }],
    to: [{ code: '800' }],
    proposals: [{ from: '160000', to: '800' }],
  });
});
