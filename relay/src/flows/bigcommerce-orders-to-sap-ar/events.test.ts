import { refundKeysOf } from '../bigcommerce-refunds-to-sap-ar/read-refunds.ts';
import { bigCommerceRefundsToSapAr } from '../bigcommerce-refunds-to-sap-ar/index.ts';
import { sampleOrder } from '../bigcommerce-ar/testing/sample-order.ts';
import { bigCommerceOrdersToSapAr } from './flow.ts';
import { orderKeysOf } from './read-orders.ts';

test.each([
  ['store/order/created', { type: 'order', id: 250 }, ['250']],
  ['store/order/statusUpdated', { type: 'order', id: 250, status: { previous_status_id: 0, new_status_id: 11 } }, ['250']],
  ['store/order/refund/created', { type: 'order', id: 250, refund: { refund_id: 3 } }, ['250']],
  ['store/order/transaction/created', { type: 'transaction', order_id: '250', transaction_id: '1763' }, ['250']],
  ['store/channel/2/order/updated', { order_id: 127 }, ['127']],
  ['store/order/metafield/created', { metafield_id: 14, resource_id: '270' }, []],
  ['store/customer/created', { type: 'customer', id: 32 }, []],
  ['store/order/created', { type: 'order', id: '../admin' }, []],
  ['store/order/created', null, []],
  ['store/order/created', 'text', []],
])('%s of %j names the orders %j', (topic, data, keys) => {
  expect(orderKeysOf({ topic, body: { scope: topic, data } })).toEqual(keys);
});

test('a body of any shape names nothing', () => {
  for (const body of [null, 7, 'x', [], {}, { data: [] }]) {
    expect(orderKeysOf({ topic: 'store/order/created', body })).toEqual([]);
    expect(refundKeysOf({ topic: 'store/order/refund/created', body })).toEqual([]);
  }
  expect(
    refundKeysOf({ topic: 'store/order/refund/created', body: { data: { type: 'order', id: 250, refund: { refund_id: 3 } } } }),
  ).toEqual(['3']);
});

test.each([
  ['Europe/Berlin', '2026-05-31T22:30:00Z', '2026-06-01'],
  ['America/Los_Angeles', '2026-06-01T06:59:59Z', '2026-05-31'],
  ['UTC', '2026-05-31T23:59:59Z', '2026-05-31'],
])('the day that age limit and close calendar look at is the one that is posted: %s, %s is %s', (timeZone, createdAt, day) => {
  const settings = { companyCode: '1000', startDate: '2026-01-01', timeZone };
  const order = sampleOrder({ createdAt });
  expect(bigCommerceOrdersToSapAr.businessDate?.(order, settings)).toBe(day);
  const refund = { refundId: 1, createdAt, reason: '', total: '1', totalTax: '0', items: [], payments: [], order };
  expect(bigCommerceRefundsToSapAr.businessDate?.(refund, settings)).toBe(day);
});
