import { data, invalid, noContent, v3Error, v3Page, type Answer } from '../answers.ts';
import { isoZ, readDate } from '../dates.ts';
import { asObject, asRows, list, paging, text } from '../request.ts';
import { addProduct, variantRow } from '../seed/catalog.ts';
import type { ProductRow, Row, VariantRow } from '../state.ts';
import type { Store } from '../store.ts';
import { productsRead, productsWrite, type Call, type Route } from './route.ts';

/** facts/bigcommerce.md 11 */
export const catalogRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v3/catalog/categories',
    scopes: productsRead,
    answer: ({ store, request }) => v3Page(store.state.categories, paging(request), (one) => ({ ...one, parent_id: 0, is_visible: true })),
  },
  {
    method: 'GET',
    path: '/v3/catalog/trees/categories',
    scopes: productsRead,
    answer: ({ store, request }) =>
      v3Page(store.state.categories, paging(request), ({ id, name }) => ({
        category_id: id,
        name,
        parent_id: 0,
        tree_id: 1,
        is_visible: true,
      })),
  },
  { method: 'GET', path: '/v3/catalog/products', scopes: productsRead, answer: listProducts },
  { method: 'POST', path: '/v3/catalog/products', scopes: productsWrite, answer: createProduct },
  { method: 'PUT', path: '/v3/catalog/products', scopes: productsWrite, answer: changeProducts },
  {
    method: 'GET',
    path: '/v3/catalog/products/#',
    scopes: productsRead,
    answer: (call) => withProduct(call, (one) => data(show(one, list(call.request, 'include')))),
  },
  {
    method: 'PUT',
    path: '/v3/catalog/products/#',
    scopes: productsWrite,
    answer: (call) => withProduct(call, (one) => changeProduct(call, one)),
  },
  {
    method: 'DELETE',
    path: '/v3/catalog/products/#',
    scopes: productsWrite,
    answer: (call) => withProduct(call, ({ id }) => (call.store.state.products.delete(id), noContent())),
  },
  {
    method: 'GET',
    path: '/v3/catalog/products/#/variants',
    scopes: productsRead,
    answer: (call) => withProduct(call, (one) => v3Page(one.variants, paging(call.request))),
  },
  { method: 'PUT', path: '/v3/catalog/products/#/variants/#', scopes: productsWrite, answer: changeVariant },
  { method: 'GET', path: '/v3/catalog/variants', scopes: productsRead, answer: listVariants },
  { method: 'PUT', path: '/v3/catalog/variants', scopes: productsWrite, answer: changeVariants },
];

function withProduct({ store, ids }: Call, answer: (product: ProductRow) => Answer): Answer {
  const product = store.state.products.get(ids[0] ?? 0);
  return product ? answer(product) : v3Error(404, 'Product not found');
}

/** A date without a time gets the time of day of the call, as the vendor's does. */
function modifiedMin(sent: string, now: number): number | undefined {
  return readDate(sent.length === 10 ? `${sent}T${new Date(now).toISOString().slice(11, 19)}` : sent);
}

function listProducts({ store, request }: Call): Answer {
  const { query } = request;
  const [ids, skus] = [list(request, 'id:in')?.map(Number), list(request, 'sku:in')];
  const modified = query.get('date_modified:min');
  const from = modified === null ? 0 : modifiedMin(modified, store.now());
  if (from === undefined) return v3Error(422, 'Invalid date', { 'date_modified:min': 'must be a date' });
  const rows = [...store.state.products.values()].filter(
    (product) =>
      (!ids || ids.includes(product.id)) &&
      (!skus || skus.includes(product.sku)) &&
      (query.get('sku') ?? product.sku) === product.sku &&
      (query.get('name') ?? product.name) === product.name &&
      (query.get('is_visible') ?? String(product['is_visible'])) === String(product['is_visible']) &&
      product.modifiedAt >= from,
  );
  const include = list(request, 'include') ?? [];
  return v3Page(rows, paging(request, include.some((one) => one === 'options' || one === 'modifiers') ? 10 : 250), (product) =>
    show(product, include),
  );
}

function show({ variants, modifiedAt, ...product }: ProductRow, include: string[] = []): Row {
  return { ...product, date_modified: isoZ(modifiedAt), ...(include.includes('variants') && { variants }) };
}

