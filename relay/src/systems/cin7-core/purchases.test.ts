import { SystemError } from '@ml-connector/shared';
import type { Cin7Call } from './client.ts';
import { fastClock, testScope } from '../testing/index.ts';
import { openPurchases } from './purchases.ts';
import { openReference } from './reference.ts';
import type { Row } from './rows.ts';
import type { Cin7PurchaseHeader, Cin7Purchases } from './types.ts';

const id = '0f0e0d0c-1111-4222-8333-444455556666';
const header: Cin7PurchaseHeader = {
  SupplierID: 'aaaaaaaa-1111-4222-8333-444455556666',
  Approach: 'STOCK',
  PurchaseType: 'Simple',
  Location: 'Lager Köln',
  TaxRule: 'Tax on Purchases',
  TaxCalculation: 'Exclusive',
  Note: 'JDE:00200/OP/12345/000',
};
/** As Cin7 Core may send it: letters in any case, numbers with more digits than needed, `null` for empty. */
const row: Row = {
  ...header,
  ID: id.toUpperCase(),
  SupplierID: header.SupplierID.toUpperCase(),
  Approach: 'Stock',
  Type: 'Simple Purchase',
  OrderNumber: 'PO-00001',
  Status: 'Ordering',
  SupplierCurrency: 'JPY',
  CurrencyRate: '0.0062000000',
  RequiredBy: '2026-02-28T00:00:00',
  Terms: null,
  LastUpdatedDate: '2026-01-05T08:00:00.1234567Z',
  Order: {
    Status: 'Draft',
    Memo: null,
    Lines: [
      {
        SKU: 'ML-1',
        Name: '轴承',
        Quantity: '2.0000',
        Price: '500.0000',
        Discount: null,
        Tax: '0.0000000000',
        TaxRule: 'Tax Exempt',
        Total: '1000.00',
      },
    ],
    AdditionalCharges: null,
  },
};

interface Answering {
  purchases: Cin7Purchases;
  calls: string[];
}

/** Answers the calls in turn; the last answer stays. */
function answering(...answers: unknown[]): Answering {
  const calls: string[] = [];
  const client = async ({ method, path }: Cin7Call): Promise<unknown> => {
    calls.push(`${method} ${path}`);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const clock = fastClock();
  return { purchases: openPurchases({ client, reference: openReference(client, clock), clock, random: () => 0 }), calls };
}

test('a purchase is made regular, its amounts stay exact', async () => {
  const { purchases } = answering(row);
  expect(await purchases.get(id, testScope())).toEqual({
    ...header,
    ID: id,
    OrderNumber: 'PO-00001',
    Status: 'ORDERING',
    SupplierCurrency: 'JPY',
    CurrencyRate: '0.0062',
    RequiredBy: '2026-02-28',
    Terms: '',
    LastUpdatedDate: '2026-01-05T08:00:00.1234567Z',
    Order: {
      Status: 'DRAFT',
      Memo: '',
      Lines: [
        {
          SKU: 'ML-1',
          Name: '轴承',
          Quantity: '2',
          Price: '500',
          Discount: '0',
          Tax: '0',
          TaxRule: 'Tax Exempt',
          SupplierSKU: '',
          Comment: '',
          Total: '1000',
        },
      ],
      AdditionalCharges: [],
    },
  });
});

const order = row['Order'] as Row;
const [line] = order['Lines'] as Row[];

test.each<[string, unknown]>([
  ['is a list', [row]],
  ['is a list in an envelope', { Total: '1', Page: '1', PurchaseList: [row] }],
  ['has no status', { ...row, Status: null }],
  ['has no type', { ...row, Type: undefined }],
  ['has no supplier', { ...row, SupplierID: '' }],
  ['has an approach nobody knows', { ...row, Approach: 'BLIND' }],
  ['has a rate that is none', { ...row, CurrencyRate: 'auto' }],
  ['has no order', { ...row, Order: null }],
  ['has an order in a status nobody knows', { ...row, Order: { ...order, Status: 'CLOSED' } }],
  ['has an order without lines, not even empty ones', { ...row, Order: { ...order, Lines: undefined } }],
  ['has an order with charges that are no list', { ...row, Order: { ...order, AdditionalCharges: { Total: '1' } } }],
  ['has a line that is none', { ...row, Order: { ...order, Lines: [line, 'ML-2'] } }],
  ['has a line without product', { ...row, Order: { ...order, Lines: [{ ...line, SKU: null }] } }],
  ['has a line without quantity', { ...row, Order: { ...order, Lines: [{ ...line, Quantity: null }] } }],
  ['has a price with an exponent', { ...row, Order: { ...order, Lines: [{ ...line, Price: '1E+3' }] } }],
])('an answer that %s is an error, not a purchase with less', async (_what, answer) => {
  const { purchases } = answering(answer);
  await expect(purchases.get(id, testScope())).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE', verdict: 'retry' });
});

test.each<[string, unknown]>([
  ['shows no order', { ...row, Order: undefined }],
  ['shows another note', { ...row, Note: 'by hand' }],
  ['shows another supplier', { ...row, SupplierID: id }],
])('a new purchase whose answer %s is read before it is believed', async (_what, answer) => {
  const { purchases, calls } = answering(answer, row);
  expect((await purchases.create(header, testScope())).ID).toBe(id);
  expect(calls).toEqual(['POST advanced-purchase', 'GET advanced-purchase']);
});

test('a new purchase whose answer tells too little and that cannot be read is uncertain', async () => {
  const { purchases } = answering({ ID: id }, new SystemError('CIN7_SERVER_ERROR', 'retry', 'reading: Cin7 Core failed'));
  await expect(purchases.create(header, testScope())).rejects.toMatchObject({ code: 'CIN7_NOT_VERIFIED', verdict: 'uncertain' });
  const none = answering({ Order: {} });
  await expect(none.purchases.create(header, testScope())).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE', verdict: 'uncertain' });
});

test('a list that is no list of purchases is an error, and none was found says nothing', async () => {
  const where = { supplierId: header.SupplierID, supplierName: 'Acme', since: '2026-01-01T00:00:00Z' };
  for (const answer of [
    { Total: '1', Page: '1' },
    { Total: '1', PurchaseList: [{ OrderNumber: 'PO-1' }] },
  ]) {
    const { purchases } = answering(answer);
    await expect(purchases.findByNote('JDE:1', where, testScope())).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE' });
  }
  const none = answering({ Total: '0', PurchaseList: [] });
  expect(await none.purchases.findByNote('JDE:1', where, testScope())).toEqual([]);
});
