import type { JdePurchaseOrder } from '../types.ts';
import { addOrder, drain, openFake, orderTables, tunnelError, type SampleOrder } from '../testing/index.ts';
import { readPurchaseOrders, type PurchaseOrderReading } from './read-purchase-orders.ts';

const keysOf = ({ items }: { items: JdePurchaseOrder[] }) => items.map(({ key }) => key);

function open(orders: SampleOrder[]) {
  const opened = openFake(orderTables(orders));
  const change = (table: string, DOCO: string, values: Record<string, string>, LNID?: string) => {
    const row = opened.jde.tables[table]?.find((one) => one['DOCO'] === DOCO && (LNID === undefined || one['LNID'] === LNID));
    if (!row) throw new Error(`${table} has no ${DOCO}`);
    Object.assign(row, values);
  };
  const read = (more: Partial<PurchaseOrderReading> = {}) =>
    drain(readPurchaseOrders({ ...opened.reading(), orderTypes: ['OP'], companies: [], ...more }));
  return { ...opened, change, read };
}

async function loaded(orders: SampleOrder[], more: Partial<PurchaseOrderReading> = {}) {
  const opened = open(orders);
  let { cursor } = await opened.read(more);
  const next = async () => {
    opened.clock.advance(600_000);
    const seen = await opened.read({ ...more, cursor });
    cursor = seen.cursor;
    return seen;
  };
  return { ...opened, next };
}

test('an order comes with header and all lines, in the order of their numbers, amounts digit by digit', async () => {
  const { read } = open([
    {
      number: '12345',
      header: {
        DRQJ: '20250401',
        PDDJ: '20250402',
        CNDJ: '',
        VR01: 'PO/4711',
        VR02: 'Straße',
        DEL1: 'Tor 3',
        DEL2: '',
        RMK: 'eilig',
        PTC: 'N30',
        TXA1: 'DE19',
        EXR1: 'V',
        HOLD: '',
        CRRM: 'F',
        CRCD: 'JPY',
        CRR: '0.0067512',
        ORBY: 'MEIER',
      },
      lines: [
        {
          LNID: '10',
          LNTY: 'J',
          ITM: '0',
          AID: '00012345',
          OMCU: '30',
          OBJ: '6120',
          SUB: '',
          DSC1: 'Beratung',
          UORG: '',
          PRRC: '',
          TX: 'Y',
        },
        {
          LNID: '1.1',
          ITM: '60011.0',
          LITM: 'TK-100',
          AITM: '4006381333931',
          OMCU: '30',
          OBJ: '1411',
          UORG: '1.500',
          UOPN: '0.5',
          UREC: '1',
          UCHG: '0',
          PRRC: '1234567890123.4567',
          AEXP: '-0.01',
          FRRC: '333',
          FEA: '500',
          TX: 'N',
          EXR1: 'E',
          DRQJ: '20250403',
        },
        { LNID: '1', LNTY: 'T', ITM: '', DSC1: 'Bitte 中文 beachten', DSC2: 'x' },
      ],
    },
  ]);
  const { items, error } = await read();
  expect(error).toBeUndefined();
  expect(items).toMatchObject([
    {
      key: '00200-OP-12345-000',
      company: '00200',
      type: 'OP',
      number: '12345',
      suffix: '000',
      supplier: '6001',
      branch: '30',
      orderDate: '20241101',
      requestedDate: '20250401',
      promisedDate: '20250402',
      cancelDate: '',
      references: ['PO/4711', 'Straße'],
      remark: 'eilig',
      deliveryInstructions: ['Tor 3', ''],
      paymentTerms: 'N30',
      taxArea: 'DE19',
      taxExplanation: 'V',
      holdCode: '',
      currencyMode: 'F',
      currency: 'JPY',
      baseCurrency: 'USD',
      exchangeRate: '0.0067512',
      orderedBy: 'MEIER',
    },
  ]);
  expect(items[0]?.lines).toMatchObject([
    { number: '1.000', type: 'T', item: { short: '' }, descriptions: ['Bitte 中文 beachten', 'x'], account: { id: '' } },
    {
      number: '1.100',
      item: { short: '60011', second: 'TK-100', third: '4006381333931' },
      quantity: '1.500',
      openQuantity: '0.5',
      receivedQuantity: '1',
      cancelledQuantity: '0',
      unitCost: '1234567890123.4567',
      extendedAmount: '-0.01',
      foreignUnitCost: '333',
      foreignExtendedAmount: '500',
      isTaxable: false,
      taxExplanation: 'E',
      requestedDate: '20250403',
      lastStatus: '220',
      nextStatus: '280',
      account: { id: '', businessUnit: '', object: '', subsidiary: '' },
    },
    {
      number: '10.000',
      quantity: '0',
      unitCost: '0',
      isTaxable: true,
      account: { id: '00012345', businessUnit: '30', object: '6120', subsidiary: '' },
    },
  ]);
});