function problems(store: Store, body: Row, except?: ProductRow): Answer | undefined {
  const errors: Record<string, string> = {};
  const missing = except ? [] : ['name', 'type', 'weight', 'price'].filter((field) => body[field] === undefined);
  for (const field of missing) errors[field] = 'error.path.missing';
  if (text(body['name']).length > 250) errors['name'] = 'error.maxLength';
  if (text(body['sku']).length > 255) errors['sku'] = 'error.maxLength';
  for (const field of ['price', 'weight'])
    if (body[field] !== undefined && typeof body[field] !== 'number') errors[field] = 'error.expected.jsnumber';
  if (Object.keys(errors).length > 0) return invalid(errors);
  for (const other of store.state.products.values()) {
    if (other === except) continue;
    if (body['name'] !== undefined && other.name === body['name'])
      return v3Error(409, 'The product name is a duplicate', { name: 'The product name is a duplicate' });
    if (text(body['sku']) !== '' && other.variants.some(({ sku }) => sku === body['sku']))
      return v3Error(409, 'The product sku is a duplicate', { sku: 'The product sku is a duplicate' });
  }
  return undefined;
}

function createProduct({ store, request }: Call): Answer {
  const body = asObject(request.body);
  if (!body) return invalid({});
  const refusal = problems(store, body);
  if (refusal) return refusal;
  const product = addProduct(store.state, body as Row & { name: string }, store.now());
  store.emit('store/product/created', { type: 'product', id: product.id });
  return data(show(product, ['variants']));
}

function changeProduct(call: Call, product: ProductRow): Answer {
  const body = asObject(call.request.body);
  if (!body) return invalid({});
  const refusal = problems(call.store, body, product);
  if (refusal) return refusal;
  apply(call.store, product, body);
  return data(show(product));
}

function apply(store: Store, product: ProductRow, { id: _id, variants: _variants, ...fields }: Row): void {
  Object.assign(product, fields, { modifiedAt: store.now() });
  const base = product.variants.find(({ id }) => id === product.base_variant_id);
  if (base && fields['sku'] !== undefined) base.sku = text(fields['sku']);
  store.emit('store/product/updated', { type: 'product', id: product.id });
}

function changeProducts({ store, request }: Call): Answer {
  const rows = asRows(request.body);
  if (!rows) return invalid({});
  if (rows.length > 10) return v3Error(413, 'At most 10 products are allowed in one request.');
  for (const row of rows) {
    const product = store.state.products.get(Number(row['id']));
    if (!product) return v3Error(404, 'Product not found');
    const refusal = problems(store, row, product);
    if (refusal) return refusal;
  }
  const changed = rows.flatMap((row) => {
    const product = store.state.products.get(Number(row['id']));
    if (product) apply(store, product, row);
    return product ? [show(product)] : [];
  });
  return data(changed);
}

function listVariants({ store, request }: Call): Answer {
  const { query } = request;
  const [products, skus] = [list(request, 'product_id:in')?.map(Number), list(request, 'sku:in')];
  const rows = [...store.state.products.values()]
    .flatMap(({ variants }) => variants)
    .filter(
      (variant) =>
        (query.get('sku') ?? variant.sku) === variant.sku &&
        (!skus || skus.includes(variant.sku)) &&
        (!products || products.includes(variant.product_id)) &&
        (query.get('id') ?? String(variant.id)) === String(variant.id),
    );
  return v3Page(rows, paging(request));
}

function changeVariant({ store, request, ids }: Call): Answer {
  const variant = store.state.products.get(ids[0] ?? 0)?.variants.find(({ id }) => id === ids[1]);
  const body = asObject(request.body);
  if (!variant) return v3Error(404, 'Variant not found');
  if (!body) return invalid({});
  return data(applyVariant(store, variant, body));
}

function applyVariant(store: Store, variant: VariantRow, { id: _id, product_id: _product, ...fields }: Row): VariantRow {
  Object.assign(variant, fields);
  const product = store.state.products.get(variant.product_id);
  if (product) product.modifiedAt = store.now();
  store.emit('store/product/updated', { type: 'product', id: variant.product_id });
  return variant;
}

/** Up to 50; a row without id makes a new variant. */
function changeVariants({ store, request }: Call): Answer {
  const rows = asRows(request.body);
  if (!rows) return invalid({});
  if (rows.length > 50) return v3Error(413, 'At most 50 variants are allowed in one request.');
  const all = [...store.state.products.values()].flatMap(({ variants }) => variants);
  const targets: VariantRow[] = [];
  for (const [at, row] of rows.entries()) {
    const product = store.state.products.get(Number(row['product_id']));
    const there = all.find(({ id }) => id === row['id']);
    if (!there && (!product || row['id'] !== undefined)) return invalid({ [`${at}.id`]: 'Variant not found' });
    const variant = there ?? (product && variantRow(store.state, product, { sku: text(row['sku']), price: null }));
    if (!variant) return invalid({ [`${at}.id`]: 'Variant not found' });
    if (!there && product) product.variants.push(variant);
    targets.push(variant);
  }
  return data(targets.map((variant, at) => applyVariant(store, variant, rows[at] ?? {})));
}
