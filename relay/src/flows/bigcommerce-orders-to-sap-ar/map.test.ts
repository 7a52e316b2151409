import { addAmounts, multiplyAmounts, roundAmount } from '@ml-connector/shared';
import type { OrderPayload } from '../bigcommerce-ar/index.ts';
import { sampleEntries, sampleLine, sampleMapping, sampleOrder, sampleTax } from '../bigcommerce-ar/testing/sample-order.ts';
import type { MapOutcome } from '../flow.ts';
import type { ArBody } from '../sap-ar/index.ts';
import { mapOrder } from './map.ts';

const required = { companyCode: '1000', startDate: '2026-05-01', timeZone: 'Europe/Berlin', oneTimeCustomer: '999999' };

function map(order: Partial<OrderPayload> = {}, settings: Record<string, unknown> = {}, entries = sampleEntries): MapOutcome<ArBody> {
  return mapOrder(sampleOrder(order), sampleMapping({ ...required, ...settings }, entries));
}

function mapped(...given: Parameters<typeof map>): ArBody {
  const outcome = map(...given);
  if (outcome.outcome !== 'mapped') throw new Error(JSON.stringify(outcome));
  return outcome.body;
}

/** `gl 800000 -100.00 A1`. */
const shown = (body: ArBody): string[] =>
  body.parts.flatMap(({ customerAmount, items }) => [
    `customer ${customerAmount}`,
    ...items.map((item) =>
      item.kind === 'gl'
        ? `gl ${item.glAccount} ${item.amount} ${item.taxCode ?? ''}`.trim()
        : `tax ${item.taxCode} ${item.amount} on ${item.base}`,
    ),
  ]);

test('a paid order becomes one receivable, on the day it was placed where the company is', () => {
  const body = mapped();
  expect(shown(body)).toEqual(['customer 124.95', 'gl 800000 -100.00 A1', 'gl 801000 -5.00 A1', 'tax A1 -19.95 on -105.00']);
  expect(body).toMatchObject({
    reference: 'BC10452',
    companyCode: '1000',
    currency: 'EUR',
    header: { documentType: 'DR', documentDate: '2026-06-01', postingDate: '2026-06-01', text: 'Order 10452', assignment: 'BC10452' },
    customer: { kind: 'linked', record: { flowId: 'bigcommerce-customers-to-sap-customers', key: '32' } },
  });
});

test.each([
  [0, 'skipped'],
  [1, 'skipped'],
  [7, 'skipped'],
  [12, 'skipped'],
  [11, 'mapped'],
  [10, 'mapped'],
  [4, 'mapped'],
  [5, 'mapped'],
])('status %i is %s', (statusId, outcome) => {
  expect(map({ statusId }).outcome).toBe(outcome);
});

test('of a cancelled order nothing is to stand in SAP', () => {
  expect(mapped({ statusId: 5 })).toMatchObject({ reference: 'BC10452', parts: [] });
});

test('an order before the start date is left out with the reason; of one that costs nothing now nothing is to stand', () => {
  expect(map({ createdAt: '2026-04-30T21:59:59Z' })).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('2026-04-30') as string,
  });
  const free = { total: '0', totalTax: '0', charges: [], taxes: [], lines: [sampleLine({ listed: '0', paid: '0', listedTax: '0' })] };
  expect(mapped(free)).toMatchObject({ reference: 'BC10452', parts: [] });
});

test('all missing entries are told at once', () => {
  const outcome = map({}, {}, {});
  if (outcome.outcome !== 'blocked') throw new Error('not blocked');
  expect(outcome.reasons.map(({ missing }) => `${missing?.valueMapId} ${missing?.code}`)).toEqual([
    'tax-codes DE 19',
    'revenue-accounts Werkzeug',
    'other-accounts shipping',
  ]);
});

test('a guest is a one-time customer with the billing address', () => {
  const billing = { ...sampleOrder().billing, company: 'Donaudampfschifffahrtsgesellschaft Müller & Söhne KG' };
  expect(mapped({ customerId: 0, billing }).customer).toEqual({
    kind: 'oneTime',
    number: '999999',
    address: {
      name: 'Donaudampfschifffahrtsgesellschaft',
      name2: "Zoë O'Brien",
      street: 'Hauptstraße 12, 3. OG',
      city: 'München',
      postalCode: '80331',
      country: 'DE',
    },
  });
  expect(map({ customerId: 0 }, { oneTimeCustomer: '' })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'ONE_TIME_CUSTOMER_MISSING' }],
  });
});

