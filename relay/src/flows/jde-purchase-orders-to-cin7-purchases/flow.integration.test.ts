import { canonicalHash } from '@ml-connector/shared';
import { skuOf } from '../../../../scripts/sandbox/cin7/index.ts';
import { addOrder, openFake, orderTables, type SampleOrder } from '../../systems/jde/testing/index.ts';
import type { LedgerEntry, ReconciledSlice } from '../flow.ts';
import { jdePurchaseOrdersToCin7Purchases as flow } from './flow.ts';
import type { OrderPayload } from './payload.ts';
import { benchMaps, openBench, type Bench } from './testing/bench.ts';
import { mapping } from './testing/samples.ts';

const settings = { roundingCharge: 'Handling', startDate: '2024-01-01' };
const stock = (number: string, n: number, more: Record<string, string> = {}) => ({
  LNID: number,
  LITM: skuOf(n),
  ITM: String(60000 + n),
  TX: 'Y',
  TXA1: 'DE19',
  LTTR: '280',
  NXTR: '400',
  ...more,
});
const sample: SampleOrder[] = [
  { number: '501', lines: [stock('1', 1), stock('1.1', 2, { UOM: 'CS', UOM3: 'EA', AEXP: '31.99' })] },
  {
    number: '502',
    header: { TRDJ: '20241202' },
    lines: [stock('1', 3), { LNID: '2', LNTY: 'T', ITM: '0', UORG: '0', AEXP: '0', DSC1: 'Pack dry' }],
  },
  { number: '503', lines: [stock('1', 4), { LNID: '2', LNTY: 'F', ITM: '0', UORG: '1', AEXP: '40.00', TX: 'N', DSC1: 'Fracht' }] },
  { number: '504', lines: [stock('1', 4, { LTTR: '980', NXTR: '999' })] },
  { number: '505', lines: [stock('1', 4, { LTTR: '400', NXTR: '999' })] },
  { number: '506', type: 'OR', lines: [stock('1', 4)] },
];

/** Reads and posts what changed, and keeps the newest version of each key. */
async function open() {
  await using stack = new AsyncDisposableStack();
  const bench: Bench = stack.use(await openBench());
  const source = openFake(orderTables(sample));
  const ledger = new Map<string, LedgerEntry>();
  const hashes = new Map<string, string>();
  let cursor: unknown = null;
  const { session, scope, clock, jde } = source;
  const read = async (mode: 'changes' | 'sweep' = 'changes') => {
    const seen: string[] = [];
    const linkedKeys = () => Promise.resolve([...bench.links.keys()]);
    const given = { ...(mapping(settings).settings as object) };
    for await (const batch of flow.extract({
      mode,
      cursor,
      settings: given,
      source: session,
      scope,
      clock,
      progress: () => undefined,
      linkedKeys,
    })) {
      for (const { key, payload } of batch.records) {
        if (hashes.get(key) === canonicalHash(payload)) continue;
        hashes.set(key, canonicalHash(payload));
        bench.newVersion(undefined, key);
        seen.push(`${key} ${await post(key, payload)}`);
      }
      if (batch.cursor !== undefined) cursor = batch.cursor;
    }
    return seen;
  };
  const post = async (key: string, payload: OrderPayload): Promise<string> => {
    const entry = (state: string, targetId: string | null) =>
      void ledger.set(key, { key, recordId: `rec_${key}`, state, targetId, payload });
    const outcome = flow.map(payload, mapping(settings, benchMaps));
    if (outcome.outcome !== 'mapped') {
      entry(outcome.outcome, null);
      return outcome.outcome;
    }
    const { result } = await bench.drive(payload, settings);
    entry(result.action === 'waiting' ? 'waiting' : 'succeeded', result.action === 'waiting' ? null : result.targetId);
    return result.action;
  };
  const reconcile = async (): Promise<ReconciledSlice[]> => {
    const slices = flow.reconcile?.({
      range: { first: '2024-01-01', last: '2025-12-31' },
      settings: mapping(settings).settings,
      mapping: mapping(settings, benchMaps),
      source: session,
      target: bench.session,
      scope,
      progress: () => undefined,
      ledger: (keys) => Promise.resolve(keys.flatMap((key) => ledger.get(key) ?? [])),
      entries: () => [],
    });
    const all: ReconciledSlice[] = [];
    for await (const slice of slices ?? []) all.push(slice);
    return all;
  };
  const up = stack.move();
  return { bench, jde, clock, session, scope, ledger, read, reconcile, [Symbol.asyncDispose]: () => up.disposeAsync() };
}

const sums = (slices: ReconciledSlice[]) => slices.map(({ name, source, ledger, target }) => [name, source, ledger, target]);

