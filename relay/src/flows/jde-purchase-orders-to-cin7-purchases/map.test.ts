import { addAmounts } from '@ml-connector/shared';
import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import { mapOrder } from './map.ts';
import { checkPurchase } from './check.ts';
import { cancelled, item, line, mapped, mapping, noItem, order, putBody } from './testing/samples.ts';

const linesOf = (lines: JdePurchaseOrderLine[], ...how: Parameters<typeof mapping>) => putBody(order({ lines }), ...how).purchase.Lines;
const reasonsOf = (one: JdePurchaseOrder, ...how: Parameters<typeof mapping>): string[] => {
  const outcome = mapped(one, ...how);
  return outcome.outcome === 'blocked'
    ? outcome.reasons.map(({ code, missing }) => (missing ? `${missing.valueMapId} ${missing.code}` : code))
    : [outcome.outcome];
};
const short = ({ SKU, Quantity, UOM, Price, Total }: ReturnType<typeof linesOf>[number]): string =>
  `${SKU}: ${Quantity} ${UOM} x ${Price} = ${Total}`;

test('an ordinary order becomes a purchase with its mark, its date and its lines', () => {
  const body = putBody(order());
  expect(body).toMatchObject({
    action: 'put',
    key: '00200-OP-12345-000',
    mark: 'JDE:JPD920/00200/OP/12345/000',
    supplier: '6001',
    currency: 'USD',
    isClosed: false,
    total: '221.00',
  });
  expect(body.purchase.header).toEqual({
    Approach: 'STOCK',
    PurchaseType: 'Advanced',
    Location: 'Main Warehouse',
    TaxRule: 'Tax on Purchases',
    TaxCalculation: 'Exclusive',
    RequiredBy: '2026-05-22',
    Note: [
      'JDE:JPD920/00200/OP/12345/000',
      'Order 12345 OP of company 00200, supplier 6001, branch 30, ordered 2026-05-02, by KLEE, terms N30',
      'References: REQ-88',
      "Remark: Rush for O'Brien & Söhne",
      'Delivery: Gate 4',
    ].join('\n'),
  });
  expect(body.purchase.Lines).toEqual([
    {
      SKU: '4711',
      Name: 'Kugellager 6204 轴承',
      Quantity: '10',
      UOM: 'Item',
      Price: '12.5',
      Discount: '0',
      TaxRule: 'Tax on Purchases',
      Comment: 'JDE line 1.000, promised 2026-05-22',
      Total: '125.00',
    },
    expect.objectContaining({
      SKU: '4712',
      Quantity: '24',
      UOM: 'Item',
      Price: '4',
      Total: '96.00',
      Comment: 'JDE line 2.000, promised 2026-05-22',
    }),
  ]);
  expect(checkPurchase(body)).toEqual([]);
});