test('one customer per payment method, where that is how the books are kept', () => {
  expect(mapped({}, { customers: 'per-payment-method' }).customer).toEqual({ kind: 'number', number: '100900' });
  expect(map({ paymentMethod: 'PayPal' }, { customers: 'per-payment-method' })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ missing: { valueMapId: 'payment-customers', code: 'PayPal' } }],
  });
});

test('a discount lowers the revenue, or stands on an account of its own', () => {
  const discounted = {
    total: '107.1',
    totalTax: '17.1',
    charges: [],
    lines: [sampleLine({ listed: '119', paid: '107.1' })],
    taxes: [sampleTax({ amount: '17.1' })],
  };
  expect(shown(mapped(discounted))).toEqual(['customer 107.10', 'gl 800000 -90.00 A1', 'tax A1 -17.10 on -90.00']);
  expect(shown(mapped(discounted, { discounts: 'separate' }))).toEqual([
    'customer 107.10',
    'gl 800000 -100.00 A1',
    'gl 880000 10.00 A1',
    'tax A1 -17.10 on -90.00',
  ]);
});

test('several rates, a gift certificate sold, and tenders', () => {
  const body = mapped({
    total: '203.75',
    totalTax: '22',
    giftCertificate: '50',
    storeCredit: '3.75',
    charges: [],
    lines: [
      sampleLine(),
      sampleLine({ id: 2, name: '工具手册', category: 'Bücher', listed: '49', paid: '34.75' }),
      sampleLine({ id: 3, name: 'Gutschein', type: 'giftcertificate', listed: '50', paid: '50' }),
    ],
    taxes: [sampleTax(), sampleTax({ rate: '7', amount: '3', lineId: 2 })],
  });
  expect(shown(body)).toEqual([
    'customer 150.00',
    'gl 800000 -100.00 A1',
    'gl 800100 -31.75 A2',
    'gl 176000 -50.00',
    'gl 176000 50.00',
    'gl 176100 3.75',
    'tax A1 -19.00 on -100.00',
    'tax A2 -3.00 on -31.75',
  ]);
});

test('taxes of two authorities are one code; yen has no decimals', () => {
  const us = {
    shipTo: { country: 'US', state: 'California' },
    currency: 'USD',
    total: '107.25',
    totalTax: '7.25',
    charges: [],
    lines: [sampleLine({ listed: '107.25', paid: '107.25' })],
    taxes: [sampleTax({ name: 'CA State', rate: '6', amount: '6' }), sampleTax({ name: 'LA County', rate: '1.25', amount: '1.25' })],
  };
  expect(shown(mapped(us))).toEqual(['customer 107.25', 'gl 800000 -100.00 U1', 'tax U1 -7.25 on -100.00']);
  const yen = {
    shipTo: { country: 'JP', state: '東京都' },
    currency: 'JPY',
    total: '3300',
    totalTax: '300',
    charges: [],
    lines: [sampleLine({ listed: '3300', paid: '3300' })],
    taxes: [sampleTax({ rate: '10', amount: '300' })],
  };
  expect(shown(mapped(yen))).toEqual(['customer 3300', 'gl 800000 -3000 A8', 'tax A8 -300 on -3000']);
});

test('without tax details the rate comes from the amounts, and the record says so', () => {
  const outcome = map({ taxes: [] });
  if (outcome.outcome !== 'mapped') throw new Error('not mapped');
  expect(shown(outcome.body)).toEqual(['customer 124.95', 'gl 800000 -100.00 A1', 'gl 801000 -5.00 A1', 'tax A1 -19.95 on -105.00']);
  expect(outcome.notes).toEqual([expect.stringContaining('no tax details')]);
});

test.each([
  ['124.98', 'mapped'],
  ['124.9501', 'mapped'],
  ['125.95', 'blocked'],
])('a total of %s against lines of 124.95 is %s', (total, outcome) => {
  expect(map({ total }).outcome).toBe(outcome);
});

test('a small difference gets its own account, a large one a person', () => {
  expect(shown(mapped({ total: '124.98' }))).toContain('gl 889000 -0.03');
  expect(map({ total: '130' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'ORDER_SUMS_DIFFER' }] });
});

