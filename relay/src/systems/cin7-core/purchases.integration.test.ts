import { openPurchasing, orderLine } from './testing/index.ts';
import type { Cin7PurchaseOrder } from './index.ts';

const marker = 'JDE:00200/OP/12345/000';

const order: Cin7PurchaseOrder = {
  Status: 'DRAFT',
  Memo: '1.000 ML-00001',
  Lines: [
    orderLine('ML-00001', { Quantity: '003.0', Price: '300', Discount: '05', Total: '855.00', Tax: '162.45', Comment: '1.000' }),
    orderLine('ML-00010', { Quantity: '0.125', Price: '12.3456', Total: '1.54', Comment: '1.100' }),
    orderLine('ML-00001', { Quantity: '999999999.9999', Price: '9007199.2547', Total: '9007199254699099.28', Comment: '2.000' }),
  ],
  AdditionalCharges: [
    { Description: 'Freight', Quantity: '1', Price: '49.9', Discount: '0', Tax: '9.481', TaxRule: 'Tax on Purchases', Total: '49.90' },
  ],
};
const authorised: Cin7PurchaseOrder = { ...order, Status: 'AUTHORISED' };
const gone = '00000000-0000-4000-8000-000000000000';

test('a header, then its lines, then the order: what is stored is what was sent, digit by digit', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where } = opened;
  const created = await purchases.create(header, scope);
  expect(created).toMatchObject({ Status: 'DRAFT', SupplierCurrency: 'USD', CurrencyRate: '0.92', Order: { Status: 'NOT AVAILABLE' } });
  const drafted = await purchases.putOrder(created.ID, order, scope);
  expect(drafted.Status).toBe('ORDERING');
  expect(drafted.Order).toMatchObject({ Status: 'DRAFT', Lines: [{}, { Quantity: '0.125' }, { Total: '9007199254699099.28' }] });
  const ordered = await purchases.putOrder(created.ID, authorised, scope);
  expect(ordered).toMatchObject({ ID: created.ID, Status: 'ORDERED', OrderNumber: 'PO-00001', Note: header.Note });
  expect(ordered.Order.Lines).toEqual(drafted.Order.Lines);
  expect(await purchases.findByNote(marker, where, scope)).toEqual([ordered]);
  expect(await purchases.get(created.ID.toUpperCase(), scope)).toEqual(ordered);
});

test('an order of 999 lines is written and verified as one', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header } = opened;
  const { ID } = await purchases.create(header, scope);
  const Lines = Array.from({ length: 999 }, (_, index) => orderLine('ML-00003', { Comment: `${index + 1}.000` }));
  expect((await purchases.putOrder(ID, { ...authorised, Lines }, scope)).Order.Lines).toHaveLength(999);
  expect(opened.sim.calls).toMatchObject({ 'POST /purchase/order 200': 2, 'GET /advanced-purchase 200': 1 });
});

const losses = ['loseNextAnswer', 'error500AfterCommit', 'wrongJson', 'dropBeforeCommit', 'error500BeforeCommit'] as const;

test.each(losses.flatMap((kind) => [0, 1].map((after) => [kind, after] as const)))(
  'a lost answer to the order (%s, after %p calls) is looked up, and what is missing is sent again',
  async (kind, after) => {
    await using opened = await openPurchasing();
    const { purchases, scope, header, sim } = opened;
    const { ID } = await purchases.create(header, scope);
    sim.faults.add({ kind, after, method: 'POST', path: '/purchase/order' });
    const stored = await purchases.putOrder(ID, authorised, scope);
    expect(stored).toMatchObject({ Status: 'ORDERED', Order: { Lines: [{}, {}, {}], AdditionalCharges: [{}] } });
    expect(sim.faults.pending()).toEqual([]);
  },
);