describe('quantities and prices', () => {
  test.each<[string, Partial<JdePurchaseOrderLine>, string]>([
    [
      'of another purchasing unit come from the extended amount, never from PRRC',
      { unit: 'EA', purchasingUnit: 'CS', unitCost: '150.0000' },
      '4711: 10 Item x 12.5 = 125.00',
    ],
    ['are converted to the unit of Cin7 Core', { unit: 'CS', quantity: '5', extendedAmount: '60.00' }, '4711: 60 Item x 1 = 60.00'],
    ['may have decimals', { unit: 'KG', quantity: '1.2345', extendedAmount: '12.35' }, '4711: 1.2345 kg x 10.0041 = 12.35'],
    ['may cost nothing', { extendedAmount: '0' }, '4711: 10 Item x 0 = 0.00'],
    ['round to the amount where four decimals allow it', { quantity: '3', extendedAmount: '100.00' }, '4711: 3 Item x 33.3333 = 100.00'],
  ])('%s', (_what, more, expected) => {
    expect(linesOf([line(more)]).map(short)).toEqual([expected]);
  });

  test('what four decimals cannot express is charged, or the order waits', () => {
    const lines = [
      line({ quantity: '30000', extendedAmount: '370.20' }),
      line({ number: '2.000', item: item('9'), quantity: '7000', extendedAmount: '1.00' }),
    ];
    const { purchase, total } = putBody(order({ lines }));
    expect(purchase.Lines.map(short)).toEqual(['4711: 30000 Item x 0.0123 = 369.00', '9: 7000 Item x 0.0001 = 0.70']);
    expect(purchase.AdditionalCharges).toEqual([
      {
        Description: 'Rounding',
        Reference: 'Rounding of lines 1.000, 2.000',
        Quantity: '1',
        Price: '1.50',
        Discount: '0',
        TaxRule: 'Tax on Purchases',
        Total: '1.50',
      },
    ]);
    expect(total).toBe('371.20');
    expect(reasonsOf(order({ lines }), { roundingCharge: undefined })).toEqual(['PRICE_TOO_FINE', 'PRICE_TOO_FINE']);
  });

  test.each<[string, Partial<JdePurchaseOrderLine>, string]>([
    ['a unit nobody mapped', { unit: 'PL' }, 'units PL'],
    ['a quantity below zero', { quantity: '-2', extendedAmount: '-25.00' }, 'AMOUNT_NEGATIVE'],
    ['nothing for money', { quantity: '0' }, 'QUANTITY_ZERO'],
    ['a quantity of five decimals', { quantity: '0.12345' }, 'QUANTITY_TOO_FINE'],
    ['an amount of three decimals', { extendedAmount: '1.234' }, 'AMOUNT_TOO_FINE'],
  ])('%s is not sent', (_what, more, expected) => {
    expect(reasonsOf(order({ lines: [line(more)] }))).toContain(expected);
  });

  test.each([
    ['Item', '10', '10 Item'],
    ['12 x Item', '10', '120 Item'],
    ['0.5 x Pallet', '10', '5 Pallet'],
    ['1/12 x Case', '24', '2 Case'],
    ['1 x 6 x Pack', '10', '10 6 x Pack'],
  ])('the entry "%s" makes %s EA to %s', (entry, quantity, expected) => {
    const [one] = linesOf([line({ quantity })], {}, { units: { EA: entry } });
    expect(`${one?.Quantity} ${one?.UOM}`).toBe(expected);
  });

  test('a twelfth of ten does not fit, and an entry of its own for the product counts more', () => {
    const units = { EA: '1/12 x Case', '4711/EA': '10 x g' };
    expect(linesOf([line()], {}, { units }).map(short)).toEqual(['4711: 100 g x 1.25 = 125.00']);
    expect(reasonsOf(order({ lines: [line({ item: item('1') })] }), {}, { units })).toEqual(['QUANTITY_TOO_FINE']);
    expect(reasonsOf(order(), {}, { units: { EA: '0 x Case', CS: 'Item' } })).toEqual(['UNIT_UNREADABLE']);
  });
});

describe('currencies', () => {
  const foreign = { currencyMode: 'F', currency: 'EUR' };

  test('a foreign order takes its foreign amounts', () => {
    const one = order({ ...foreign, lines: [line({ foreignExtendedAmount: '115.00', foreignUnitCost: '11.5' })] });
    expect(putBody(one)).toMatchObject({ currency: 'EUR', total: '115.00' });
  });

  test('yen have no decimals', () => {
    const one = order({ ...foreign, currency: 'JPY', lines: [line({ quantity: '3', foreignExtendedAmount: '10000' })] });
    expect(putBody(one).purchase.Lines.map(short)).toEqual(['4711: 3 Item x 3333.3333 = 10000.00']);
    const moved = order({ ...foreign, currency: 'JPY', lines: [line({ foreignExtendedAmount: '123.45' })] });
    expect(reasonsOf(moved)).toEqual(['AMOUNT_TOO_FINE']);
    expect(putBody(moved, { amountShift: { JPY: 2 } }).total).toBe('12345.00');
  });

  test('yen have none under a name of the site either', () => {
    const yen = order({ ...foreign, currency: 'YEN', lines: [line({ foreignExtendedAmount: '123.45' })] });
    const maps = { currencies: { YEN: 'JPY' } };
    expect(reasonsOf(yen, {}, maps)).toEqual(['AMOUNT_TOO_FINE']);
    expect(putBody(yen, { amountShift: { YEN: 2 } }, maps)).toMatchObject({ currency: 'JPY', total: '12345.00' });
  });

  test('dinars keep their third decimal, or are not sent', () => {
    const dinars = (amount: string) => order({ currency: 'KWD', baseCurrency: 'KWD', lines: [line({ extendedAmount: amount })] });
    expect(reasonsOf(dinars('1.234'))).toEqual(['AMOUNT_TOO_FINE']);
    expect(putBody(dinars('1.230')).total).toBe('1.23');
    expect(putBody(dinars('1234'), { amountShift: { KWD: -2 } }).total).toBe('12.34');
  });

  test.each<[string, Partial<JdePurchaseOrder>, string]>([
    ['foreign without a currency', { currencyMode: 'F', currency: '' }, 'CURRENCY_MISSING'],
    ['domestic in a foreign currency', { currencyMode: 'D', currency: 'EUR' }, 'CURRENCY_UNCLEAR'],
    ['without any currency', { currencyMode: '', currency: '', baseCurrency: '' }, 'CURRENCY_MISSING'],
    ['foreign with no foreign amount', { ...foreign }, 'FOREIGN_AMOUNT_MISSING'],
    [
      'in euros with nothing that says whose amounts those are',
      { currencyMode: '', currency: 'EUR', baseCurrency: '', lines: [line({ foreignExtendedAmount: '115.00' })] },
      'FOREIGN_AMOUNT_UNCLEAR',
    ],
    [
      'domestic, with an amount in another currency only',
      { lines: [line({ extendedAmount: '0', foreignExtendedAmount: '115.00' })] },
      'FOREIGN_AMOUNT_UNCLEAR',
    ],
  ])('an order that is %s waits for a person', (_what, more, expected) => {
    expect(reasonsOf(order(more))).toContain(expected);
  });
});