test('only the chosen types, companies and days are read; orders of one number stay apart', async () => {
  const { read } = open([
    { number: '1' },
    { number: '1', company: '00300', lines: [{ DSC1: 'of 300' }] },
    { number: '1', suffix: '001', lines: [{ DSC1: 'second' }, { LNID: '2' }] },
    { number: '1', type: 'OR' },
    { number: '2', type: 'OX', header: { TRDJ: '20230101' } },
    { number: '3', header: { TRDJ: '' } },
  ]);
  const all = await read({ orderTypes: ['OX', 'OP'] });
  expect(keysOf(all)).toEqual(['00200-OP-1-000', '00200-OP-1-001', '00300-OP-1-000', '00200-OX-2-000', '00200-OP-3-000']);
  expect(all.items.map(({ lines }) => lines.length)).toEqual([1, 2, 1, 1, 1]);
  expect(keysOf(await read({ companies: ['300'] }))).toEqual(['00300-OP-1-000']);
  expect(keysOf(await read({ orderTypes: ['OX', 'OP'], startDate: '2024-01-01' }))).toEqual([
    '00200-OP-1-000',
    '00200-OP-1-001',
    '00300-OP-1-000',
  ]);
});

test('a page without an order of the chosen days is not the end', async () => {
  const early = Array.from({ length: 60 }, (_, index) => ({ number: String(100 + index), header: { TRDJ: '20250228' } }));
  const { read } = open([...early, { number: '900', header: { TRDJ: '20250301' } }]);
  expect(keysOf(await read({ startDate: '2025-03-01' }))).toEqual(['00200-OP-900-000']);
  expect(keysOf(await read({ startDate: '2999-01-01' }))).toEqual([]);
});

test.each([
  ['in the middle of a page', 20],
  ['across the end of a page', 49],
  ['more than a page', 0],
])('orders that share a number %s are all loaded', async (_what, before) => {
  const shared = Array.from({ length: 60 }, (_, index) => ({ number: '500', company: String(100 + index).padStart(5, '0') }));
  const others = Array.from({ length: before + 5 }, (_, index) => ({ number: String(index < before ? 100 + index : 1000 + index) }));
  const { read } = open([...shared.slice(0, before === 20 ? 3 : 60), ...others]);
  const keys = keysOf(await read());
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength((before === 20 ? 3 : 60) + before + 5);
});

test('a load goes on after a break', async () => {
  const { jde, read } = open(Array.from({ length: 120 }, (_, index) => ({ number: String(990 + index) })));
  jde.beforeChunk = ({ table, afterFirstKey }) => {
    if (table === 'F4301' && afterFirstKey !== undefined) throw tunnelError('TUNNEL_LOST', 'uncertain');
  };
  const broken = await read();
  jde.beforeChunk = () => undefined;
  const resumed = await read({ cursor: broken.cursor });
  expect(broken.items.length).toBeGreaterThan(0);
  expect(new Set([...keysOf(broken), ...keysOf(resumed)]).size).toBe(120);
  expect(broken.items.length + resumed.items.length).toBe(120);
});

describe('after the load', () => {
  const now = { UPMJ: '20250304', TDAY: '120500' };
  const two = [{ number: '1', lines: [{}, { LNID: '2' }] }, { number: '2' }];

  test.each([
    ['the header', 'F4301', undefined],
    ['one line', 'F4311', '2'],
  ])('an order is read whole when %s changed', async (_what, table, LNID) => {
    const { change, next } = await loaded(two);
    change(table, '1', now, LNID);
    const { items } = await next();
    expect(items).toMatchObject([{ key: '00200-OP-1-000', lines: [{ number: '1.000' }, { number: '2.000' }] }]);
    await next();
    expect((await next()).items).toEqual([]);
  });

  test('a receipt after a receipt of the same day, and a line that goes after it changed, are found', async () => {
    const { jde, change, next } = await loaded(two);
    change('F4311', '1', now, '2');
    await next();
    await next();
    change('F4311', '1', { TDAY: '121500', UREC: '3' }, '2');
    expect((await next()).items[0]?.lines[1]).toMatchObject({ receivedQuantity: '3' });
    await next();
    jde.tables['F4311'] = jde.tables['F4311']!.filter(({ DOCO, LNID }) => DOCO !== '1' || LNID !== '2');
    expect((await next()).items).toMatchObject([{ key: '00200-OP-1-000', lines: [{ number: '1.000' }] }]);
  });

  test('changes of orders that were not chosen bring nothing', async () => {
    const { jde, next } = await loaded(two, { startDate: '2024-10-01' });
    addOrder(jde.tables, { number: '3', type: 'OR', header: now, lines: [now] });
    addOrder(jde.tables, { number: '4', header: { ...now, TRDJ: '20230101' }, lines: [now] });
    addOrder(jde.tables, { number: '5', header: now });
    expect(keysOf(await next())).toEqual(['00200-OP-5-000']);
  });

  test('another choice of types means that all are read', async () => {
    const { read } = open([{ number: '1' }, { number: '2', type: 'OX' }]);
    const { cursor } = await read();
    expect(keysOf(await read({ cursor, orderTypes: ['OP', 'OX'] }))).toEqual(['00200-OP-1-000', '00200-OX-2-000']);
  });
});