test.each([
  ['its look fails too', 'htmlInstead', 'loseNextAnswer', 'CIN7_ANSWER_LOST'],
  ['it was answered well but cannot be read back', 'forbidden', undefined, 'CIN7_NOT_VERIFIED'],
] as const)('an order is uncertain when %s', async (_what, onRead, onWrite, code) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  if (onWrite) sim.faults.add({ kind: onWrite, method: 'POST' });
  sim.faults.add({ kind: onRead, method: 'GET' });
  await expect(purchases.putOrder(ID, order, scope)).rejects.toMatchObject({ code, verdict: 'uncertain' });
  expect(sim.purchases()[0]?.Order.Lines).toHaveLength(3);
});

test('an order that is through is written again without harm, another one only after undoing it', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header } = opened;
  const { ID } = await purchases.create(header, scope);
  await purchases.putOrder(ID, authorised, scope);
  expect((await purchases.putOrder(ID, authorised, scope)).Status).toBe('ORDERED');
  const other = { ...authorised, Lines: order.Lines.slice(0, 1) };
  const notDraft = { code: 'CIN7_ORDER_NOT_DRAFT', verdict: 'refused', fix: expect.any(String) };
  await expect(purchases.putOrder(ID, other, scope)).rejects.toMatchObject(notDraft);
  await expect(purchases.putOrder(ID, order, scope)).rejects.toMatchObject(notDraft);
  await purchases.undo(ID, scope);
  expect((await purchases.putOrder(ID, other, scope)).Order.Lines).toHaveLength(1);
});

test.each([
  ['no lines', { kind: 'ignoreFields', fields: ['Lines'] }, 'is missing'],
  [
    'a line less',
    { kind: 'dropLastLine' },
    'ML-00001 999999999.9999 x 9007199.2547 = 9007199254699099.28, tax 0 (Tax on Purchases) is missing',
  ],
  ['a cent more tax', { kind: 'roundOtherwise' }, 'less 5 % = 855, tax 162.46 (Tax on Purchases) was not sent'],
] as const)('an order that is stored with %s, answered with 200, is refused and stays a draft', async (_what, fault, told) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  sim.faults.add({ ...fault, fields: 'fields' in fault ? [...fault.fields] : [], method: 'POST', times: 9 });
  await expect(purchases.putOrder(ID, authorised, scope)).rejects.toMatchObject({
    code: 'CIN7_PURCHASE_STORED_DIFFERENTLY',
    verdict: 'refused',
    message: expect.stringContaining(told),
    facts: { orderNumber: 'PO-00001', differences: expect.any(Array) },
  });
  expect(sim.purchases()[0]?.Order.Status).toBe('DRAFT');
});

test('another purchase in the answer is never taken for the one that was asked for', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  const wrong = { code: 'CIN7_WRONG_PURCHASE', verdict: 'refused' };
  sim.faults.add({ kind: 'otherId', method: 'GET', path: '/advanced-purchase', times: 4 });
  await expect(purchases.get(ID, scope)).rejects.toMatchObject(wrong);
  await expect(purchases.findByNote(marker, where, scope)).rejects.toMatchObject(wrong);
  await expect(purchases.putOrder(ID, order, scope)).rejects.toMatchObject(wrong);
  await expect(purchases.void(ID, scope)).rejects.toMatchObject(wrong);
  expect(sim.purchases()[0]?.isVoided).toBe(false);
});

test('a note that is not stored makes the purchase one that nobody would find again: it is refused and named', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  sim.faults.add({ kind: 'ignoreFields', fields: ['Note', 'Terms'] });
  await expect(purchases.create({ ...header, Terms: '14 days' }, scope)).rejects.toMatchObject({
    code: 'CIN7_PURCHASE_STORED_DIFFERENTLY',
    verdict: 'refused',
    facts: { orderNumber: 'PO-00001', id: expect.any(String), differences: [`Note is '' in place of '${header.Note}'`] },
  });
  expect(sim.purchases()).toHaveLength(1);
});

test('a header field that is ignored and is no matter of money is told in the story', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  sim.faults.add({ kind: 'ignoreFields', fields: ['Terms'] });
  await purchases.create({ ...header, Terms: '14 days' }, scope);
  expect(scope.exchanges.at(-1)).toMatchObject({
    what: 'compare the answer of POST /advanced-purchase',
    answer: { notStored: ["Terms is '30 days' in place of '14 days'"] },
  });
});

