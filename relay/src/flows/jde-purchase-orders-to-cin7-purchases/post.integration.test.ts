import { addAmounts } from '@ml-connector/shared';
import { skuOf, type Fault, type PurchaseRow } from '../../../../scripts/sandbox/cin7/index.ts';
import { postOrder } from './post.ts';
import { probeOrder } from './probe.ts';
import { openBench, seededOrder, type Bench } from './testing/bench.ts';
import { tryOutOrder } from './try-out.ts';
import { cancelled, item, line, noItem, payloadOf } from './testing/samples.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(async () => bench[Symbol.asyncDispose]());

const mark = 'JDE:JPD920/00200/OP/12345/000';
const only = (): PurchaseRow => {
  const [purchase, another] = bench.purchases();
  if (!purchase || another) throw new Error(`there are ${bench.purchases().length} purchases`);
  return purchase;
};
const linesOf = ({ Order }: PurchaseRow): string[] =>
  Order.Lines.map(({ SKU, Quantity, Price, Tax, Total }) => `${SKU} ${Quantity} x ${Price} = ${Total} + ${Tax}`);
const asSent = [`${skuOf(1)} 10 x 12.5 = 125.00 + 23.75`, `${skuOf(2)} 24 x 4 = 96.00 + 18.24`];
const plainly = (lines: string[]): string[] => lines.map((one) => one.replaceAll(/(\.\d*?)0+(?= |$)/g, '$1').replaceAll(/\.(?= |$)/g, ''));
const quantities = () => only().Order.Lines.map(({ Quantity }) => Number(Quantity));
const isAsSent = () => expect(plainly(linesOf(only()))).toEqual(plainly(asSent));

test('an order becomes an authorised purchase of its supplier, once', async () => {
  const result = await bench.post(seededOrder());
  expect(result).toMatchObject({ action: 'created', targetLabel: only().OrderNumber, targetId: only().ID });
  expect(only()).toMatchObject({
    SupplierID: bench.supplierId,
    SupplierCurrency: 'USD',
    Type: 'Advanced Purchase',
    Location: 'Main Warehouse',
    Order: { Status: 'AUTHORISED' },
  });
  expect(only().Note.split('\n')[0]).toBe(mark);
  isAsSent();
  bench.newVersion();
  const before = bench.writes();
  expect(await bench.post(seededOrder())).toMatchObject({ action: 'unchanged' });
  expect(bench.writes()).toEqual(before);
});

test('by setting it stays a draft, without tax; what somebody authorised is authorised again when it changes', async () => {
  const settings = { orderStatus: 'draft', tax: 'zero' };
  await bench.post(seededOrder(), settings);
  expect(only().Order.Status).toBe('DRAFT');
  expect(only().Order.Lines.map(({ Tax }) => Number(Tax))).toEqual([0, 0]);
  expect(await bench.post(seededOrder(), settings)).toMatchObject({ action: 'unchanged' });
  await bench.change({ ID: only().ID, Order: { ...only().Order, Status: 'AUTHORISED' } });
  expect(await bench.post(seededOrder({ lines: [line({ item: item(skuOf(1)), quantity: '11' })] }), settings)).toMatchObject({
    action: 'updated',
  });
  expect(only().Order.Status).toBe('AUTHORISED');
  expect(quantities()).toEqual([11]);
});

test.each(['loseNextAnswer', 'error500BeforeCommit'] as const)('nor does %s leave what somebody authorised a draft', async (kind) => {
  const settings = { orderStatus: 'draft' };
  await bench.post(seededOrder(), settings);
  await bench.change({ ID: only().ID, Order: { ...only().Order, Status: 'AUTHORISED' } });
  const changed = seededOrder({ lines: [line({ item: item(skuOf(1)), quantity: '11' })] });
  bench.sim.faults.add({ kind, method: 'POST', path: '/purchase/order', times: 100 });
  await expect(bench.post(changed, settings)).rejects.toMatchObject({ verdict: 'uncertain' });
  bench.sim.faults.clear();
  expect(only().Order.Status).toBe('DRAFT');
  expect(await probeOrder(bench.input(changed, settings))).toEqual({ outcome: 'absent' });
  bench.newVersion(changed);
  await bench.post(changed, settings);
  expect(only().Order.Status).toBe('AUTHORISED');
  expect(quantities()).toEqual([11]);
});