describe('lines', () => {
  test('LNID keeps its three decimals; equal prices of one SKU become one line', () => {
    const lines = [line(), line({ number: '1.100' }), line({ number: '1.200', extendedAmount: '130.00' })];
    expect(linesOf(lines).map(({ Quantity, Price, Comment }) => `${Quantity} x ${Price} ${Comment}`)).toEqual([
      '20 x 12.5 JDE lines 1.000, 1.100, promised 2026-05-22',
      '10 x 13 JDE line 1.200, promised 2026-05-22',
    ]);
    expect(linesOf(lines, { sameSku: 'all' }).map(short)).toEqual(['4711: 30 Item x 12.6667 = 380.00']);
    expect(linesOf(lines, { sameSku: 'separate' })).toHaveLength(3);
  });

  test('a hundred and twenty lines add up', () => {
    const lines = Array.from({ length: 120 }, (_, index) =>
      line({
        number: `${index + 1}.000`,
        item: item(String(5000 + index)),
        quantity: String(index + 3),
        extendedAmount: `${index * 7 + 1}.${String(index % 100).padStart(2, '0')}`,
      }),
    );
    const body = putBody(order({ lines }));
    expect(body.purchase.Lines).toHaveLength(120);
    expect(Number(body.total)).toBe(Number(addAmounts(...lines.map(({ extendedAmount }) => extendedAmount))));
    expect(checkPurchase(body)).toEqual([]);
  });

  test('free text goes into the memo, or to the line before it', () => {
    const text = (number: string, words: string) =>
      line({ number, type: 'T', item: noItem, quantity: '0', extendedAmount: '0', descriptions: [words, ''], nextStatus: '' });
    const lines = [
      text('0.500', 'All prices net'),
      line(),
      text('1.010', 'Pack  dry'),
      text('1.020', '防潮'),
      line({ number: '2.000', item: item('4712') }),
    ];
    const inMemo = putBody(order({ lines })).purchase;
    expect(inMemo.Memo).toBe('All prices net\nPack dry\n防潮');
    expect(inMemo.Lines).toHaveLength(2);
    const inComments = putBody(order({ lines }), { textLines: 'comment' }).purchase;
    expect(inComments).toMatchObject({
      Memo: '',
      Lines: [{ Comment: 'JDE line 1.000, promised 2026-05-22; Pack dry; 防潮' }, { Comment: 'JDE line 2.000, promised 2026-05-22' }],
    });
  });

  test('freight and lines on accounts become charges over their amount', () => {
    const account = { id: '00012345', businessUnit: '7001', object: '5010', subsidiary: '100' };
    const lines = [
      line(),
      line({
        number: '2.000',
        type: 'F',
        item: noItem,
        quantity: '1',
        unit: 'EA',
        extendedAmount: '40.00',
        descriptions: ['Freight', ''],
        isTaxable: false,
      }),
      line({
        number: '3.000',
        type: 'J',
        item: noItem,
        quantity: '5',
        unit: 'HR',
        extendedAmount: '499.99',
        descriptions: ['Montage', ''],
        account,
      }),
      line({ number: '4.000', type: 'M', item: noItem, extendedAmount: '0' }),
    ];
    const body = putBody(order({ lines }));
    expect(
      body.purchase.AdditionalCharges.map(({ Description, Reference, Quantity, Price, TaxRule }) => [
        Description,
        Reference,
        Quantity,
        Price,
        TaxRule,
      ]),
    ).toEqual([
      ['Freight', '2.000 F Freight 1 EA', '1', '40.00', 'Tax Exempt'],
      ['Installation', '3.000 J Montage 5 HR 7001.5010.100', '1', '499.99', 'Tax on Purchases'],
    ]);
    expect(body.total).toBe('664.99');
    const unknown = order({
      lines: [line({ type: 'B', item: noItem, account: { ...account, object: '6000' } }), line({ type: 'M', item: noItem })],
    });
    expect(reasonsOf(unknown)).toEqual(['charges 6000.100', 'charges M']);
  });

  test('a line of another type is of its item; without one it is a charge, by account or type', () => {
    const account = { id: '1', businessUnit: '30', object: '5010', subsidiary: '100' };
    const free = { short: '', second: 'FREE-TEXT', third: '' };
    const lines = [
      line({ type: 'N' }),
      line({ number: '2.000', type: 'X', item: noItem, account }),
      line({ number: '3.000', type: 'N', item: free }),
    ];
    expect(putBody(order({ lines }), {}, { charges: { '5010': 'Works', N: 'Sundries' } }).purchase).toMatchObject({
      Lines: [{ SKU: '4711' }],
      AdditionalCharges: [{ Description: 'Works' }, { Description: 'Sundries' }],
    });
    expect(reasonsOf(order({ lines: [line({ item: noItem }), line({ type: 'T' })] }))).toEqual(['LINE_UNCLEAR', 'charges S']);
  });

  test('every code without an entry is told at once, each once', () => {
    const lines = [
      line({ unit: 'PL', taxArea: 'FR' }),
      line({ number: '2.000', unit: 'PL', taxArea: 'FR' }),
      line({ number: '3.000', isTaxable: false, branch: '99' }),
    ];
    expect(reasonsOf(order({ lines }), {}, { 'tax-rules': {} })).toEqual(['locations 99', 'tax-rules FR', 'units PL', 'tax-rules N']);
  });

  test('the SKU is the item number of the setting, or what the value map says', () => {
    const sku = (settings: Record<string, unknown>, products = {}) => linesOf([line()], settings, { products })[0]?.SKU;
    expect([sku({}), sku({ itemNumber: 'AITM' }), sku({ itemNumber: 'ITM' }), sku({}, { '4711': 'BRG-6204' })]).toEqual([
      '4711',
      'A-4711',
      '64711',
      'BRG-6204',
    ]);
    expect(reasonsOf(order({ lines: [line({ item: { short: '1', second: '', third: '' } })] }))).toEqual(['ITEM_NUMBER_EMPTY']);
  });

  test('goods of two locations do not fit into one purchase', () => {
    expect(reasonsOf(order({ lines: [line(), line({ number: '2.000', item: item('4712'), branch: '40' })] }))).toEqual([
      'LOCATIONS_DIFFER',
    ]);
  });

  test.each([
    [{ isTaxable: true }, { 'DE19/V/Y': 'A', 'DE19/V': 'B', DE19: 'C' }, 'A'],
    [{ isTaxable: true }, { 'DE19/V': 'B', DE19: 'C' }, 'B'],
    [{ isTaxable: true, taxArea: 'FR' }, { FR: 'F', DE19: 'C' }, 'F'],
    [{ isTaxable: true, taxExplanation: 'E' }, { 'DE19/E': 'E', 'DE19/V': 'B', DE19: 'C' }, 'E'],
    [{ isTaxable: false }, { N: 'None', DE19: 'C' }, 'None'],
    [{ isTaxable: false }, { 'DE19/V/N': 'Free', N: 'None' }, 'Free'],
  ])('the tax rule of %j among %j is %s', (more, rules, expected) => {
    expect(linesOf([line(more)], {}, { 'tax-rules': rules })[0]?.TaxRule).toBe(expected);
  });
});

