import { emptyState } from '../state.ts';
import { Random } from '../../sap/seed/random.ts';
import { refundOrder, refundKinds, placeOrder, editOrder } from './actions.ts';
import { addOrder, type Store } from '../store.ts';
import { seedStore } from '../seed/seed-store.ts';
import { inventOrder, orderKinds } from '../seed/order-kinds.ts';
import { decimalsOf, fourDecimals, sum, units, type Units } from '../money.ts';
import type { OrderRow, Row } from '../state.ts';
import { truthOf } from './truth.ts';

function openStore(): Store & { events: { scope: string; data: Row }[] } {
  const events: { scope: string; data: Row }[] = [];
  const identity = { storeHash: 'nl4711', storeId: '1025646', currency: 'EUR', origin: 'http://store.example' };
  const now = Date.UTC(2026, 2, 14, 9, 30);
  return {
    state: emptyState(),
    identity,
    random: new Random(7),
    now: () => now,
    emit: (scope, data) => void events.push({ scope, data }),
    events,
  };
}

const amount = (row: Row, field: string): Units => units(String(row[field]));

/** facts/bigcommerce.md 6.3 */
function reconciled({ header, products, fees }: OrderRow): Units {
  return sum([
    ...products.map((line) => units(line.discounted_total_inc_tax)),
    ...fees.map((fee) => units(fee.cost_inc_tax)),
    ...['shipping_cost_inc_tax', 'handling_cost_inc_tax', 'wrapping_cost_inc_tax'].map((field) => amount(header, field)),
  ]);
}

test.each(orderKinds)('an order of kind %s adds up to the last place', (kind) => {
  const store = openStore();
  seedStore(store);
  const { state, identity, random } = store;
  for (let times = 0; times < (kind === 'veryLong' ? 1 : 12); times += 1) {
    const order = addOrder(store, inventOrder(kind, { state, identity, random, createdAt: store.now() }));
    const { header, taxes, shippingAddresses } = order;
    const step = 10n ** BigInt(4 - decimalsOf(header.default_currency_code));
    expect(reconciled(order)).toBe(amount(header, 'total_inc_tax'));
    expect(sum(taxes.map((tax) => units(tax.line_amount)))).toBe(amount(header, 'total_tax'));
    for (const name of ['subtotal', 'shipping_cost', 'handling_cost', 'wrapping_cost', 'total']) {
      expect(amount(header, `${name}_ex_tax`) + amount(header, `${name}_tax`)).toBe(amount(header, `${name}_inc_tax`));
      expect(amount(header, `${name}_inc_tax`) % step).toBe(0n);
    }
    expect(sum(shippingAddresses.map((one) => amount(one, 'cost_inc_tax')))).toBe(amount(header, 'shipping_cost_inc_tax'));
    const side = header['is_tax_inclusive_pricing'] ? 'inc_tax' : 'ex_tax';
    const extras = ['shipping_cost', 'handling_cost', 'wrapping_cost'].map((name) => amount(header, `${name}_${side}`));
    const discounts = amount(header, 'discount_amount') + amount(header, 'coupon_discount');
    const fees = order.fees.map((fee) => amount(fee, `cost_${side}`));
    expect(amount(header, `subtotal_${side}`) - discounts + sum([...extras, ...fees])).toBe(amount(header, `total_${side}`));
  }
});

test('the truth splits the total into net and tax by rate and certificates sold', () => {
  const store = openStore();
  seedStore(store, { orders: 120, seed: 3 });
  for (const order of store.state.orders.values()) {
    const truth = truthOf(order, []);
    const parts = [...Object.values(truth.netByRate), ...Object.values(truth.taxByRate), truth.giftCertificatesSold];
    expect(fourDecimals(sum(parts.map(units)))).toBe(order.header['total_inc_tax']);
    expect(truth.total).toBe(order.header['total_inc_tax']);
    const nets = [truth.linesNet, truth.shippingNet, truth.handlingNet, truth.wrappingNet, truth.feesNet, truth.giftCertificatesSold];
    expect(fourDecimals(sum(nets.map(units)))).toBe(order.header['total_ex_tax']);
  }
});