const lostAnswers: [string, Omit<Fault, 'kind'>][] = [
  ['of the header', { method: 'POST', path: '/advanced-purchase' }],
  ['of the draft of the lines', { method: 'POST', path: '/purchase/order' }],
  ['of the authorisation', { method: 'POST', path: '/purchase/order', after: 1 }],
];
const kinds = ['loseNextAnswer', 'error500AfterCommit', 'dropBeforeCommit', 'wrongJson'] as const;
test.each(lostAnswers.flatMap(([what, fault]) => kinds.map((kind) => [kind, what, fault] as const)))(
  '%s %s leads to one purchase all the same',
  async (kind, _what, fault) => {
    bench.sim.faults.add({ ...fault, kind });
    const { result } = await bench.drive(seededOrder());
    expect(result).toMatchObject({ targetLabel: only().OrderNumber });
    expect(only().Order.Status).toBe('AUTHORISED');
    isAsSent();
  },
);

test.each(lostAnswers)('answers %s that are lost until we give up are looked up, and gone on with', async (_what, fault) => {
  bench.sim.faults.add({ ...fault, kind: 'loseNextAnswer', times: 4 });
  const { steps } = await bench.drive(seededOrder()).catch((error: unknown) => {
    throw new Error(`${String(error)} ${JSON.stringify(bench.writes())}`);
  });
  // Each header that is sent without an answer is found, so only one is ever made.
  expect(bench.purchases().filter(({ isVoided }) => !isVoided)).toHaveLength(1);
  expect(steps.length).toBeGreaterThan(0);
  isAsSent();
});

test('nothing of it needs JD Edwards, which may be left alone at the moment', async () => {
  const dark = () => {
    const input = bench.input(seededOrder());
    return Object.defineProperty(input, 'source', {
      enumerable: true,
      get: () => {
        throw new Error('JD Edwards is left alone at the moment');
      },
    });
  };
  expect(await probeOrder(dark())).toEqual({ outcome: 'absent' });
  await postOrder(dark());
  expect(await probeOrder(dark())).toMatchObject({ outcome: 'applied', result: { targetId: only().ID } });
});

test('a purchase that an attempt had made before the relay went down is gone on with', async () => {
  const input = bench.input(seededOrder());
  await bench.session.purchases.create(
    {
      SupplierID: bench.supplierId,
      Approach: 'STOCK',
      PurchaseType: 'Advanced',
      Location: 'Main Warehouse',
      TaxRule: 'Tax on Purchases',
      TaxCalculation: 'Exclusive',
      Note: `${mark}\nhalf done`,
    },
    input.scope,
  );
  expect(await bench.post(seededOrder())).toMatchObject({ targetId: only().ID });
  isAsSent();
  expect(only().Note).toContain('Remark: Rush');
});

test('an environment that got another name finds its purchases again; another environment has its own', async () => {
  const asOf = (environment: string) => ({ ...payloadOf(seededOrder()), environment });
  await bench.post(asOf('JPD910'));
  bench.links.clear();
  expect(await bench.post(asOf('JPD920'), { formerEnvironments: ['JPD910'] })).toMatchObject({ targetId: only().ID });
  expect(only().Note.split('\n')[0]).toBe(mark);
  bench.newVersion();
  await expect(bench.post(asOf('JPY920'))).rejects.toMatchObject({ code: 'PURCHASE_OF_ANOTHER_ORDER' });
  bench.links.clear();
  expect(await bench.post(asOf('JPY920'))).toMatchObject({ action: 'created' });
  expect(bench.purchases()).toHaveLength(2);
});