describe('what stands when', () => {
  test('cancelled lines are left out and named; without another one the order is cancelled', () => {
    const gone = line({ number: '2.000', ...cancelled });
    const body = putBody(order({ lines: [line(), gone] }));
    expect(body.total).toBe('125.00');
    expect(body.purchase.header.Note).toContain('Cancelled: line 2.000 Kugellager 6204 轴承');
    const cancel = { action: 'cancel', key: '00200-OP-12345-000', mark: 'JDE:JPD920/00200/OP/12345/000' };
    expect(mapped(order({ lines: [gone], holdCode: 'B1' }))).toMatchObject({ outcome: 'mapped', body: cancel });
    expect(mapped(order({ lines: [] }))).toMatchObject({ outcome: 'mapped', body: cancel });
    expect(mapOrder({ kind: 'gone', environment: 'JPD920', key: cancel.key }, mapping({ goneOrders: 'void' }))).toMatchObject({
      body: cancel,
    });
  });

  test.each<[string, JdePurchaseOrder, Record<string, unknown>, RegExp]>([
    ['of another company', order({ company: '00100' }), {}, /company 00100/],
    ['of another type', order({ type: 'OR' }), {}, /order type OR/],
    ['from before the start', order({ orderDate: '20251231' }), {}, /2025-12-31, before 2026-01-01/],
    ['on hold', order({ holdCode: 'B1' }), {}, /on hold \(B1\)/],
    [
      'with a line that is not approved',
      order({ lines: [line(), line({ number: '2.000', nextStatus: '230' })] }),
      {},
      /line 2.000 is not released/,
    ],
    [
      'with no line approved',
      order({ lines: [line({ nextStatus: '230' })] }),
      { unreleasedLines: 'leave-out' },
      /line 1.000 is not released/,
    ],
  ])('an order %s is not transferred', (_what, one, settings, reason) => {
    expect(mapped(one, settings)).toMatchObject({ outcome: 'skipped', reason: expect.stringMatching(reason) });
  });

  test('by setting, what is held goes out, and unreleased lines are left out', () => {
    expect(putBody(order({ holdCode: 'B1' }), { ordersOnHold: 'transfer' }).total).toBe('221.00');
    const lines = [line(), line({ number: '2.000', nextStatus: '230' })];
    expect(putBody(order({ lines }), { unreleasedLines: 'leave-out' })).toMatchObject({ total: '125.00', isClosed: false });
  });

  test('an order is closed when all its lines are', () => {
    const closed = line({ lastStatus: '400', nextStatus: '999' });
    expect(putBody(order({ lines: [closed] })).isClosed).toBe(true);
    expect(putBody(order({ lines: [closed, line({ number: '2.000' })] })).isClosed).toBe(false);
    expect(putBody(order({ lines: [closed, line({ number: '2.000', ...cancelled })] })).isClosed).toBe(true);
  });

  test('an order that was only received is the same purchase', () => {
    const received = order({
      lines: order().lines.map((one) => ({ ...one, receivedQuantity: one.quantity, openQuantity: '0', lastStatus: '400' })),
    });
    expect(putBody(received)).toEqual(putBody(order()));
  });
});