test('the same seed gives the same store, with orders of every shape', () => {
  const [one, other] = [openStore(), openStore()];
  seedStore(one, { orders: 120 });
  seedStore(other, { orders: 120 });
  expect([...one.state.orders.values()].map(({ header }) => header)).toEqual([...other.state.orders.values()].map(({ header }) => header));
  const orders = [...one.state.orders.values()];
  const lines = orders.flatMap(({ products }) => products);
  expect(Math.max(...orders.map(({ products }) => products.length))).toBe(1_200);
  expect(new Set(orders.map(({ header }) => header.default_currency_code))).toEqual(new Set(['EUR', 'USD', 'JPY', 'KWD']));
  expect(orders.some(({ header }) => header.customer_id === 0)).toBe(true);
  expect(orders.some(({ shippingAddresses }) => shippingAddresses.length > 1)).toBe(true);
  expect(lines.some(({ parent_order_product_id }) => parent_order_product_id !== null)).toBe(true);
  expect(lines.some(({ product_id, sku, type }) => product_id === 0 && sku === '' && type === 'physical')).toBe(true);
});

test('whatever was refunded before, a full refund gives back the rest, tax included', () => {
  const store = openStore();
  seedStore(store);
  const { state, identity, random } = store;
  const order = placeOrder(store, inventOrder('couponAndDiscount', { state, identity, random, createdAt: store.now() }));
  const { id } = order.header;
  refundOrder(store, id, 'partial');
  refundOrder(store, id, 'amount');
  expect(order.header.status_id).toBe(14);
  refundOrder(store, id, 'full');
  const refunds = [...state.refunds.values()];
  expect(sum(refunds.map((one) => units(one.total_amount)))).toBe(amount(order.header, 'total_inc_tax'));
  expect(sum(refunds.map((one) => units(one.total_tax)))).toBe(amount(order.header, 'total_tax'));
  expect(order.header).toMatchObject({ status_id: 4, payment_status: 'refunded', refunded_amount: '0.0000' });
  expect(() => refundOrder(store, id, 'partial')).toThrow('nothing is left');
});

test.each(refundKinds)('a refund of kind %s never exceeds the order and comes with its events', (kind) => {
  const store = openStore();
  seedStore(store);
  const { state, identity, random } = store;
  const order = placeOrder(store, inventOrder('odd', { state, identity, random, createdAt: store.now() }));
  editOrder(store, order.header.id, { shippingCost: '4.90' });
  store.events.length = 0;
  const refund = refundOrder(store, order.header.id, kind);
  expect(units(refund.total_amount) <= amount(order.header, 'total_inc_tax')).toBe(true);
  expect(refund.payments[0]).toMatchObject({
    amount: refund.total_amount,
    is_declined: kind === 'declined',
    offline: kind === 'storeCredit',
  });
  expect(store.events.map(({ scope }) => scope).filter((scope) => !scope.includes('channel'))).toEqual([
    'store/order/refund/created',
    'store/order/statusUpdated',
    'store/order/updated',
  ]);
});

test('an edited order adds up again, and its lines keep their ids', () => {
  const store = openStore();
  seedStore(store);
  const { state, identity, random } = store;
  const order = placeOrder(store, inventOrder('coupon', { state, identity, random, createdAt: store.now() }));
  const [line] = order.products;
  const before = amount(order.header, 'total_inc_tax');
  editOrder(store, order.header.id, { quantities: { [line?.id ?? 0]: (line?.quantity ?? 0) + 2 }, manualDiscount: '1.00' });
  expect(order.products[0]?.id).toBe(line?.id);
  expect(reconciled(order)).toBe(amount(order.header, 'total_inc_tax'));
  expect(amount(order.header, 'total_inc_tax')).not.toBe(before);
});

test('when lines go, the parts of a bundle stay with it, and go with it', () => {
  const store = openStore();
  seedStore(store);
  const { state, identity, random } = store;
  const order = placeOrder(store, inventOrder('bundle', { state, identity, random, createdAt: store.now() }));
  const [first] = order.products;
  const bundle = order.products.find(({ sku }) => sku === 'NL-SET-L');
  const parts = (): number => order.products.filter((line) => line.parent_order_product_id === bundle?.id).length;
  const lines = order.products.length;
  editOrder(store, order.header.id, { quantities: { [first?.id ?? 0]: 0 } });
  expect([parts(), order.products.length]).toEqual([3, lines - 1]);
  editOrder(store, order.header.id, { quantities: { [bundle?.id ?? 0]: 0, [order.products[0]?.id ?? 0]: 5 } });
  expect([parts(), order.products.length]).toEqual([0, lines - 5]);
  expect(reconciled(order)).toBe(amount(order.header, 'total_inc_tax'));
  expect(() => editOrder(store, order.header.id, { manualDiscount: '9999999.00' })).toThrow('more than the goods');
});