test('an order waits for its supplier, for its products, and says which', async () => {
  bench.suppliers.clear();
  expect(await bench.post(seededOrder())).toMatchObject({
    action: 'waiting',
    reason: { code: 'SUPPLIER_NOT_IN_CIN7', message: expect.stringContaining('supplier 6001') },
    until: { flowId: 'jde-suppliers-to-cin7-suppliers', key: '6001' },
  });
  bench.suppliers.set('6001', bench.supplierId);
  const lines = [
    line({ item: item('NEW-1') }),
    line({ number: '2.000', item: item(skuOf(403)) }),
    line({ number: '3.000', item: item('NEW-2') }),
  ];
  expect(await bench.post(seededOrder({ lines }))).toMatchObject({
    action: 'waiting',
    reason: {
      code: 'PRODUCTS_MISSING',
      message: expect.stringMatching(/no product NEW-1, NEW-2; product ML-00403 \(deprecated\) is not active/),
    },
  });
  expect(bench.purchases()).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string, RegExp]>([
  [
    'another currency than its supplier',
    () => bench.post(seededOrder({ currency: 'EUR', baseCurrency: 'EUR' })),
    'CURRENCY_DIFFERS',
    /in EUR, and purchases of .* are in USD/,
  ],
  [
    'a product that is kept in another unit',
    () => bench.post(seededOrder({ lines: [line({ item: item(skuOf(10)) })] })),
    'UNIT_DIFFERS',
    /ML-00010 is kept in KG, not in EA \(JDE line 1.000/,
  ],
])('an order with %s is refused before anything is sent', async (_what, post, code, message) => {
  await expect(post()).rejects.toMatchObject({ code, verdict: 'refused', message: expect.stringMatching(message) });
  expect(bench.purchases()).toEqual([]);
});

test('a dry run asks for all of it and writes nothing', async () => {
  const lines = [line({ item: item('NEW-1') }), line({ number: '2.000', item: item(skuOf(10)) })];
  const input = bench.input(seededOrder({ lines, currency: 'EUR', baseCurrency: 'EUR' }));
  if (input.body.action === 'put') input.body.purchase.Lines[0]!.TaxRule = 'Tax on Sales';
  expect((await tryOutOrder(input)).map(({ code }) => code)).toEqual(['CURRENCY_DIFFERS', 'PRODUCTS_MISSING', 'TAX_RULE_UNUSABLE']);
  expect(await tryOutOrder(bench.input(seededOrder()))).toEqual([]);
  expect(bench.writes()).toEqual({});
});

test('a tax rule that Cin7 Core does not have for purchases is told before anything is sent', async () => {
  const input = bench.input(seededOrder());
  if (input.body.action === 'put') input.body.purchase.Lines[0]!.TaxRule = 'Tax on Sales';
  await expect(postOrder(input)).rejects.toMatchObject({ code: 'TAX_RULE_UNUSABLE' });
  expect(bench.purchases()).toEqual([]);
});

test.each(['ignoreFields', 'roundOtherwise', 'dropLastLine'] as const)(
  'what Cin7 Core stores otherwise (%s) is never ordered',
  async (kind) => {
    bench.sim.faults.add({ kind, method: 'POST', path: '/purchase/order', fields: ['Lines'], times: 10 });
    await expect(bench.post(seededOrder())).rejects.toMatchObject({ verdict: 'refused' });
    expect(only().Order.Status).not.toBe('AUTHORISED');
    bench.sim.faults.clear();
    expect(await bench.post(seededOrder())).toMatchObject({ targetId: only().ID });
    isAsSent();
  },
);

test('a hundred and twenty lines with freight are one purchase whose sums are those of JD Edwards', async () => {
  const lines = Array.from({ length: 120 }, (_, index) =>
    line({
      number: `${index + 1}.000`,
      item: item(skuOf(index * 3 + (index % 2) + 1)),
      quantity: String(index + 1),
      extendedAmount: `${index + 1}.${String((index % 90) + 10)}`,
    }),
  ).filter(({ item: { second } }) => Number(second.slice(-1)) % 5 !== 0);
  lines.push(line({ number: '200.000', type: 'F', item: noItem, extendedAmount: '49.90', isTaxable: false }));
  await bench.post(seededOrder({ lines }));
  const { Lines, AdditionalCharges } = only().Order;
  const total = addAmounts(...[...Lines, ...AdditionalCharges].map(({ Total }) => Total));
  expect(total).toBe(addAmounts(...lines.map(({ extendedAmount }) => extendedAmount)));
  expect(Lines).toHaveLength(lines.length - 1);
});

describe('changes', () => {
  const more = (quantity = '12') =>
    seededOrder({
      lines: [
        line({ item: item(skuOf(1)), quantity, extendedAmount: '150.00' }),
        line({ number: '3.000', item: item(skuOf(3)), extendedAmount: '7.00' }),
      ],
    });

  beforeEach(async () => {
    await bench.post(seededOrder());
    bench.newVersion();
  });

  test('changed, added and cancelled lines reach the same purchase', async () => {
    const id = only().ID;
    expect(await bench.post(more())).toMatchObject({ action: 'updated', targetId: id });
    expect(plainly(linesOf(only()))).toEqual(plainly([`${skuOf(1)} 12 x 12.5 = 150 + 28.5`, `${skuOf(3)} 10 x 0.7 = 7 + 1.33`]));
    expect(only().Order.Status).toBe('AUTHORISED');
  });

  test.each(['loseNextAnswer', 'error500AfterCommit', 'dropBeforeCommit'] as const)(
    '%s at any step leaves the purchase as wanted',
    async (kind) => {
      for (const [step, fault] of [
        { method: 'DELETE', path: '/advanced-purchase' },
        { method: 'PUT', path: '/advanced-purchase' },
        { method: 'POST', path: '/purchase/order' },
        { method: 'POST', path: '/purchase/order', after: 1 },
      ].entries()) {
        bench.newVersion();
        bench.sim.faults.add({ ...fault, kind });
        await bench.drive({ ...more(String(20 + step)), remark: `version ${step}` });
        expect(only().Order.Status).toBe('AUTHORISED');
        expect(quantities()).toEqual([20 + step, 10]);
        expect(only().Note).toContain(`version ${step}`);
        bench.sim.faults.clear();
      }
    },
  );

  test('a change that came to no end and is taken back leaves nothing behind', async () => {
    bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'POST', path: '/purchase/order', times: 100 });
    await expect(bench.post(more())).rejects.toMatchObject({ verdict: 'uncertain' });
    bench.sim.faults.clear();
    bench.newVersion(more());
    expect(await bench.post(seededOrder())).toMatchObject({ action: 'updated' });
    isAsSent();
    expect(only().Order.Status).toBe('AUTHORISED');
  });

  test('a remark alone changes the note, and nothing is undone', async () => {
    const changed = seededOrder({ remark: 'Deliver to gate 7' });
    expect(await bench.post(changed)).toMatchObject({ action: 'updated' });
    expect(only().Note).toContain('Deliver to gate 7');
    expect(Object.keys(bench.writes()).filter((what) => what.startsWith('DELETE'))).toEqual([]);
    isAsSent();
  });

  test('what was received or invoiced is left to a person, with every difference', async () => {
    await bench.change({ ID: only().ID, received: 'PARTIALLY RECEIVED' });
    const before = bench.writes();
    await expect(bench.post(more())).rejects.toMatchObject({
      code: 'PURCHASE_IN_USE',
      verdict: 'refused',
      facts: { differences: expect.arrayContaining([expect.stringContaining(`${skuOf(3)} 10 x 0.7 = 7.00`)]) },
    });
    expect(bench.writes()).toEqual(before);
    // Texts do not matter any more then.
    expect(await bench.post(seededOrder({ remark: 'too late' }))).toMatchObject({ action: 'unchanged' });
    await expect(bench.post(seededOrder({ lines: [line(cancelled)] }))).rejects.toMatchObject({ code: 'PURCHASE_IN_USE' });
  });

  test('what somebody changed in Cin7 Core is told first, and overwritten after a replay', async () => {
    const { Order, ID } = only();
    await bench.change({ ID, Order: { ...Order, Lines: Order.Lines.slice(1) } });
    await expect(bench.post(seededOrder())).rejects.toMatchObject({ code: 'PURCHASE_CHANGED_IN_CIN7', verdict: 'refused' });
    expect(await bench.post(seededOrder())).toMatchObject({ action: 'updated' });
    isAsSent();
  });

  test('nor does a version that says the same overwrite it, when the one that told was not replayed', async () => {
    const { Order, ID } = only();
    await bench.change({ ID, Order: { ...Order, Lines: Order.Lines.slice(1) } });
    for (const openQuantity of ['9', '8', '7']) {
      const [first, ...others] = seededOrder().lines;
      const received = seededOrder({ lines: [{ ...first!, openQuantity }, ...others] });
      await expect(bench.post(received)).rejects.toMatchObject({ code: 'PURCHASE_CHANGED_IN_CIN7' });
      bench.newVersion(received);
    }
    expect(only().Order.Lines).toHaveLength(1);
  });

  test('a purchase that somebody voided is made anew only after a replay', async () => {
    await bench.change({ ID: only().ID, isVoided: true });
    await expect(bench.post(more())).rejects.toMatchObject({ code: 'PURCHASE_VOIDED' });
    expect(await bench.post(more())).toMatchObject({ action: 'created' });
    expect(bench.purchases().map(({ isVoided }) => isVoided)).toEqual([true, false]);
  });

  test('another supplier cannot be given to a purchase: voided by hand, it is made anew', async () => {
    const { ID } = await bench.session.suppliers.create(
      {
        Name: 'Nordhafen',
        Currency: 'USD',
        PaymentTerm: '30 days',
        AccountPayable: '800',
        TaxRule: 'Tax on Purchases',
        Status: 'Active',
        Addresses: [],
        Contacts: [],
      },
      bench.input(seededOrder()).scope,
    );
    bench.suppliers.set('6002', ID);
    const other = seededOrder({ supplier: '6002' });
    await expect(bench.post(other)).rejects.toMatchObject({
      code: 'PURCHASE_NOT_CHANGEABLE',
      message: expect.stringContaining('supplier is'),
    });
    await bench.change({ ID: only().ID, isVoided: true });
    expect(await bench.post(other)).toMatchObject({ action: 'created' });
    expect(bench.purchases().map(({ SupplierID, isVoided }) => [SupplierID, isVoided])).toEqual([
      [bench.supplierId, true],
      [ID, false],
    ]);
  });

  test('a cancelled order is voided; brought back, it becomes a new purchase', async () => {
    const all = seededOrder({ lines: [line(cancelled)] });
    bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'DELETE', path: '/advanced-purchase' });
    const { result } = await bench.drive(all);
    expect(result).toMatchObject({ action: expect.stringMatching(/updated|unchanged/), targetId: only().ID });
    expect(only().isVoided).toBe(true);
    bench.newVersion();
    expect(await bench.post(all)).toMatchObject({ action: 'unchanged' });
    bench.newVersion();
    expect(await bench.post(seededOrder())).toMatchObject({ action: 'created' });
    expect(bench.purchases().map(({ isVoided }) => isVoided)).toEqual([true, false]);
  });

  test('an order that JD Edwards no longer has is voided by setting', async () => {
    await bench.post({ kind: 'gone', environment: 'JPD920', key: '00200-OP-12345-000' }, { goneOrders: 'void' });
    expect(only().isVoided).toBe(true);
  });

  test('what was closed since stays as it is', async () => {
    const closed = seededOrder({ lines: seededOrder().lines.map((one) => ({ ...one, nextStatus: '999', lastStatus: '400' })) });
    expect(await bench.post(closed)).toMatchObject({ action: 'unchanged', targetId: only().ID });
  });
});