test('an order of 1,200 lines is summarised, split or left to a person, by rule', () => {
  const lines = Array.from({ length: 1200 }, (_, id) => sampleLine({ id: id + 1, listed: '1.19', paid: '1.19', listedTax: '0.19' }));
  const taxes = lines.map(({ id }) => sampleTax({ lineId: id, amount: '0.19' }));
  const long = { total: '1428', totalTax: '228', charges: [], lines, taxes };
  const summarised = ['customer 1428.00', 'gl 800000 -1200.00 A1', 'tax A1 -228.00 on -1200.00'];
  expect(shown(mapped(long, { longOrders: 'summarise' }))).toEqual(summarised);
  expect(shown(mapped(long, { items: 'per-account' }))).toEqual(summarised);
  expect(mapped(long).parts).toHaveLength(2);
  expect(map(long, { longOrders: 'block' })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'ORDER_TOO_LONG' }],
  });
});

/** An order whose store rounded the tax of each line to the coin, always to the same side: what sums of many lines cannot hide. */
function oddTaxes({ currency, decimals, rate, gross, tax, count }: OddTaxes): Partial<OrderPayload> {
  const ids = Array.from({ length: count }, (_, place) => place + 1);
  const times = (amount: string): string => roundAmount(multiplyAmounts(amount, String(count)), decimals);
  return {
    currency,
    total: times(gross),
    totalTax: times(tax),
    charges: [],
    lines: ids.map((id) => sampleLine({ id, listed: gross, paid: gross, listedTax: tax })),
    taxes: ids.map((lineId) => sampleTax({ lineId, rate, amount: tax })),
    shipTo: { country: currency === 'JPY' ? 'JP' : currency === 'KWD' ? 'KW' : 'DE', state: '' },
  };
}

interface OddTaxes {
  currency: string;
  decimals: number;
  rate: string;
  gross: string;
  tax: string;
  count: number;
}

/** Coins by which the tax of a document is off what its base says, and how many SAP lets pass: one for each item. */
function taxOffBy({ items }: ArBody['parts'][number], { rate, decimals }: OddTaxes): { off: number; items: number }[] {
  const coins = (amount: string): number => Number(roundAmount(multiplyAmounts(amount, `1${'0'.repeat(decimals)}`), 0));
  return items.flatMap((tax) => {
    if (tax.kind !== 'tax') return [];
    const off = Math.abs(coins(tax.amount) - coins(multiplyAmounts(tax.base, multiplyAmounts(rate, '0.01'))));
    return [{ off, items: items.filter((one) => one.kind === 'gl' && one.taxCode === tax.taxCode).length }];
  });
}

const odd = { entries: { ...sampleEntries, 'tax-codes': { 'DE 19': 'A1', 'JP 10': 'J1', 'KW 5': 'K1' } } };

test.each([
  { currency: 'EUR', decimals: 2, rate: '19', gross: '0.99', tax: '0.16', count: 120 },
  { currency: 'EUR', decimals: 2, rate: '19', gross: '0.96', tax: '0.15', count: 999 },
  { currency: 'JPY', decimals: 0, rate: '10', gross: '105', tax: '10', count: 120 },
  { currency: 'JPY', decimals: 0, rate: '10', gross: '104', tax: '9', count: 999 },
  { currency: 'KWD', decimals: 3, rate: '5', gross: '0.115', tax: '0.005', count: 120 },
  { currency: 'KWD', decimals: 3, rate: '5', gross: '0.116', tax: '0.006', count: 999 },
])('$count lines of $gross $currency: the tax that the store rounded by line stays within what SAP lets pass', (sold) => {
  const body = mapped(oddTaxes(sold), {}, odd.entries);
  const { gross, tax, count, decimals } = sold;
  expect(body.parts).toHaveLength(count > 890 ? 2 : 1);
  for (const part of body.parts) {
    expect(part.items.length + 1).toBeLessThanOrEqual(900);
    expect(addAmounts(part.customerAmount, ...part.items.map(({ amount }) => amount))).toBe('0');
    for (const { off, items } of taxOffBy(part, sold)) expect(off).toBeLessThanOrEqual(items);
  }
  const sumOf = (amounts: string[]): string => addAmounts('0', ...amounts);
  const times = (amount: string): string => addAmounts(roundAmount(multiplyAmounts(amount, String(count)), decimals));
  expect(sumOf(body.parts.map(({ customerAmount }) => customerAmount))).toBe(times(gross));
  expect(sumOf(body.parts.flatMap(({ items }) => items.flatMap((one) => (one.kind === 'tax' ? [one.amount] : []))))).toBe(times(`-${tax}`));
  // Why items per line are the default: one sum is off by more than one item may be.
  const [whole] = mapped(oddTaxes(sold), { items: 'per-account' }, odd.entries).parts;
  const [summed] = whole ? taxOffBy(whole, sold) : [];
  expect(summed?.off).toBeGreaterThan(summed?.items ?? 0);
});