test.each([
  ['a simple purchase', 'Simple', undefined],
  ['a simple purchase that comes with empty blocks on the advanced path', 'Simple', 'emptyBlocks'],
] as const)('%s is read whole', async (_what, PurchaseType, kind) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  if (kind) sim.faults.add({ kind, method: 'GET', path: '/advanced-purchase', times: 99 });
  const { ID } = await purchases.create({ ...header, PurchaseType }, scope);
  const stored = await purchases.putOrder(ID, authorised, scope);
  expect(stored).toMatchObject({ PurchaseType, Order: { Lines: [{}, {}, {}] } });
  expect(await purchases.findByNote(marker, where, scope)).toEqual([stored]);
  sim.purchases()[0]!.Type = 'Advanced Purchase';
  expect(await purchases.get(ID, scope)).toMatchObject({ PurchaseType: 'Advanced', Order: { Lines: [{}, {}, {}] } });
});

test('undoing and voiding are repeated without harm, also when answers are lost', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  await purchases.putOrder(ID, authorised, scope);
  sim.faults.add({ kind: 'loseNextAnswer', method: 'DELETE' });
  await purchases.undo(ID, scope);
  await purchases.undo(ID, scope);
  expect(sim.purchases()[0]?.Order).toMatchObject({ Status: 'DRAFT', Lines: [{}, {}, {}] });
  sim.faults.add({ kind: 'error500BeforeCommit', method: 'DELETE' });
  await purchases.void(ID, scope);
  await purchases.void(ID, scope);
  expect(await purchases.get(ID, scope)).toMatchObject({ Status: 'VOIDED', Order: { Status: 'VOIDED' } });
  expect(sim.calls).toMatchObject({
    'DELETE /advanced-purchase lost': 1,
    'DELETE /advanced-purchase 500': 1,
    'DELETE /advanced-purchase 200': 1,
  });
  const voided = { code: 'CIN7_PURCHASE_GONE', verdict: 'refused' };
  await expect(purchases.undo(ID, scope)).rejects.toMatchObject(voided);
  await expect(purchases.putOrder(ID, order, scope)).rejects.toMatchObject(voided);
  await expect(purchases.updateHeader(ID, header, scope)).rejects.toMatchObject(voided);
});

test.each([
  ['partly received', { received: 'PARTIALLY RECEIVED' }],
  ['received', { received: 'FULLY RECEIVED' }],
  ['invoiced', { invoiced: 'INVOICED' }],
  ['through', { received: 'FULLY RECEIVED', invoiced: 'INVOICED' }],
] as const)('what was %s is neither undone nor voided', async (_what, done) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  await purchases.putOrder(ID, authorised, scope);
  Object.assign(sim.purchases()[0]!, done);
  const inUse = { code: 'CIN7_PURCHASE_IN_USE', verdict: 'refused', fix: expect.any(String) };
  await expect(purchases.undo(ID, scope)).rejects.toMatchObject(inUse);
  await expect(purchases.void(ID, scope)).rejects.toMatchObject(inUse);
  expect(Object.keys(sim.calls).filter((call) => call.startsWith('DELETE'))).toEqual([]);
});

test('a purchase that is not there is nothing to read and refused to be written', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header } = opened;
  expect(await purchases.get(gone, scope)).toBeUndefined();
  const refused = { code: 'CIN7_PURCHASE_GONE', verdict: 'refused', fix: expect.any(String) };
  await expect(purchases.putOrder(gone, order, scope)).rejects.toMatchObject(refused);
  await expect(purchases.updateHeader(gone, header, scope)).rejects.toMatchObject(refused);
  await expect(purchases.void(gone, scope)).rejects.toMatchObject(refused);
});

test('the limit as purchases report it pauses everybody for a minute, and the call goes through', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  sim.faults.add({ kind: 'limit', style: '400' });
  await purchases.create(header, scope);
  expect(scope.exchanges.map(({ status, error }) => [status, error?.code])).toEqual([
    [400, 'CIN7_RATE_LIMITED'],
    [200, undefined],
  ]);
});
