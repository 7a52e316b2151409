import { checkProduct } from './check.ts';
import { inStoreUnit, mapMaterial } from './map.ts';
import type { ProductBody } from './payload.ts';
import { materialFlowSettings } from './settings.ts';
import { mapped, mapping, ordinarySettings, payload, price } from './testing/samples.ts';

const all = { descriptions: true, weights: true, codes: true };
const create = { missingProducts: 'create' };

test('an existing product is given price and stock, and no text unless asked for', () => {
  expect(mapped().body).toEqual({
    action: 'upsert',
    number: '4711',
    sku: '4711',
    product: {},
    prices: [{ currency: 'EUR', price: '19.90' }],
    stock: [
      { locationId: 1, quantity: 12 },
      { locationId: 2, quantity: 7 },
    ],
  });
  expect(mapped({}, all).body.product).toEqual({ name: 'Akkuschrauber Größe 2', weightKg: '1.5', gtin: '4006381333931' });
});

test('a product to create begins with everything, hidden', () => {
  expect(mapped({}, create).body.creation).toEqual({
    name: 'Akkuschrauber Größe 2',
    weightKg: '1.5',
    gtin: '4006381333931',
    categories: [23],
    isVisible: false,
    tracksStock: true,
  });
});

test.each([
  ['one piece', { amount: '19.90' }, {}, '19.90', undefined],
  ['per 100 pieces', { amount: '19.90', per: '100' }, {}, '0.199', undefined],
  ['per 100, whole cents', { amount: '250.00', per: '100' }, {}, '2.50', undefined],
  ['per 100, in the decimals of the currency', { amount: '19.90', per: '100' }, { priceDecimals: 'currency' }, '0.20', /rounded to 0.20/],
  ['per 3, without an end', { amount: '10.00', per: '3' }, {}, '3.3333', /10.00 EUR per 3 is rounded to 3.3333/],
  ['yen', { amount: '1000', currency: 'JPY' }, {}, '1000', undefined],
  ['yen per 100', { amount: '150', per: '100', currency: 'JPY' }, { priceDecimals: 'currency' }, '2', /rounded/],
  ['dinars', { amount: '1.234', currency: 'KWD' }, {}, '1.234', undefined],
  ['dinars per 10', { amount: '1.2', per: '10', currency: 'KWD' }, {}, '0.120', undefined],
  ['more digits than a JS number holds', { amount: '123456789012345.67' }, {}, '123456789012345.67', undefined],
])('price: %s', (_what, more, settings, expected, note) => {
  const { body, notes } = mapped({ prices: [price(more)] }, settings);
  expect(body.prices).toEqual([{ currency: 'currency' in more ? more.currency : 'EUR', price: expected }]);
  expect(notes.join()).toMatch(note ?? /^$/);
});

test.each([
  ['none, or one that is not valid any more', [], 'PRICE_MISSING'],
  ['of another condition type', [price({ conditionType: 'ZP00' })], 'PRICE_MISSING'],
  ['per box where pieces are kept', [price({ unit: 'KAR' })], 'PRICE_UNIT'],
  ['nothing', [price({ amount: '0.00' })], 'PRICE_ZERO'],
  ['less than anything that can be asked', [price({ amount: '0.01', per: '1000' })], 'PRICE_ZERO'],
  ['two that differ', [price(), price({ amount: '21' })], 'PRICE_AMBIGUOUS'],
])('a price fault does not hold up the stock: %s', (_what, prices, code) => {
  const { body } = mapped({ prices });
  expect(body).toMatchObject({ prices: [], priceFault: { code } });
  expect(body.stock).toHaveLength(2);
});

test('prices in several currencies, and the same price twice, are no fault', () => {
  const { body } = mapped({ prices: [price(), price({ per: '10', amount: '199' }), price({ currency: 'USD', amount: '25' })] });
  expect(body.prices).toEqual([
    { currency: 'EUR', price: '19.90' },
    { currency: 'USD', price: '25.00' },
  ]);
});

test.each([
  ['rounded down', [{ plant: '1000', storageLocation: '0001', quantity: '0.999' }], {}, [0, 0]],
  ['negative', [{ plant: '2000', storageLocation: '0001', quantity: '-4.5' }], {}, [0, 0]],
  ['nothing any more: zero is sent', [], {}, [0, 0]],
  ['less the safety stock', undefined, { safetyStock: 10 }, [2, 0]],
  [
    'several places make one location',
    undefined,
    {
      stockLocations: [
        { locationId: 5, plant: '1000' },
        { locationId: 5, plant: '2000' },
      ],
    },
    [22],
  ],
])('stock: %s', (_what, stock, settings, expected) => {
  expect(mapped(stock ? { stock } : {}, settings).body.stock.map(({ quantity }) => quantity)).toEqual(expected);
});

