import { sampleLine, sampleMapping, sampleOrder, sampleTax } from '../bigcommerce-ar/testing/sample-order.ts';
import type { MapOutcome } from '../flow.ts';
import type { ArBody } from '../sap-ar/index.ts';
import { mapRefund } from './map.ts';
import type { RefundPayload, RefundPayloadItem } from './payload.ts';

const required = { companyCode: '1000', startDate: '2026-05-01', timeZone: 'Europe/Berlin', oneTimeCustomer: '999999' };
const { statusId: _statusId, ...order } = sampleOrder({
  lines: [
    sampleLine({ quantity: 3, listed: '357', paid: '357', listedTax: '57' }),
    sampleLine({ id: 2, category: 'Bücher', listed: '10.7', paid: '10.7' }),
  ],
  taxes: [
    sampleTax({ amount: '57' }),
    sampleTax({ amount: '0.95', lineId: null, of: 'shipping' }),
    sampleTax({ lineId: 2, rate: '7', amount: '0.7' }),
  ],
  total: '373.65',
  totalTax: '58.65',
});

function map(more: Partial<RefundPayload>, settings: Record<string, unknown> = {}): MapOutcome<ArBody> {
  const refund: RefundPayload = {
    refundId: 12,
    createdAt: '2026-06-16T16:44:15Z',
    reason: 'Bruch',
    total: '119',
    totalTax: '19',
    items: [],
    payments: [],
    order,
    ...more,
  };
  return mapRefund(refund, sampleMapping({ ...required, ...settings }));
}

const shown = (outcome: MapOutcome<ArBody>): string[] => {
  if (outcome.outcome !== 'mapped') throw new Error(JSON.stringify(outcome));
  return outcome.body.parts.flatMap(({ customerAmount, items }) => [
    `customer ${customerAmount}`,
    ...items.map((item) =>
      item.kind === 'gl'
        ? `gl ${item.glAccount} ${item.amount} ${item.taxCode ?? ''}`.trim()
        : `tax ${item.taxCode} ${item.amount} on ${item.base}`,
    ),
  ]);
};
const item = (type: string, id: number, more: Partial<RefundPayloadItem> = {}): RefundPayloadItem => ({
  type,
  id,
  quantity: 1,
  amount: null,
  ...more,
});

test('one piece of three goes back on the account it was sold on, with its tax', () => {
  const outcome = map({ items: [item('PRODUCT', 1)] });
  expect(shown(outcome)).toEqual(['customer -119.00', 'gl 800000 100.00 A1', 'tax A1 19.00 on 100.00']);
  expect(outcome).toMatchObject({
    body: {
      reference: 'BCR12',
      header: { documentType: 'DG', documentDate: '2026-06-16', assignment: 'BC10452', text: 'Refund 12, order 10452' },
    },
  });
});

test('several things at once, with shipping', () => {
  const items = [item('PRODUCT', 1, { quantity: 2 }), item('PRODUCT', 2), item('SHIPPING', 7, { quantity: 0 })];
  expect(shown(map({ items, total: '254.65', totalTax: '39.65' }))).toEqual([
    'customer -254.65',
    'gl 800000 200.00 A1',
    'gl 800100 10.00 A2',
    'gl 801000 5.00 A1',
    'tax A1 38.95 on 205.00',
    'tax A2 0.70 on 10.00',
  ]);
});

test('an amount that a person chose is given back in the proportions of what was sold', () => {
  expect(shown(map({ items: [item('PRODUCT', 1, { amount: '59.5' })], total: '59.5', totalTax: '9.5' }))).toEqual([
    'customer -59.50',
    'gl 800000 50.00 A1',
    'tax A1 9.50 on 50.00',
  ]);
});

test('a refund of the order as a whole has no tax and its own account', () => {
  const expected = ['customer -20.00', 'gl 881000 20.00 A0', 'tax A0 0.00 on 20.00'];
  expect(shown(map({ items: [item('ORDER', 10452, { amount: '20' })], total: '20', totalTax: '0' }))).toEqual(expected);
  expect(shown(map({ items: [], total: '20', totalTax: '0' }))).toEqual(expected);
});

test('what is credited in the store is owed by the store, not to the card', () => {
  const payments = [
    { provider: 'storecredit', amount: '19', isDeclined: false },
    { provider: 'stripe', amount: '100', isDeclined: false },
  ];
  expect(shown(map({ items: [item('PRODUCT', 1)], payments }))).toEqual([
    'customer -100.00',
    'gl 800000 100.00 A1',
    'gl 176100 -19.00',
    'tax A1 19.00 on 100.00',
  ]);
});

test('a refund whose payments were all declined is not to stand in SAP', () => {
  const payments = [{ provider: 'stripe', amount: '119', isDeclined: true }];
  expect(map({ items: [item('PRODUCT', 1)], payments })).toMatchObject({ outcome: 'mapped', body: { parts: [] } });
});

