import { anOrder, scriptedStore, type Asked, type Scripted } from '../../systems/bigcommerce/testing/index.ts';
import { bigCommerceCustomersToSapCustomers as customers } from '../bigcommerce-customers-to-sap-customers/index.ts';
import { bigCommerceOrdersToSapAr as orders } from '../bigcommerce-orders-to-sap-ar/index.ts';
import { bigCommerceRefundsToSapAr as refunds } from '../bigcommerce-refunds-to-sap-ar/index.ts';
import { bigCommerceShipmentsToSap as shipments } from '../bigcommerce-shipments-to-sap/index.ts';
import type { Flow, MapOutcome } from '../flow.ts';

type Row = Record<string, unknown>;
const broken = { status_id: 'offen', total_amount: 'viel' };
/** Page after page by time of change, all at the same one. */
const orderRows = (more: Row[]): Row[] => [anOrder(250), anOrder(251, broken), anOrder(252, { status_id: 2 }), ...more];
const aRefund = (id: number, more: Row = {}): Row => ({ id, order_id: 250, created: '2024-03-06T10:00:00Z', total_amount: 10, ...more });
const aCustomer = (id: number, more: Row = {}): Row => ({
  id,
  email: `k${id}@example.com`,
  first_name: 'Änne',
  last_name: 'Groß',
  ...more,
});
const shipmentRows = [
  { id: 7, order_id: 252, items: [] },
  { id: 8, order_id: 252, items: [{ order_product_id: 'x' }] },
];

/** A store in whose lists one row is broken, and where it is asked for alone as well; `nameless` rows come beside them. */
function answering(nameless: boolean): (asked: Asked) => Scripted | undefined {
  const inV3 = (rows: Row[]): Scripted => ({ body: { data: nameless ? [...rows, { id: null, email: 7 }] : rows, meta: {} } });
  return ({ path, query }) => {
    const [, orderId] = /^v2\/orders\/(\d+)$/.exec(path) ?? [];
    if (path === 'v2/time') return { body: { time: Date.UTC(2024, 2, 7) / 1000 } };
    if (path === 'v2/orders') return { body: orderRows(nameless ? [anOrder(253, { id: 'keine' })] : []) };
    if (orderId !== undefined) return { body: orderRows([]).find(({ id }) => id === Number(orderId)) };
    if (path === 'v2/orders/252/shipments') return { body: shipmentRows };
    if (path === 'v3/orders/payment_actions/refunds') return inV3([aRefund(11), aRefund(12, broken), aRefund(13)]);
    if (path === 'v3/customers')
      return inV3([aCustomer(32), aCustomer(33, { addresses: [{ id: 'x' }] }), aCustomer(34)].filter(isAsked(query)));
    return { status: 204 };
  };
}

const isAsked = (query: Record<string, string>) => (row: Row) => query['id:in']?.split(',').includes(String(row['id'])) ?? true;

const common = { companyCode: '1000', startDate: '2024-01-01', revenueBy: 'none' };
const flows = [
  ['orders', orders, common, ['250', '251', '252'], '251', 'ORDER_UNREADABLE'],
  ['refunds', refunds, common, ['11', '12', '13'], '12', 'REFUND_UNREADABLE'],
  [
    'shipments',
    shipments,
    { startDate: '2024-01-01' },
    ['250/status', '251/status', '252/7', '252/8', '252/status'],
    '251/status',
    'SHIPMENT_UNREADABLE',
  ],
  [
    'shipments of one order',
    shipments,
    { startDate: '2024-01-01' },
    ['250/status', '251/status', '252/7', '252/8', '252/status'],
    '252/8',
    'SHIPMENT_UNREADABLE',
  ],
  [
    'customers',
    customers,
    { salesOrganisation: '1000', distributionChannel: '30', division: '00', personTitle: 'Mr.', currency: 'EUR' },
    ['32', '33', '34'],
    '33',
    'CUSTOMER_UNREADABLE',
  ],
] as unknown as [string, Flow, Row, string[], string, string][];

async function run(flow: Flow, settings: Row, nameless: boolean) {
  await using store = await scriptedStore(answering(nameless));
  const records = new Map<string, unknown>();
  const input = { mode: 'changes', cursor: null, settings, source: store.session, scope: store.scope, clock: store.clock };
  const rest = { linkedKeys: () => Promise.resolve(['98', '99']), progress: () => undefined };
  let [cursor, error]: unknown[] = [];
  try {
    for await (const batch of flow.extract({ ...input, ...rest } as never)) {
      for (const { key, payload } of batch.records) records.set(key, payload);
      cursor ??= batch.cursor;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { records, cursor, error };
}

const mapped = (flow: Flow, settings: Row, payload: unknown): MapOutcome<unknown> => flow.map(payload, { settings, lookup: () => 'X' });
const keysOf = (records: ReadonlyMap<string, unknown>): string[] =>
  [...records.keys()].filter((key) => key !== '98' && key !== '99').toSorted();

test.each(flows)(
  'one broken row in the list of %s is a blocked record that says so; its neighbours go on',
  async (_what, flow, settings, keys, bad, code) => {
    const { records, cursor, error } = await run(flow, settings, false);
    expect({ keys: keysOf(records), error }).toEqual({ keys, error: undefined });
    expect(cursor).toBeDefined();
    expect(mapped(flow, settings, records.get(bad))).toMatchObject({
      outcome: 'blocked',
      reasons: [{ code, message: expect.stringContaining('no usable row') as string }],
    });
  },
);

test.each(flows)(
  'rows of %s without an id fail the run, counted, once all others are handed on; nothing is taken for gone',
  async (_what, flow, settings, keys) => {
    const { records, cursor, error } = await run(flow, settings, true);
    expect(keysOf(records)).toEqual(keys);
    expect(error).toMatchObject({ code: 'BIGCOMMERCE_ROWS_WITHOUT_ID', message: expect.stringContaining('1 rows') as string });
    expect([cursor, records.has('99')]).toEqual([undefined, false]);
  },
);

test.each(flows.filter(([what]) => !what.startsWith('shipments')))(
  'a broken one of the %s that an event names is a blocked record, and its neighbours are read',
  async (_what, flow, settings, keys, bad, code) => {
    await using store = await scriptedStore(({ path, ...asked }) => {
      const [, refundId] = /refunds\/(\d+)$/.exec(path) ?? [];
      if (refundId === undefined) return answering(false)({ path, ...asked });
      return { body: { data: aRefund(Number(refundId), refundId === bad ? broken : {}) } };
    });
    const records = new Map<string, unknown>();
    const done: string[] = [];
    const input = { keys, settings, source: store.session, scope: store.scope, clock: store.clock, progress: () => undefined };
    for await (const batch of flow.readKeys?.(input) ?? []) {
      for (const { key, payload } of batch.records) records.set(key, payload);
      done.push(...batch.doneKeys);
    }
    expect([[...records.keys()].toSorted(), done.toSorted()]).toEqual([keys, keys]);
    expect(mapped(flow, settings, records.get(bad))).toMatchObject({ outcome: 'blocked', reasons: [{ code }] });
  },
);
