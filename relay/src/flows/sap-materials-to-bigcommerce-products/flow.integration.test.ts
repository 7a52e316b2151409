import type { NewProduct } from '../../systems/bigcommerce/index.ts';
import { testScope } from '../../systems/testing/index.ts';
import { sapMaterialsToBigCommerceProducts as flow } from './flow.ts';
import { openMaterialsBench, type MaterialsBench } from './testing/bench.ts';
import { addMaterial, rowOf, storedNumber } from './testing/material-rows.ts';

const all = { descriptions: true, weights: true, codes: true };
const create = { missingProducts: 'create', stockLocations: [{ locationId: 1, plant: '1000' }] };
const oneLocation = { stockLocations: [{ locationId: 1, plant: '1000' }] };

/** What the store holds of a SKU. */
function held({ store: { state } }: MaterialsBench, sku: string) {
  const product = [...state.products.values()].find(({ variants }) => variants.some((one) => one.sku === sku));
  const variant = product?.variants.find((one) => one.sku === sku);
  if (!product || !variant) return undefined;
  const prices = Object.fromEntries(state.priceLists.map(({ id, records }) => [id, records.get(`${variant.id}/usd`)?.price]));
  return { product, variant, prices, stock: state.stock.get(`1/${variant.id}`) };
}

function calls(bench: MaterialsBench, method: string, path: string) {
  return bench.store.log.filter((one) => one.method === method && one.path.startsWith(path));
}

test('products that the store has get price and stock; what it does not have waits, and goes out once it is there', async () => {
  await using bench = await openMaterialsBench(oneLocation);
  for (const number of ['NL-1001', 'NL-1002', '4711']) addMaterial(bench.sap, { number, price: '12.34', stock: '7.900' });
  expect(await bench.run()).toEqual({ updated: 2, waiting: 1 });
  expect(held(bench, 'NL-1001')).toMatchObject({ product: { price: 12.34, name: 'Bohrhammer 1001' }, stock: 7 });
  expect(bench.reasons.get(storedNumber('4711'))).toMatchObject({ code: 'PRODUCT_NOT_IN_STORE' });
  expect(bench.links.get('NL-1001')).toMatch(/^\d+$/);

  const scope = testScope();
  const product: NewProduct = { sku: '4711', name: 'Neu', type: 'physical', price: '1', weight: '1', categories: [], is_visible: false };
  await bench.target.products.create(product, scope);
  expect(await bench.run('sweep')).toEqual({ updated: 1 });
  expect(held(bench, '4711')).toMatchObject({ product: { price: 12.34 }, stock: 7 });
  expect(await bench.run('sweep')).toEqual({});
});

test('only what differs is written', async () => {
  await using bench = await openMaterialsBench({ ...all, stock: false, stockLocations: [] });
  addMaterial(bench.sap, { number: 'NL-1001', price: '12.34' });
  expect(await bench.run()).toEqual({ updated: 1 });
  expect(held(bench, 'NL-1001')?.product).toMatchObject({ name: 'Werkzeug NL-1001', weight: 1.5, price: 12.34 });
  rowOf(bench.sap, 'MARA', 'NL-1001')['MATKL'] = '002';
  bench.store.log.length = 0;
  expect(await bench.run('sweep')).toEqual({ unchanged: 1 });
  rowOf(bench.sap, 'MAKT', 'NL-1001')['MAKTX'] = 'Größe „XL“';
  expect(await bench.run('sweep')).toEqual({ updated: 1 });
  expect(calls(bench, 'PUT', '/v3').map(({ body }) => body)).toEqual(['{"name":"Größe „XL“"}']);
});

test('several variants of a product have a price of their own, and its name is left alone', async () => {
  await using bench = await openMaterialsBench({ ...all, ...oneLocation });
  addMaterial(bench.sap, { number: 'NL-1003-M', price: '5.00', stock: '3.000' });
  expect(await bench.run()).toEqual({ updated: 1 });
  const { product, variant, stock } = held(bench, 'NL-1003-M')!;
  expect({ price: variant.price, weight: variant['weight'], stock }).toEqual({ price: 5, weight: 1.5, stock: 3 });
  expect(product.price).not.toBe(5);
  expect(product.name).toBe('Maßband 5 m 1003');
  expect(bench.links.get('NL-1003-M')).toBe(`${product.id}/${variant.id}`);
  expect(await bench.run('full')).toEqual({});
});