test('taxes that the store gives no details of are shares: what rounding to the yen makes of their sum is no difference', () => {
  const lines = [1, 2].map((id) => sampleLine({ id, listed: '1105', paid: '1000', listedTax: '101' }));
  const inYen = { currency: 'JPY', lines, taxes: [], charges: [], total: '2000', shipTo: { country: 'JP', state: 'Tokyo' } };
  const entries = { ...sampleEntries, 'tax-codes': { 'JP 10.1': 'J1' } };
  expect(shown(mapped({ ...inYen, totalTax: '182' }, {}, entries)).filter((one) => one.startsWith('tax'))).toEqual([
    'tax J1 -183 on -1817',
  ]);
  expect(map({ ...inYen, totalTax: '185' }, {}, entries)).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'ORDER_TAX_DIFFERS' }] });
});

test('cost objects come from their own maps, and none where the map says so', () => {
  const entries = { ...sampleEntries, 'cost-centers': { 'Müller Werkzeuge': '4100', '*': '-' }, 'profit-centers': { DE: '1000' } };
  const body = mapped({}, { costCenterBy: 'brand', profitCenterBy: 'country' }, entries);
  expect(body.parts[0]?.items.slice(0, 2)).toMatchObject([
    { glAccount: '800000', costCenter: '4100', profitCenter: '1000' },
    { glAccount: '801000', profitCenter: '1000' },
  ]);
  expect(body.parts[0]?.items[1]).not.toHaveProperty('costCenter');
});

const bareItem = sampleTax({ lineId: null });
test.each([
  ['rows that name no line', { taxes: [bareItem, sampleTax({ amount: '0.95', lineId: null, of: 'shipping' })] }],
  ['rows of the lines only', { taxes: [sampleTax()] }],
])('tax that is told by %s is found in the amounts themselves', (_what, order) => {
  expect(shown(mapped(order))).toEqual(['customer 124.95', 'gl 800000 -100.00 A1', 'gl 801000 -5.00 A1', 'tax A1 -19.95 on -105.00']);
});

test('a fee carries its tax, though the store gives no row for it', () => {
  const fee = { id: 3, kind: 'fee' as const, name: 'Kühlversand', gross: '11.9', tax: '1.9' };
  const body = mapped({ charges: [fee], total: '130.9', totalTax: '20.9', taxes: [sampleTax()] });
  expect(shown(body)).toEqual(['customer 130.90', 'gl 800000 -100.00 A1', 'gl 801300 -10.00 A1', 'tax A1 -20.90 on -110.00']);
});

test('a total of taxes that the parts do not explain waits for a person', () => {
  expect(map({ totalTax: '25' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'ORDER_TAX_DIFFERS' }] });
});

test('a customer who is exempt is posted with the code for no tax, whatever rate the row names', () => {
  const exempt = {
    charges: [],
    total: '100',
    totalTax: '0',
    lines: [sampleLine({ listed: '100', paid: '100', listedTax: '0' })],
    taxes: [sampleTax({ amount: '0' })],
  };
  expect(shown(mapped(exempt))).toEqual(['customer 100.00', 'gl 800000 -100.00 A0', 'tax A0 0.00 on -100.00']);
  const tiny = { ...exempt, total: '0.02', lines: [sampleLine({ listed: '0.02', paid: '0.02', listedTax: '0' })] };
  expect(shown(mapped(tiny))).toContain('gl 800000 -0.02 A1');
});

test('a tax that the store cut to nothing keeps its code: of nine yen there is none to charge', () => {
  const yen = {
    shipTo: { country: 'JP', state: '東京都' },
    currency: 'JPY',
    charges: [],
    total: '9',
    totalTax: '0',
    lines: [sampleLine({ listed: '9', paid: '9', listedTax: '0' })],
    taxes: [sampleTax({ rate: '10', amount: '0' })],
  };
  expect(shown(mapped(yen))).toEqual(['customer 9', 'gl 800000 -9 A8', 'tax A8 0 on -9']);
});

