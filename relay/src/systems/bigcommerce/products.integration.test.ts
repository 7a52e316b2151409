import { scriptedStore, type Asked, type Scripted } from './testing/index.ts';

type Row = Record<string, unknown>;
const data = (rows: unknown): Scripted => ({ body: { data: rows, meta: {} } });

const products: Row[] = [
  { id: 7, name: 'Teekanne', sku: 'POT-1', price: 25.10, gtin: '4006381333931', weight: 1.2, is_visible: true, inventory_tracking: 'product', base_variant_id: 70, categories: [5, 3],
    variants: [{ id: 70, product_id: 7, sku: 'POT-1', price: null, weight: null }] },
  { id: 8, name: '茶杯', sku: 'CUP', weight: 0.3, is_visible: false, inventory_tracking: 'variant', base_variant_id: null, categories: [9],
    variants: [
      { id: 81, product_id: 8, sku: 'CUP-RED', price: 25.1, weight: 0.31 },
      { id: 82, product_id: 8, sku: 'CUP,BLUE', price: 26, weight: null },
    ] },
]; // prettier-ignore

function catalog({ path, query }: Asked): Scripted {
  if (path === 'v3/catalog/variants')
    return data(products.flatMap((row) => row['variants'] as Row[]).filter((row) => row['sku'] === query['sku']));
  if (path === 'v3/catalog/categories')
    return data([
      { id: 3, name: 'Tee' },
      { id: 5, name: 'Geschirr' },
    ]);
  const ids = query['id:in']?.split(',') ?? [];
  const skus = query['sku:in']?.split(',') ?? [];
  return data(products.filter((row) => ids.includes(String(row['id'])) || skus.includes(String(row['sku']))));
}

test('products and variants are found by SKU, also with a comma in it; unknown ones are left out', async () => {
  await using store = await scriptedStore(catalog);
  expect(await store.session.products.bySku(['CUP,BLUE', 'POT-1', 'NONE', 'CUP-RED', ''], store.scope)).toMatchObject([
    { productId: 8, variantId: 82, sku: 'CUP,BLUE', name: '茶杯', price: '26', weight: '0.3', isVisible: false, inventoryTracking: 'variant', isBase: false },
    { productId: 7, variantId: 70, sku: 'POT-1', name: 'Teekanne', price: null, productPrice: '25.1', gtin: '4006381333931', upc: '', weight: '1.2', isVisible: true, inventoryTracking: 'product', isBase: true },
    { productId: 8, variantId: 81, sku: 'CUP-RED', name: '茶杯', price: '25.1', weight: '0.31', isVisible: false, inventoryTracking: 'variant', isBase: false },
  ]); // prettier-ignore
});

test('of variants that share a SKU all are told', async () => {
  const twin = (id: number): Row => ({
    id,
    name: `Twin ${id}`,
    sku: '',
    base_variant_id: null,
    variants: [{ id: id * 10, product_id: id, sku: 'Twin' }],
  });
  await using store = await scriptedStore(({ path, query }) =>
    path === 'v3/catalog/variants'
      ? data([20, 30].map((id) => ({ id, product_id: id / 10, sku: 'Twin' })))
      : data([2, 3].filter((id) => String(id) === query['id:in']).map(twin)),
  );
  expect((await store.session.products.bySku(['TWIN'], store.scope)).map(({ variantId }) => variantId)).toEqual([20, 30]);
});

test('categories of products come by name; those without a name are left out', async () => {
  await using store = await scriptedStore(catalog);
  const found = await store.session.products.categoriesOf([7, 8, 0, 99], store.scope);
  expect([...found]).toEqual([
    [7, ['Geschirr', 'Tee']],
    [8, []],
  ]);
  await store.session.products.categoriesOf([7], store.scope);
  expect(store.asked.filter(({ path }) => path === 'v3/catalog/categories')).toHaveLength(1);
});

test('rows that a price list refuses are named, and the others sent once more without them', async () => {
  const saved: Row[][] = [];
  await using store = await scriptedStore(({ body }) => {
    const rows = JSON.parse(body) as Row[];
    const bad = rows.filter(({ sku }) => String(sku).startsWith('BAD'));
    if (bad.length === 0) {
      saved.push(rows);
      return data({});
    }
    return {
      status: 422,
      body: { batch_errors: bad.map((row) => ({ data: { sku: row['sku'], variant_id: null }, field_errors: { sku: 'not found' } })) },
    };
  });
  const row = (sku: string): { sku: string; currency: string; price: string } => ({ sku, currency: 'EUR', price: '25.10' });
  const rows = [...Array.from({ length: 1199 }, (_, index) => row(`A${index}`)), row('BAD-1')];
  expect(await store.session.products.setPrices(2, rows, store.scope)).toEqual([{ sku: 'BAD-1', message: 'sku: not found' }]);
  expect(saved.map((part) => part.length)).toEqual([1000, 199]);
  expect(store.asked[0]).toMatchObject({ method: 'PUT', path: 'v3/pricelists/2/records' });
  expect(store.asked[0]?.body).toContain('{"sku":"A0","currency":"eur","price":25.10}');
});

test('a price list that refuses rows without naming them is a refusal', async () => {
  await using store = await scriptedStore(() => ({ status: 422, body: { batch_errors: [{ data: {}, field_errors: { price: 'bad' } }] } }));
  const rows = [{ sku: 'A', currency: 'EUR', price: '1' }];
  await expect(store.session.products.setPrices(2, rows, store.scope)).rejects.toMatchObject({ verdict: 'refused' });
});

test('the one SKU whose stock is refused is found, and all others are written', async () => {
  const held = new Map<string, number>();
  await using store = await scriptedStore(({ body }) => {
    const { items } = JSON.parse(body) as { items: { sku: string; quantity: number }[] };
    if (items.some(({ sku }) => sku === 'S13'))
      return { status: 422, body: { status: 422, title: 'Item with sku S13 is tracked by product' } };
    for (const { sku, quantity } of items) held.set(sku, quantity);
    return { body: { transaction_id: 'x' } };
  });
  const rows = Array.from({ length: 40 }, (_, index) => ({ locationId: 1, sku: `S${index}`, quantity: index }));
  const refused = await store.session.products.setStock(rows, store.scope);
  expect(refused).toEqual([{ sku: 'S13', message: expect.stringContaining('tracked by product') }]);
  expect(held.size).toBe(39);
});

test('stock that the store cannot take for the moment is no refusal of rows', async () => {
  await using store = await scriptedStore(() => ({ status: 503, body: '' }));
  const rows = [{ locationId: 1, sku: 'S1', quantity: 4 }];
  await expect(store.session.products.setStock(rows, store.scope)).rejects.toMatchObject({ verdict: 'retry' });
});

test('prices and stock are read back as they are written', async () => {
  await using store = await scriptedStore(({ path }) =>
    path.startsWith('v3/pricelists')
      ? { body: '{"data":[{"sku":"A","currency":"usd","price":25.10,"variant_id":3},{"sku":"B","currency":"usd","price":null}],"meta":{}}' }
      : data([{ identity: { sku: 'A', variant_id: 3, product_id: 1 }, available_to_sell: 2, total_inventory_onhand: 5 }]),
  );
  expect(await store.session.products.prices(2, ['A', 'B'], store.scope)).toEqual([{ sku: 'A', currency: 'USD', price: '25.10' }]);
  expect(await store.session.products.stock(1, ['A'], store.scope)).toEqual([{ locationId: 1, sku: 'A', quantity: 5 }]);
});