test.each([
  ['closed', { lastStatus: '400', nextStatus: '999' }],
  ['cancelled', cancelled],
])('an order that was %s before it was transferred needs no purchase', async (why, status) => {
  const done = seededOrder({ lines: [line({ item: item(skuOf(1)), ...status })] });
  expect(await bench.post(done)).toMatchObject({
    action: 'unchanged',
    targetId: 'none 00200-OP-12345-000',
    targetLabel: expect.stringContaining(why),
  });
  expect(bench.writes()).toEqual({});
  bench.newVersion();
  expect(await bench.post(seededOrder())).toMatchObject({ action: 'created' });
});

test('a draft that was only begun is voided with its order', async () => {
  bench.sim.faults.add({ kind: 'error500BeforeCommit', method: 'POST', path: '/purchase/order', times: 100 });
  const error: unknown = await bench.post(seededOrder()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ facts: { begun: only().ID } });
  bench.sim.faults.clear();
  bench.newVersion();
  await bench.post(seededOrder({ lines: [line(cancelled)] }));
  expect(only().isVoided).toBe(true);
});

test.each([
  ['wrote above its mark', `Call before delivery\n${mark}`],
  ['emptied its note', ''],
])('a draft that was only begun is gone on with, also where somebody %s', async (_what, Note) => {
  bench.sim.faults.add({ kind: 'error500BeforeCommit', method: 'POST', path: '/purchase/order', times: 100 });
  await expect(bench.post(seededOrder())).rejects.toMatchObject({ facts: { begun: expect.any(String) } });
  bench.sim.faults.clear();
  await bench.change({ ID: only().ID, Note });
  const { targetId } = (await bench.post(seededOrder())) as { targetId?: string };
  expect(targetId).toBe(only().ID);
  expect(only().Note.split('\n')[0]).toBe(mark);
  isAsSent();
});