test('a gift certificate given away is owed all the same', () => {
  const lines = [sampleLine(), sampleLine({ id: 2, type: 'giftcertificate', name: 'Gutschein', listed: '50', paid: '0', listedTax: '0' })];
  const body = mapped({ lines, charges: [], taxes: [sampleTax()], total: '119', totalTax: '19' });
  expect(shown(body)).toEqual([
    'customer 119.00',
    'gl 800000 -100.00 A1',
    'gl 176000 -50.00',
    'gl 880000 50.00',
    'tax A1 -19.00 on -100.00',
  ]);
});

test('tax on what is said to take no tax code waits for a person, with the reason', () => {
  const entries = { ...sampleEntries, 'tax-codes': { 'DE 19': '-' } };
  expect(map({}, {}, entries)).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'TAX_WITHOUT_CODE' }] });
});

test('more paid by certificate and store credit than the order costs waits for a person', () => {
  expect(map({ giftCertificate: '100', storeCredit: '30' })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'TENDERS_EXCEED_TOTAL' }],
  });
});

test('a gift certificate sold at a discount is owed at its face value', () => {
  const lines = [sampleLine({ type: 'giftcertificate', name: 'Gutschein', listed: '50', paid: '45', listedTax: '0' })];
  const body = mapped({ lines, charges: [], taxes: [], total: '45', totalTax: '0' });
  expect(shown(body)).toEqual(['customer 45.00', 'gl 176000 -50.00', 'gl 880000 5.00']);
});

test('line breaks, control characters and halves of characters do not keep an order out of SAP', () => {
  const name = `Schraube\tM8\u0007\n${'x'.repeat(37)}🔩🔩`;
  const billing = { ...sampleOrder().billing, company: 'Müller\r\nGmbH', city: `Aix\t${'n'.repeat(30)}🏭`, country_iso2: ' de ' };
  const body = mapped({ customerId: 0, billing, lines: [sampleLine({ name })] });
  expect(body.parts[0]?.items[0]).toMatchObject({ text: `Schraube M8 ${'x'.repeat(37)}` });
  expect(body.customer).toMatchObject({ address: { name: 'Müller GmbH', city: `Aix ${'n'.repeat(30)}`, country: 'DE' } });
  expect(map({ customerId: 0, billing: { ...billing, country_iso2: 'Deutschland' } })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'ADDRESS_INCOMPLETE' }],
  });
});

test('an order without a readable date is not taken for one before the start date', () => {
  expect(map({ createdAt: '' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'ORDER_UNREADABLE' }] });
});

test('only what the store says of money and of who owes it makes another version of an order', () => {
  const { stamp } = mapped();
  const renamed = sampleLine({ name: 'Drehmomentschlüssel 2', category: 'Bücher', sku: 'X', brand: 'Y' });
  expect(mapped({ statusId: 10, lines: [renamed], billing: { ...sampleOrder().billing, email: 'neu@kunde.example.com' } }).stamp).toBe(
    stamp,
  );
  expect(
    mapped({}, { paymentTerms: 'ZB30', documentType: 'DX' }, { ...sampleEntries, 'revenue-accounts': { Werkzeug: '800900' } }).stamp,
  ).toBe(stamp);
  const others = [{ customerId: 33 }, { storeHash: 'xyz789' }, { currency: 'CHF' }, { lines: [sampleLine({ productId: 78 })] }];
  for (const other of others) expect(mapped(other).stamp).not.toBe(stamp);
});

test('a cancelled order whose money was given back by refunds keeps its invoice, which their credit memos stand against', () => {
  expect(shown(mapped({ statusId: 5, refunded: '124.95' }))[0]).toBe('customer 124.95');
  expect(mapped({ statusId: 5, refunded: '124.95' }).stamp).toBe(mapped().stamp);
  expect(map({ statusId: 5, refunded: '20' })).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'CANCELLED_WITH_REFUNDS' }] });
});

test('an order that could not be read is blocked with the reason', () => {
  expect(map({ problem: 'order 10452, line 2: total_inc_tax is no amount' })).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'ORDER_UNREADABLE', message: 'order 10452, line 2: total_inc_tax is no amount' }],
  });
});

test('a currency that SAP has without decimals is posted without, whatever ISO says', () => {
  const forint = {
    currency: 'HUF',
    total: '1189.6',
    totalTax: '189.94',
    charges: [],
    lines: [sampleLine({ listed: '1189.6', paid: '1189.6' })],
  };
  const taxes = [sampleTax({ amount: '189.94' })];
  const body = mapped({ ...forint, taxes }, { currencyDecimals: { HUF: 0 } });
  expect(shown(body)).toEqual(['customer 1190', 'gl 800000 -1000 A1', 'tax A1 -190 on -1000']);
});