test('prices of other currencies go to their price list, one refused row blocks its record only', async () => {
  await using bench = await openMaterialsBench({ ...oneLocation, priceLists: { USD: 1 } });
  for (const number of ['NL-1001', 'NL-1002', 'NL-1003', 'NL-1004', 'NL-1005'])
    addMaterial(bench.sap, { number, price: '20.00', currency: 'USD', stock: '4.000' });
  // The parent SKU of a product with variants has no place in a price list.
  expect(await bench.run()).toEqual({ updated: 4, refused: 1 });
  expect(bench.reasons.get('NL-1003')).toMatchObject({
    code: 'PRICE_REFUSED',
    message: expect.stringMatching(/price list 1 refuses/) as string,
  });
  expect(held(bench, 'NL-1004')).toMatchObject({ prices: { 1: 20 }, stock: 4 });
  // Everything else of the refused one is there.
  expect(held(bench, 'NL-1003')?.stock).toBe(4);
  // Records in hand at the same time share their calls.
  expect(calls(bench, 'PUT', '/v3/pricelists').length).toBeLessThan(5);
});

test.each([
  ['a currency that goes nowhere', { currency: 'USD' }, {}, 'PRICE_CURRENCY'],
  ['no price', { price: '' }, {}, 'PRICE_MISSING'],
  ['prices without tax where the store enters them with it', {}, { pricesIncludeTax: false }, 'PRICE_TAX'],
])('%s is told, and the stock is written', async (_what, more, settings, code) => {
  await using bench = await openMaterialsBench({ ...oneLocation, ...settings });
  addMaterial(bench.sap, { number: 'NL-1001', stock: '4.000', ...more });
  const before = held(bench, 'NL-1001')?.product.price;
  expect(await bench.run()).toEqual({ refused: 1 });
  expect(bench.reasons.get('NL-1001')).toMatchObject({ code });
  expect(held(bench, 'NL-1001')).toMatchObject({ product: { price: before }, stock: 4 });
});

test('a price that ran out blocks the material, or is left by the settings', async () => {
  await using bench = await openMaterialsBench({ ...oneLocation, missingPrice: 'leave' });
  addMaterial(bench.sap, { number: 'NL-1001', price: '12.34' });
  await bench.run();
  rowOf(bench.sap, 'A304', 'NL-1001')['DATBI'] = '20240130';
  expect(await bench.run('sweep')).toEqual({ updated: 1 });
  expect(held(bench, 'NL-1001')?.product.price).toBe(12.34);
});

test('missing products are created hidden, under a name that is free; once', async () => {
  await using bench = await openMaterialsBench(create);
  for (const [number, description] of [
    ['4711', "O'Brien 水平仪"],
    ['4712', 'Bohrhammer 1001'],
    ['4713', ''],
  ] as const)
    addMaterial(bench.sap, { number, description, stock: '7.000' });
  expect(await bench.run()).toEqual({ created: 2, blocked: 1 });
  expect(held(bench, '4711')).toMatchObject({
    product: { name: "O'Brien 水平仪", price: 19.9, weight: 1.5, is_visible: false, categories: [23], inventory_tracking: 'product' },
    stock: 7,
  });
  expect(held(bench, '4712')?.product.name).toBe('Bohrhammer 1001 [4712]');
  expect(await bench.run('sweep')).toEqual({});
});

test('a product without a price is not created', async () => {
  await using bench = await openMaterialsBench({ ...create, missingPrice: 'leave' });
  addMaterial(bench.sap, { number: '4711', price: '' });
  addMaterial(bench.sap, { number: '4712', currency: 'JPY', price: '1000' });
  expect(await bench.run()).toEqual({ refused: 2 });
  expect([...bench.reasons.values()].map(({ code }) => code)).toEqual(['PRICE_MISSING', 'PRICE_CURRENCY']);
  expect(held(bench, '4711')).toBeUndefined();
});

test('a name that is taken holds up neither price nor stock', async () => {
  await using bench = await openMaterialsBench({ ...oneLocation, descriptions: true, nameCollision: 'block' });
  addMaterial(bench.sap, { number: 'NL-1001', description: 'Akkuschrauber 1002', price: '12.34', stock: '4.000' });
  expect(await bench.run()).toEqual({ refused: 1 });
  expect(held(bench, 'NL-1001')).toMatchObject({ product: { name: 'Bohrhammer 1001', price: 12.34 }, stock: 4 });
});

test('what is flagged for deletion, or gone, is hidden; what the store never had is no trouble', async () => {
  await using bench = await openMaterialsBench(oneLocation);
  for (const number of ['NL-1001', 'NL-1002', 'NL-1004']) addMaterial(bench.sap, { number });
  addMaterial(bench.sap, { number: '4711', general: { LVORM: 'X' } });
  expect(await bench.run()).toEqual({ updated: 3, unchanged: 1 });
  rowOf(bench.sap, 'MARA', 'NL-1001')['LVORM'] = 'X';
  bench.sap.tables['MARA'] = bench.sap.tables['MARA']!.filter(({ MATNR }) => MATNR !== 'NL-1002');
  expect(await bench.run('sweep')).toEqual({ updated: 2 });
  expect(['NL-1001', 'NL-1002', 'NL-1004'].map((sku) => held(bench, sku)?.product['is_visible'])).toEqual([false, false, true]);
  expect(await bench.run('sweep')).toEqual({});
});