test('a draft that was stored without its mark is gone on with by a replay', async () => {
  bench.sim.faults.add({ kind: 'ignoreFields', method: 'POST', path: '/advanced-purchase', fields: ['Note'] });
  await expect(bench.post(seededOrder())).rejects.toMatchObject({ code: 'CIN7_PURCHASE_STORED_DIFFERENTLY' });
  await bench.post(seededOrder());
  expect(only().Note.split('\n')[0]).toBe(mark);
  isAsSent();
});

describe('what an earlier version began', () => {
  const begin = async (of = seededOrder()) => {
    bench.sim.faults.add({ kind: 'error500BeforeCommit', method: 'POST', path: '/purchase/order', times: 100 });
    await expect(bench.post(of)).rejects.toMatchObject({ facts: { begun: expect.any(String) } });
    bench.sim.faults.clear();
    bench.newVersion(of);
  };
  const withSupplier = async (number: string) => {
    const { ID } = await bench.session.suppliers.create(
      {
        Name: 'Nordhafen',
        Currency: 'USD',
        PaymentTerm: '30 days',
        AccountPayable: '800',
        TaxRule: 'Tax on Purchases',
        Status: 'Active',
        Addresses: [],
        Contacts: [],
      },
      bench.input(seededOrder()).scope,
    );
    bench.suppliers.set(number, ID);
  };

  test('for another supplier is not left behind', async () => {
    await begin();
    await withSupplier('6002');
    const other = seededOrder({ supplier: '6002' });
    await expect(bench.post(other)).rejects.toMatchObject({ code: 'PURCHASE_NOT_CHANGEABLE' });
    expect(bench.purchases()).toHaveLength(1);
    await bench.change({ ID: only().ID, isVoided: true });
    expect(await bench.post(other)).toMatchObject({ action: 'created' });
  });

  test('for another supplier, with an answer that was lost, is found too', async () => {
    bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'POST', path: '/advanced-purchase' });
    await expect(bench.post(seededOrder())).rejects.toMatchObject({ verdict: 'uncertain' });
    bench.newVersion(seededOrder());
    await withSupplier('6002');
    await expect(bench.post(seededOrder({ supplier: '6002' }))).rejects.toMatchObject({ code: 'PURCHASE_NOT_CHANGEABLE' });
    expect(bench.purchases()).toHaveLength(1);
    await bench.post(seededOrder({ supplier: '6002', lines: [line(cancelled)] }));
    expect(only().isVoided).toBe(true);
  });

  test('is found by a version that is dated long after it', async () => {
    bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'POST', path: '/advanced-purchase' });
    await expect(bench.post(seededOrder())).rejects.toMatchObject({ verdict: 'uncertain' });
    bench.newVersion(seededOrder());
    expect(await bench.post(seededOrder({ orderDate: '20991231' }))).toMatchObject({ targetId: only().ID });
  });
});