test.each([
  ['grams', { grossWeight: '250', weightUnit: 'G' }, '0.25'],
  ['pounds', { grossWeight: '10', weightUnit: 'LB' }, '4.5359237'],
  ['no gross weight', { grossWeight: '0' }, '1.2'],
  ['none at all', { grossWeight: '0', netWeight: '0' }, undefined],
  ['a unit nobody knows', { weightUnit: 'ZZZ' }, undefined],
])('weight: %s', (_what, more, expected) => {
  expect(mapped(more, all).body.product.weightKg).toBe(expected);
});

test.each([
  ['KGS', '0.25', '0.2500'],
  ['LBS', '4.5359237', '10.0000'],
  ['Ounces', '1', '35.2740'],
  ['Grams', '0.25', '250.0000'],
  ['Tonnes', '1500', '1.5000'],
  ['stone', '1', undefined],
])('the weight in %s', (unit, weightKg, expected) => {
  expect(inStoreUnit(weightKg, unit)).toBe(expected);
});

test.each([
  ['line breaks and decomposed characters', 'Maßband\n 5 m,  Gro\u0308ße', 'Maßband 5 m, Größe'],
  ['Chinese', '电动螺丝刀', '电动螺丝刀'],
  ['an apostrophe', "O'Brien Wasserwaage", "O'Brien Wasserwaage"],
  ['too long', 'ü'.repeat(260), 'ü'.repeat(250)],
  ['cut within a character', `${'a'.repeat(249)}𠮷`, 'a'.repeat(249)],
])('name: %s', (_what, description, expected) => {
  expect(mapped({ description }, all).body.product.name).toBe(expected);
});

test.each([
  ['without a description', { description: '' }, all, 'NAME_EMPTY'],
  ['a group without a category', { materialGroup: '777' }, create, 'VALUE_MAP_MISSING'],
  ['a category that is no id', { materialGroup: '666' }, create, 'CATEGORY_INVALID'],
])('blocked: %s', (_what, more, settings, code) => {
  const outcome = mapMaterial(payload(more), mapping(settings, { '001': '23', '666': 'Werkzeug' }));
  expect(outcome).toMatchObject({ outcome: 'blocked', reasons: [{ code }] });
});

test('a material that goes to no new product needs neither description nor category', () => {
  expect(mapped({ description: '', materialGroup: '777' }).body.creation).toBeUndefined();
});

test.each([
  ['flagged for deletion', payload({ isDeleted: true }), {}, { action: 'hide', number: '4711', sku: '4711' }],
  ['gone', { kind: 'gone', number: '000000000000004711' } as const, {}, { action: 'hide', number: '4711', sku: '4711' }],
  [
    'gone, found by EAN',
    { kind: 'gone', number: '000000000000004711' } as const,
    { sku: 'ean' },
    { action: 'hide', number: '4711', sku: '' },
  ],
])('hidden: %s', (_what, one, settings, body) => {
  expect(mapMaterial(one, mapping(settings))).toMatchObject({ outcome: 'mapped', body });
  expect(mapMaterial(one, mapping({ ...settings, whenDeleted: 'leave' }))).toMatchObject({ outcome: 'skipped' });
});

test('by EAN, a material without one is left out; others keep letters and zeros of their number', () => {
  expect(mapped({}, { sku: 'ean' }).body.sku).toBe('4006381333931');
  expect(mapMaterial(payload({ ean: '' }), mapping({ sku: 'ean' }))).toMatchObject({ outcome: 'skipped' });
  expect(mapped({ number: 'BH-0042' }).body.sku).toBe('BH-0042');
});

test.each([
  ['prices without a sales area', { salesOrganisation: undefined }, 'salesOrganisation'],
  ['creating needs prices', { salesOrganisation: undefined, prices: false, ...create }, 'salesOrganisation'],
  ['prices that go nowhere', { productPrice: false }, 'priceLists'],
  ['stock without locations', { stockLocations: [] }, 'stockLocations'],
])('settings: %s', (_what, more, field) => {
  expect(materialFlowSettings.safeParse({ ...ordinarySettings, ...more }).error?.issues).toMatchObject([{ path: [field] }]);
});

test.each<[string, Record<string, unknown>, RegExp | undefined]>([
  ['a description', { description: '<p>Größe</p>' }, undefined],
  ['an empty name', { name: ' ' }, /without a name/],
  ['a long name', { name: 'x'.repeat(251) }, /250 characters/],
  ['a weight that is no number', { weightKg: '1,5' }, /decimal number/],
  ['a weight that is no text', { weightKg: 1.5 }, /must give a text/],
  ['a GTIN with letters', { gtin: '40063X' }, /14 digits/],
  ['a field of nobody', { price: '1.00' }, /price names a field/],
])('overrides may give %s or not', (_what, product, expected) => {
  const body = { ...mapped().body, product } as ProductBody;
  expect(
    checkProduct(body)
      .map(({ message }) => message)
      .join(),
  ).toMatch(expected ?? /^$/);
});