test('orders are read, posted once, followed and compared', async () => {
  await using all = await open();
  const { bench, jde } = all;
  expect(await all.read()).toEqual([
    '00200-OP-501-000 created',
    '00200-OP-502-000 created',
    '00200-OP-503-000 created',
    '00200-OP-504-000 unchanged',
    '00200-OP-505-000 unchanged',
  ]);
  expect(
    bench.purchases().map(({ Note, Order }) => [Note.split('\n')[0], Order.Status, Order.Lines.length + Order.AdditionalCharges.length]),
  ).toEqual([
    ['JDE:JPD920/00200/OP/501/000', 'AUTHORISED', 2],
    ['JDE:JPD920/00200/OP/502/000', 'AUTHORISED', 1],
    ['JDE:JPD920/00200/OP/503/000', 'AUTHORISED', 2],
  ]);
  const [november, december] = [
    { count: 2, sum: '121.99' },
    { count: 1, sum: '25' },
  ];
  const agreed = await all.reconcile();
  expect(sums(agreed)).toEqual([
    ['00200 2024-11 USD', november, november, november],
    ['00200 2024-12 USD', december, december, december],
  ]);
  expect(agreed.flatMap(({ differences }) => differences)).toEqual([]);

  all.clock.advance(3_600_000);
  const changed = jde.tables['F4311']?.find(({ DOCO, LNID }) => DOCO === '501' && LNID === '1');
  Object.assign(changed ?? {}, { AEXP: '30.00', UPMJ: jde.today, TDAY: '130000' });
  Object.assign(jde.tables['F4311']?.find(({ DOCO }) => DOCO === '502') ?? {}, {
    LTTR: '980',
    NXTR: '999',
    UPMJ: jde.today,
    TDAY: '130000',
  });
  expect((await all.reconcile()).flatMap(({ differences }) => differences.map(({ key, code }) => `${key} ${code}`))).toEqual([
    '00200-OP-501-000 AMOUNT_DIFFERS',
    '00200-OP-501-000 AMOUNT_DIFFERS',
    '00200-OP-502-000 NOT_IN_SOURCE',
  ]);
  expect(await all.read()).toEqual(['00200-OP-501-000 updated', '00200-OP-502-000 updated']);
  expect(bench.purchases()).toHaveLength(3);
  expect((await all.reconcile()).flatMap(({ differences }) => differences)).toEqual([]);
  expect(await all.read('sweep')).toEqual([]);
});

test('what somebody voided, or nobody read, is named by the comparison', async () => {
  await using all = await open();
  await all.read();
  await all.bench.change({ ID: all.bench.purchases()[0]?.ID ?? '', isVoided: true });
  addOrder(all.jde.tables, { number: '507', lines: [stock('1', 6)] });
  const slices = await all.reconcile();
  expect(slices.flatMap(({ differences }) => differences.map(({ key, code }) => `${key} ${code}`))).toEqual([
    '00200-OP-501-000 NOT_IN_TARGET',
    '00200-OP-507-000 NOT_IN_LEDGER',
  ]);
  expect(slices[0]).toMatchObject({ source: { count: 3 }, ledger: { count: 2 }, target: { count: 1 } });
});

test('what was authorised and is a draft again is named by the comparison', async () => {
  await using all = await open();
  await all.read();
  const [first] = all.bench.purchases();
  if (first) await all.bench.change({ ID: first.ID, Order: { ...first.Order, Status: 'DRAFT' } });
  const differences = (await all.reconcile()).flatMap((slice) => slice.differences);
  expect(differences).toEqual([
    expect.objectContaining({ key: '00200-OP-501-000', code: 'DRAFT_LEFT', message: expect.stringContaining(first?.OrderNumber ?? '') }),
  ]);
});

test('an order that cannot be understood is named, the others are compared', async () => {
  await using all = await open();
  await all.read();
  addOrder(all.jde.tables, { number: '508', lines: [stock('1', 6, { UORG: 'many' })] });
  const [first, second] = await all.reconcile();
  expect(first).toMatchObject({
    name: 'could not be read',
    differences: [{ code: 'SOURCE_UNREADABLE', message: expect.stringContaining('508') }],
  });
  expect(second).toMatchObject({ source: { count: 2 }, differences: [] });
});

test('the value maps are offered the codes that orders hold', async () => {
  await using all = await open();
  const codes = await flow.codes?.({
    settings: { ...(mapping(settings).settings as object), paymentTerms: 'of-order' },
    source: all.session,
    target: all.bench.session,
    scope: all.scope,
  });
  const from = Object.fromEntries((codes ?? []).map((map) => [map.valueMapId, map.from.map(({ code }) => code)]));
  expect(from).toMatchObject({
    'tax-rules': ['-', 'DE19', 'N'],
    locations: ['30'],
    units: ['CS', 'EA'],
    charges: ['F'],
    currencies: ['USD'],
  });
  expect(codes?.find(({ valueMapId }) => valueMapId === 'locations')?.to.map(({ code }) => code)).toContain('Main Warehouse');
});

test('an order waits for the record of its supplier', () => {
  const payload = { kind: 'order', environment: 'JPD920', order: { supplier: '6001' } } as OrderPayload;
  expect(flow.predecessors?.(payload, {})).toEqual([{ flowId: 'jde-suppliers-to-cin7-suppliers', key: '6001' }]);
  expect(flow.predecessors?.({ kind: 'gone', environment: 'JPD920', key: 'k' }, {})).toEqual([]);
});