test('one of several variants is not hidden with all the others', async () => {
  await using bench = await openMaterialsBench(oneLocation);
  addMaterial(bench.sap, { number: 'NL-1003-M', general: { LVORM: 'X' } });
  expect(await bench.run()).toEqual({ refused: 1 });
  expect(bench.reasons.get('NL-1003-M')).toMatchObject({ code: 'VARIANT_NOT_HIDEABLE' });
  expect(held(bench, 'NL-1003-M')?.product['is_visible']).toBe(true);
});

test('two materials of one EAN: the first has the product, whichever is posted beside it', async () => {
  await using bench = await openMaterialsBench({ ...oneLocation, sku: 'ean' });
  const sku = '4006381333931';
  const product: NewProduct = { sku, name: 'Waage', type: 'physical', price: '1', weight: '1', categories: [], is_visible: true };
  await bench.target.products.create(product, testScope());
  for (const number of ['1', '2']) addMaterial(bench.sap, { number, general: { EAN11: '4006381333931' } });
  expect(await bench.run()).toEqual({ updated: 1, refused: 1 });
  expect([...bench.reasons.values()].at(-1)).toMatchObject({ code: 'PRODUCT_OF_ANOTHER_MATERIAL' });
});

test('a SKU that several products have is for a person', async () => {
  await using bench = await openMaterialsBench(oneLocation);
  addMaterial(bench.sap, { number: 'NL-1001' });
  const other = [...bench.store.state.products.values()].find(({ sku }) => sku === 'NL-1002');
  Object.assign(other!, { sku: 'NL-1001' });
  other!.variants[0]!.sku = 'NL-1001';
  expect(await bench.run()).toEqual({ refused: 1 });
  expect(bench.reasons.get('NL-1001')).toMatchObject({ code: 'SKU_NOT_UNIQUE' });
});

test('a linked product that the store no longer has is not created anew', async () => {
  await using bench = await openMaterialsBench(create);
  addMaterial(bench.sap, { number: '4711' });
  await bench.run();
  bench.store.state.products.delete(Number(bench.links.get(storedNumber('4711'))));
  rowOf(bench.sap, 'MARD', '4711')['LABST'] = '1.000';
  expect(await bench.run('sweep')).toEqual({ refused: 1 });
  expect([...bench.reasons.values()]).toMatchObject([{ code: 'PRODUCT_GONE' }]);
});

const writes = [
  ['creating', 'POST', '/v3/catalog/products'],
  ['changing', 'PUT', '/v3/catalog/products'],
  ['a variant', 'PUT', '/v3/catalog/variants'],
  ['a price list', 'PUT', '/v3/pricelists'],
  ['stock', 'PUT', '/v3/inventory'],
] as const;
const losses = [
  'loseNextAnswer',
  'error500AfterCommit',
  'dropBeforeCommit',
  'error503BeforeCommit',
  'limit',
  'limitWithoutHeaders',
] as const;

test.each(writes.flatMap(([what, method, path]) => losses.map((kind) => [what, kind, method, path] as const)))(
  '%s: %s doubles nothing and loses nothing',
  async (_what, kind, method, path) => {
    await using bench = await openMaterialsBench({ ...create, priceLists: { EUR: 1 } });
    for (const number of ['NL-1001', 'NL-1003-M', '4711', '4712']) addMaterial(bench.sap, { number, price: '12.34', stock: '7.000' });
    // More often than the client tries by itself.
    bench.store.faults.add({ kind, times: 5, method, path });
    const seen = await bench.run();
    const done = ['created', 'updated', 'unchanged', 'found by probe'].map((one) => seen[one] ?? 0);
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(bench.store.faults.happened[kind]).toBeGreaterThan(0);
    for (const sku of ['NL-1001', 'NL-1003-M', '4711', '4712']) {
      const { product, variant, stock } = held(bench, sku)!;
      expect({ price: variant.price ?? product.price, stock }).toEqual({ price: 12.34, stock: 7 });
    }
    expect([...bench.store.state.products.values()].filter(({ sku }) => sku.startsWith('471'))).toHaveLength(2);
    expect(bench.store.state.priceLists[0]?.records.size).toBe(4);
  },
);

test('a material group finds its category by name', async () => {
  await using bench = await openMaterialsBench(oneLocation);
  bench.sap.tables['T023T']?.push({ SPRAS: 'E', MATKL: '001', WGBEZ: 'werkzeug' }, { SPRAS: 'D', MATKL: '001', WGBEZ: 'Sonstiges' });
  const { settings, source, target } = bench;
  const [categories] = (await flow.codes?.({ settings, source, target, scope: testScope() })) ?? [];
  expect(categories).toMatchObject({
    valueMapId: 'categories',
    from: [{ code: '001', name: 'werkzeug' }, { code: '(empty)' }],
    proposals: [{ from: '001', to: '23', why: 'same name' }],
  });
  expect(categories?.to).toContainEqual({ code: '24', name: 'Verbrauchsmaterial' });
});