test('an order that is dated far ahead is posted once, too', async () => {
  bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'POST', path: '/advanced-purchase' });
  const { result } = await bench.drive(seededOrder({ orderDate: '20991231' }));
  expect(result).toMatchObject({ targetId: only().ID });
  isAsSent();
});

describe('two purchases with one mark', () => {
  const another = () =>
    bench.session.purchases.create(
      {
        SupplierID: bench.supplierId,
        Approach: 'STOCK',
        PurchaseType: 'Advanced',
        Location: 'Main Warehouse',
        TaxRule: 'Tax on Purchases',
        TaxCalculation: 'Exclusive',
        Note: mark,
      },
      bench.input(seededOrder()).scope,
    );

  test('stop the order before anything is written', async () => {
    await another();
    await another();
    await expect(bench.post(seededOrder())).rejects.toMatchObject({
      code: 'PURCHASE_TWICE',
      facts: { purchases: bench.purchases().map(({ ID }) => ID) },
    });
    expect(bench.purchases().map(({ Order }) => Order.Status)).toEqual(['NOT AVAILABLE', 'NOT AVAILABLE']);
  });

  test('that were begun side by side stay drafts', async () => {
    const input = bench.input(seededOrder());
    const { purchases } = input.target;
    const racing = {
      ...purchases,
      create: async (...header: Parameters<typeof purchases.create>) => [await another(), await purchases.create(...header)][1]!,
    };
    await expect(postOrder({ ...input, target: { ...input.target, purchases: racing } })).rejects.toMatchObject({ code: 'PURCHASE_TWICE' });
    expect(bench.purchases().map(({ Order }) => Order.Status)).toEqual(['NOT AVAILABLE', 'NOT AVAILABLE']);
  });

  test('are not made where the list does not show what was just made', async () => {
    const input = bench.input(seededOrder());
    const blind = {
      ...input,
      target: { ...input.target, purchases: { ...input.target.purchases, findByNote: () => Promise.resolve([]) } },
    };
    const error = await postOrder(blind).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CIN7_SEARCH_BEHIND', verdict: 'retry', facts: { begun: only().ID } });
    const behind = error as { code: string; facts: Record<string, unknown> };
    const again = { ...blind, earlierErrors: () => Promise.resolve([behind]) };
    // Days of waiting for a product are attempts, too.
    const late = { ...again, record: { ...again.record, attempt: 300 } };
    await expect(postOrder(late)).rejects.toMatchObject({ code: 'CIN7_SEARCH_BEHIND', verdict: 'retry', retryAfterMs: 20_000 });
    const fiveTimes = () => Promise.resolve(Array.from({ length: 5 }, () => behind));
    await expect(postOrder({ ...late, earlierErrors: fiveTimes })).rejects.toMatchObject({
      code: 'CIN7_SEARCH_BLIND',
      verdict: 'refused',
    });
    expect(only().Order.Status).toBe('NOT AVAILABLE');
    expect(await postOrder({ ...input, earlierErrors: again.earlierErrors })).toMatchObject({ targetId: only().ID });
  });
});