test('what is too long is cut and told', () => {
  const outcome = mapped(order({ remark: '很长'.repeat(600) }));
  expect(outcome).toMatchObject({ outcome: 'mapped', notes: [expect.stringContaining('Note is cut')] });
  if (outcome.outcome === 'mapped' && outcome.body.action === 'put')
    expect(outcome.body.purchase.header.Note.length).toBeLessThanOrEqual(1024);
});

test.each<[string, (body: ReturnType<typeof putBody>) => void, RegExp]>([
  ['the mark', ({ purchase }) => void (purchase.header.Note = 'Ours'), /must begin with the line/],
  ['a price', ({ purchase }) => void (purchase.Lines[0]!.Price = '13'), /10 x 13 is not 125.00/],
  [
    'a price with its total',
    ({ purchase }) => void Object.assign(purchase.Lines[0]!, { Price: '13', Total: '130.00' }),
    /come to 226, and to 221.00/,
  ],
  ['a discount', ({ purchase }) => void (purchase.Lines[0]!.Discount = '5'), /discount/],
  ['a date', ({ purchase }) => void (purchase.header.RequiredBy = '31.05.2026'), /no day/],
  ['the SKU', ({ purchase }) => void (purchase.Lines[0]!.SKU = ' '), /no SKU/],
  ['the tax calculation', ({ purchase }) => void (purchase.header.TaxCalculation = 'Inclusive'), /must be Exclusive/],
])('an override that spoils %s blocks the order', (_what, spoil, expected) => {
  const body = structuredClone(putBody(order()));
  spoil(body);
  expect(
    checkPurchase(body)
      .map(({ message }) => message)
      .join('; '),
  ).toMatch(expected);
});
