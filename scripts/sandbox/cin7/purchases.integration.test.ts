import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { skuOf, startCin7, stockProducts, uomOf, type Cin7Sim, type PurchaseRow } from './index.ts';
import { call, type Reply } from './testing/index.ts';

type Json = Record<string, unknown> & { Order: Record<string, unknown> };

interface Opened extends AsyncDisposable {
  sim: Cin7Sim;
  header: Record<string, unknown>;
  api(method: string, url: string, body?: unknown): Promise<Reply<Json>>;
  control(what: string, body: unknown): Promise<number>;
  /** A new purchase's ID. */
  create(more?: Record<string, unknown>): Promise<string>;
}

async function open(options: Parameters<typeof startCin7>[0] = {}): Promise<Opened> {
  const sim = await startCin7({ callsPerMinute: 10_000, ...options });
  const api: Opened['api'] = (method, url, body) => call<Json>(sim, method, url, body);
  const supplier = {
    Name: 'Acme GmbH',
    Currency: 'CHF',
    PaymentTerm: '30 days',
    AccountPayable: '800',
    TaxRule: 'Tax on Purchases',
    Status: 'Active',
  };
  await api('POST', 'supplier', supplier);
  const header = { SupplierID: sim.suppliers()[0]?.ID, Approach: 'Stock', Location: 'Lager Köln', Note: 'JDE:1' };
  return {
    sim,
    header,
    api,
    control: async (what, body) => (await fetch(`${sim.origin}/__control/${what}`, { method: 'POST', body: JSON.stringify(body) })).status,
    create: async (more = {}) =>
      String((await api('POST', 'advanced-purchase', { ...header, PurchaseType: 'Advanced', ...more })).json['ID']),
    [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose](),
  };
}

const line = { SKU: skuOf(1), Quantity: 2, Price: 718.25, Tax: 0, TaxRule: 'Tax Exempt', Total: 1436.5 };
const orderOf = (TaskID: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  TaskID,
  CombineAdditionalCharges: false,
  Memo: '',
  Status: 'DRAFT',
  Lines: [line],
  ...more,
});

test('a header drops lines, number, currency and status, and says 200', async () => {
  await using opened = await open();
  const more = {
    Lines: [line],
    Order: { Lines: [line] },
    OrderNumber: '4711',
    SupplierCurrency: 'USD',
    Status: 'ORDERED',
    OrderDate: '2020-01-01',
  };
  const { status, json } = await opened.api('POST', 'Advanced-Purchase', { ...opened.header, ...more });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    OrderNumber: 'PO-00001',
    Status: 'DRAFT',
    Type: 'Simple Purchase',
    Approach: 'STOCK',
    SupplierCurrency: 'CHF',
    CurrencyRate: 1.04,
    BaseCurrency: 'EUR',
    Terms: '30 days',
    Order: { Status: 'NOT AVAILABLE', Lines: [] },
    StockReceived: [{ Status: 'NOT AVAILABLE' }],
  });
});

test('each write of a draft order overwrites its lines; an authorised one is changed after undoing it only', async () => {
  await using opened = await open();
  const id = await opened.create();
  await opened.api('POST', 'purchase/order', orderOf(id, { Lines: [line, line] }));
  await opened.api('POST', 'purchase/order', orderOf(id, { Status: 'AUTHORISED' }));
  expect(opened.sim.purchases()[0]?.Order).toMatchObject({ Status: 'AUTHORISED', Lines: [{ Total: '1436.5000' }] });
  expect((await opened.api('POST', 'purchase/order', orderOf(id))).text).toMatch(/status AUTHORISED can not be changed/);
  await opened.api('DELETE', `advanced-purchase?ID=${id}`);
  expect((await opened.api('POST', 'purchase/order', orderOf(id, { Lines: [] }))).status).toBe(200);
  expect((await opened.api('PUT', 'purchase/order', orderOf(id))).status).toBe(405);
});