test.each([
  ['a tax that is not that of the items', { items: [item('PRODUCT', 1)], totalTax: '7.79' }, 'REFUND_TAX_DIFFERS'],
  [
    'a refund of which one payment was declined and another was not',
    {
      items: [item('PRODUCT', 1)],
      payments: [
        { provider: 'stripe', amount: '100', isDeclined: true },
        { provider: 'storecredit', amount: '19', isDeclined: false },
      ],
    },
    'REFUND_PARTLY_DECLINED',
  ],
  [
    'more store credit than is given back',
    { items: [item('PRODUCT', 1)], payments: [{ provider: 'storecredit', amount: '119.01', isDeclined: false }] },
    'TENDERS_EXCEED_TOTAL',
  ],
  ['a line that is not on the order any more', { items: [item('PRODUCT', 1), item('PRODUCT', 99)] }, 'REFUND_ITEM_UNKNOWN'],
  [
    'a refund of an order that the store has no more',
    { order: { ...order, problem: 'the store has no order 10452 any more' } },
    'ORDER_UNREADABLE',
  ],
  ['a refund without a readable date', { createdAt: '' }, 'REFUND_UNREADABLE'],
  ['a correction of the tax alone', { items: [], total: '0', totalTax: '-3' }, 'REFUND_WITHOUT_AMOUNT'],
])('%s waits for a person', (_what, refund, code) => {
  expect(map(refund)).toMatchObject({ outcome: 'blocked', reasons: [{ code }] });
});

test('shipping to one of two addresses, and the wrapping of one of two lines, are given back as they were charged', () => {
  const charges = [
    { id: 7, kind: 'shipping' as const, name: 'Shipping', gross: '11.9', tax: '1.9' },
    { id: 8, kind: 'shipping' as const, name: 'Shipping', gross: '23.8', tax: '3.8' },
    { id: 1, kind: 'wrapping' as const, name: 'Gift wrapping', gross: '2.38', tax: '0.38' },
    { id: 2, kind: 'wrapping' as const, name: 'Gift wrapping', gross: '4.76', tax: '0.76' },
  ];
  const taxes = [...order.taxes, sampleTax({ amount: '1.14', lineId: null, of: 'gift-wrapping' })];
  const items = [item('PRODUCT', 1), item('SHIPPING', 7), item('GIFT_WRAPPING', 1)];
  expect(shown(map({ order: { ...order, charges, taxes }, items, total: '133.28', totalTax: '21.28' }))).toEqual([
    'customer -133.28',
    'gl 800000 100.00 A1',
    'gl 801000 10.00 A1',
    'gl 801200 2.00 A1',
    'tax A1 21.28 on 112.00',
  ]);
});

test('an amount for something that cost nothing goes where refunds without a line go', () => {
  const free = { ...order, lines: [...order.lines, sampleLine({ id: 3, listed: '0', paid: '0', listedTax: '0' })] };
  const items = [item('PRODUCT', 1), item('PRODUCT', 3, { amount: '10' })];
  expect(shown(map({ order: free, items, total: '129', totalTax: '19' }))).toEqual([
    'customer -129.00',
    'gl 800000 100.00 A1',
    'gl 881000 10.00 A0',
    'tax A1 19.00 on 100.00',
    'tax A0 0.00 on 10.00',
  ]);
});

test('a refund of 1,000 lines is split, summarised or left to a person, by the rule for long orders', () => {
  const lines = Array.from({ length: 1000 }, (_, id) => sampleLine({ id: id + 1, listed: '0.99', paid: '0.99', listedTax: '0.16' }));
  const taxes = lines.map(({ id }) => sampleTax({ lineId: id, amount: '0.16' }));
  const { statusId: _status, ...long } = sampleOrder({ lines, taxes, charges: [], total: '990', totalTax: '160' });
  const items = lines.map(({ id }) => item('PRODUCT', id));
  const refund = { order: long, items, total: '990', totalTax: '160' };
  const partsOf = (outcome: MapOutcome<ArBody>): unknown => (outcome.outcome === 'mapped' ? outcome.body.parts.length : outcome);
  const split = map(refund);
  expect(partsOf(split)).toBe(2);
  expect(shown(split).filter((one) => /^(customer|tax)/.test(one))).toEqual([
    expect.stringMatching(/^customer -\d+\.\d\d$/),
    expect.stringMatching(/^tax A1 \d+\.\d\d on \d+\.\d\d$/),
    expect.stringMatching(/^customer -\d+\.\d\d$/),
    expect.stringMatching(/^tax A1 \d+\.\d\d on \d+\.\d\d$/),
  ]);
  expect(shown(map(refund, { longOrders: 'summarise' }))).toEqual(['customer -990.00', 'gl 800000 830.00 A1', 'tax A1 160.00 on 830.00']);
  expect(map(refund, { longOrders: 'block' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'ORDER_TOO_LONG' }] });
});

test('a share of a tax that is no whole yen is what rounding makes of it, not a difference', () => {
  const line = sampleLine({ quantity: 7, listed: '541254', paid: '541254', listedTax: '49205' });
  const { statusId: _status, ...inYen } = sampleOrder({
    currency: 'JPY',
    lines: [line],
    taxes: [sampleTax({ rate: '10', amount: '49205' })],
    charges: [],
    total: '541254',
    totalTax: '49205',
    shipTo: { country: 'JP', state: 'Tokyo' },
  });
  const refund = { order: inYen, items: [item('PRODUCT', 1)], total: '77322' };
  expect(shown(map({ ...refund, totalTax: '7029' }))).toEqual(['customer -77322', 'gl 800000 70293 A8', 'tax A8 7029 on 70293']);
  expect(map({ ...refund, totalTax: '7030' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'REFUND_TAX_DIFFERS' }] });
});