test.each([
  ['F4311', { LNID: '1.0005' }, 'no line number'],
  ['F4311', { UORG: 'N/A' }, 'F4311, line 1.000, UORG "N/A" is no number'],
  ['F4311', { DRQJ: '20250231' }, 'DRQJ "20250231" is no date'],
  ['F4301', { AN8: '' }, 'F4301 AN8 "" is no whole number'],
])('what cannot be understood in %s blocks only its own order and is named', async (table, values, why) => {
  const { change, read } = open([{ number: '1' }, { number: '2' }, { number: '3' }]);
  change(table, '2', values);
  const first = await read();
  expect(keysOf(first)).toEqual(['00200-OP-1-000', '00200-OP-3-000']);
  expect(first.error).toMatchObject({ code: 'JDE_PURCHASE_ORDERS_UNREADABLE', message: expect.stringContaining(why) });
  change(table, '2', { LNID: '1', UORG: '1', DRQJ: '', AN8: '6001' });
  expect(await read({ cursor: first.cursor })).toMatchObject({ items: [{ number: '2' }], error: undefined, cursor: { unread: [] } });
});

test('an order without any line is not taken for an empty one', async () => {
  const { read } = open([{ number: '1' }, { number: '2', lines: [] }]);
  const seen = await read();
  expect(keysOf(seen)).toEqual(['00200-OP-1-000']);
  expect(seen.error).toMatchObject({ message: expect.stringContaining('00200-OP-2-000: has no line in F4311') });
});

test.each(['F4301', 'F4311'])('an empty answer about %s that hides rows is no answer', async (table) => {
  const { jde, read } = open([{ number: '1' }, { number: '2' }]);
  jde.emptyAnswers.add(table);
  expect(await read()).toMatchObject({ items: [], cursor: undefined, error: { code: 'JDE_ROWS_MISSING', verdict: 'retry' } });
});

test.each([
  ['amounts', 'F4311.AEXP'],
  ['what a line is taxed by', 'F4311.TX'],
  ['what a line is taxed by', 'F4311.TXA1'],
  ['what a line is taxed by', 'F4311.EXR1'],
  ['what an order is taxed by', 'F4301.TXA1'],
  ['what an order is taxed by', 'F4301.EXR1'],
])('%s (%s) that column security hides stop everything instead of becoming nothing', async (_what, column) => {
  const { jde, read } = open([{ number: '1' }]);
  jde.withheld.add(column);
  expect((await read()).error).toMatchObject({ code: 'JDE_COLUMN_WITHHELD', verdict: 'halt' });
});

test('a sweep shows lines that were deleted, and names the orders that are gone but not those that are no longer chosen', async () => {
  const { jde, read } = open([
    { number: '1', lines: [{}, { LNID: '2' }] },
    { number: '2', type: 'OX' },
  ]);
  jde.tables['F4311'] = jde.tables['F4311']!.filter(({ LNID }) => LNID !== '2');
  const linkedKeys = () => Promise.resolve(['00200-OP-1-000', '00200-OX-2-000', '00200-OP-3-000']);
  expect(await read({ mode: 'sweep', linkedKeys })).toMatchObject({
    items: [{ key: '00200-OP-1-000', lines: [{ number: '1.000' }] }],
    gone: ['00200-OP-3-000'],
    cursor: undefined,
    error: undefined,
  });
});

test('a row policy of the agent that knows the chosen companies and types only is enough', async () => {
  const { jde, read } = open([{ number: '1' }, { number: '2' }]);
  for (const table of ['F4301', 'F4311']) jde.allowedRows.set(`${table}.KCOO`, ['00200']).set(`${table}.DCTO`, ['OP']);
  const companies = ['200'];
  const { cursor, error } = await read({ companies });
  expect(error).toBeUndefined();
  expect((await read({ companies, cursor })).error).toBeUndefined();
  const linkedKeys = () => Promise.resolve(['00200-OP-1-000', '00300-OP-7-000', '00200-OP-3-000']);
  expect(await read({ companies, mode: 'sweep', linkedKeys })).toMatchObject({ gone: ['00200-OP-3-000'], error: undefined });
});