test.each([
  ['a total that does not fit', { Lines: [{ ...line, Total: 1436.49 }] }, /attribute 'Total' doesn't match.*Expected value is: 1436\.50/],
  ['a product that is not there', { Lines: [{ ...line, SKU: 'ML-0' }] }, /"ErrorCode":404,"Exception":"Product 'ML-0' was not found/],
  ['no quantity', { Lines: [{ ...line, Quantity: undefined }] }, /Required attribute Quantity is not provided\./],
  ['a charge that is no service', { AdditionalCharges: [{ ...line, Description: skuOf(1) }] }, /Service product 'ML-00001' was not found/],
  ['lines that are no list', { Lines: {} }, /Lines is invalid/],
  ['a status of its own', { Status: 'ORDERED' }, /Status is invalid/],
  ['no memo', { Memo: null }, /Required attribute Memo is not provided\./],
  ['no purchase', { TaskID: '00000000-0000-4000-8000-000000000000' }, /Purchase Task with specified ID not found/],
])('an order with %s is refused', async (_what, wrong, text) => {
  await using opened = await open();
  const id = await opened.create();
  const reply = await opened.api('POST', 'purchase/order', orderOf(id, wrong));
  expect([reply.status, opened.sim.purchases()[0]?.Order.Status]).toEqual([400, 'NOT AVAILABLE']);
  expect(reply.text).toMatch(text);
});

test('a price left out is zero, and what has more than four decimals is rounded silently', async () => {
  await using opened = await open();
  const id = await opened.create();
  const Lines = [
    { ...line, Price: undefined, Total: 0 },
    { ...line, Price: '1.00006', Total: 2 },
  ];
  await opened.api('POST', 'purchase/order', orderOf(id, { Lines }));
  expect(opened.sim.purchases()[0]?.Order.Lines.map(({ Price }) => Price)).toEqual(['0.0000', '1.0001']);
});

test.each([
  ['Simple', 200, 'Simple Purchase'],
  ['Advanced', 400, 'does not support Advanced Purchase and Service Purchase'],
])('the deprecated path answers %s purchases with %p', async (PurchaseType, status, text) => {
  await using opened = await open();
  const id = await opened.create({ PurchaseType });
  const reply = await opened.api('GET', `purchase?ID=${id}`);
  expect(reply).toMatchObject({ status, text: expect.stringContaining(text) });
});

test.each<[string, string, Partial<PurchaseRow>, string, string]>([
  ['partly received', 'ORDERED', { received: 'PARTIALLY RECEIVED' }, 'RECEIVING', 'PARTIALLY RECEIVED'],
  ['received', 'ORDERED', { received: 'FULLY RECEIVED' }, 'RECEIVED', 'FULLY RECEIVED'],
  ['invoiced', 'ORDERED', { invoiced: 'INVOICED', InvoiceNumber: 'INV-1' }, 'INVOICED', 'NOT RECEIVED'],
  ['received and invoiced', 'ORDERED', { received: 'FULLY RECEIVED', invoiced: 'INVOICED' }, 'COMPLETED', 'FULLY RECEIVED'],
  ['voided', 'ORDERED', { isVoided: true }, 'VOIDED', 'VOIDED'],
])('what a person %s shows it, and is not undone', async (_what, before, change, after, receiving) => {
  await using opened = await open();
  const id = await opened.create();
  await opened.api('POST', 'purchase/order', orderOf(id, { Status: 'AUTHORISED' }));
  expect((await opened.api('GET', `advanced-purchase?ID=${id}`)).json['Status']).toBe(before);
  expect(await opened.control('purchases', { OrderNumber: 'PO-00001', ...change })).toBe(200);
  const { json } = await opened.api('GET', `advanced-purchase?ID=${id.toLowerCase()}`);
  expect([json['Status'], json['CombinedReceivingStatus']]).toEqual([after, receiving]);
  expect((await opened.api('DELETE', `advanced-purchase?ID=${id}&Void=true`)).status).toBe(400);
});

test('the list is by number, searched in its words but never in notes, one value to a filter', async () => {
  await using opened = await open();
  for (let number = 1; number <= 12; number += 1) await opened.create({ Note: `Acme note ${number}` });
  const totalOf = async (query: string): Promise<unknown> => (await opened.api('GET', `purchaseList?${query}`)).json['Total'];
  const { json } = await opened.api('GET', 'purchaseList?Limit=2&Page=6');
  expect(json['PurchaseList']).toMatchObject([{ OrderNumber: 'PO-00011' }, { OrderNumber: 'PO-00012', Supplier: 'Acme GmbH' }]);
  expect(
    await Promise.all(['Search=acme', 'Search=note', 'Search=po-0001', 'Status=DRAFT', 'Status=DRAFT,ORDERED', 'Type=Simple'].map(totalOf)),
  ).toEqual([12, 0, 3, 12, 0, 12]);
  expect(await totalOf(`UpdatedSince=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
  expect(await totalOf('UpdatedSince=2020-01-01')).toBe(12);
});

test('purchases report the limit in their own way', async () => {
  await using opened = await open({ limitStyle: '429' });
  opened.sim.faults.add({ kind: 'limit', times: 2 });
  expect(await opened.api('GET', 'advanced-purchase?ID=1')).toMatchObject({
    status: 400,
    text: expect.stringContaining('You have reached'),
  });
  expect((await opened.api('GET', 'product')).status).toBe(429);
});

test('products carry the SKUs that a simulated ERP orders by', async () => {
  await using opened = await open();
  const { json } = await opened.api('GET', 'product?Sku=ML-00007&IncludeDeprecated=true');
  expect((json['Products'] as { SKU: string }[]).map(({ SKU }) => SKU).sort()).toEqual([
    'ML-00007',
    'ML-00007-SET',
    'ML-000071',
    'OEM-ML-00007',
  ]);
  const products = [...opened.sim.state.products.values()];
  for (let n = 1; n <= stockProducts; n += 1)
    expect(products.find(({ SKU }) => SKU === skuOf(n))).toMatchObject({ Type: 'Stock', Status: 'Active', UOM: uomOf(n) });
  expect(products.filter(({ Type }) => Type === 'Service').map(({ Name }) => Name)).toEqual(['Freight', 'Handling', 'Account charge']);
});

test('persons add, change and deprecate products, one or many', async () => {
  await using opened = await open();
  const totalOf = async (sku: string): Promise<unknown> => (await opened.api('GET', `product?Sku=${sku}`)).json['Total'];
  expect(await opened.control('products', { SKU: 'SCHRAUBE-M8', Name: 'Sechskantschraube', UOM: 'CS' })).toBe(200);
  expect(await opened.control('products', [{ SKU: 'ml-00002', Status: 'Deprecated' }, { SKU: 'NEU-1' }])).toBe(200);
  expect(await Promise.all(['schraube', 'ML-00002', 'NEU-1'].map(totalOf))).toEqual([1, 0, 1]);
  expect(await opened.control('products', { Name: 'without SKU' })).toBe(400);
});

test('the state file keeps purchases and products from start to start', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cin7-'));
  const stateFile = path.join(folder, 'state.jsonl');
  {
    await using opened = await open({ stateFile });
    await opened.api('POST', 'purchase/order', orderOf(await opened.create()));
    await opened.control('products', { SKU: 'NEU-1' });
  }
  {
    await using sim = await startCin7({ stateFile });
    expect(sim.purchases()).toMatchObject([{ OrderNumber: 'PO-00001', Order: { Status: 'DRAFT', Lines: [{ SKU: 'ML-00001' }] } }]);
    expect([...sim.state.products.values()].some(({ SKU }) => SKU === 'NEU-1')).toBe(true);
  }
  rmSync(folder, { recursive: true });
});
