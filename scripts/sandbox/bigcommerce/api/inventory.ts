import { json, problem, v3Page, type Answer } from '../answers.ts';
import { asObject, asRows, list, paging, text } from '../request.ts';
import type { ProductRow, Row, StoreState, VariantRow } from '../state.ts';
import type { Call, Route } from './route.ts';

/** facts/bigcommerce.md 11. Adjustments count at once here; the vendor's may lag. */
export const inventoryRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v3/inventory/locations',
    scopes: ['store_locations_read_only', 'store_inventory_read_only'],
    answer: ({ store, request }) =>
      v3Page(store.state.locations, paging(request), (one) => ({
        ...one,
        type_id: 'PHYSICAL',
        enabled: true,
        managed_by_external_source: false,
      })),
  },
  {
    method: 'PUT',
    path: '/v3/inventory/adjustments/absolute',
    scopes: ['store_inventory'],
    atOnce: 1,
    answer: (call) => adjust(call, (_old, sent) => sent),
  },
  {
    method: 'POST',
    path: '/v3/inventory/adjustments/relative',
    scopes: ['store_inventory'],
    atOnce: 1,
    answer: (call) => adjust(call, (old, sent) => old + sent),
  },
  { method: 'GET', path: '/v3/inventory/items', scopes: ['store_inventory_read_only'], answer: (call) => listItems(call) },
  {
    method: 'GET',
    path: '/v3/inventory/locations/#/items',
    scopes: ['store_inventory_read_only'],
    answer: (call) => listItems(call, call.ids[0]),
  },
];

function adjust({ store, request }: Call, next: (old: number, sent: number) => number): Answer {
  const { state } = store;
  const items = asRows(asObject(request.body)?.['items']);
  if (!items || items.length === 0) return problem(422, 'JSON data is missing or invalid', { items: 'error.path.missing' });
  if (items.length > 2_000) return problem(413, 'At most 2000 items are allowed in one request.');
  const changes: [string, number][] = [];
  for (const [at, item] of items.entries()) {
    const found = find(state, item);
    if (!found) return problem(422, `[Item with ${describe(item)} was not found]`, { [`items.${at}`]: 'Item was not found' });
    const { product, variant } = found;
    if (product.inventory_tracking === 'product' && item['variant_id'] !== undefined)
      return problem(422, `[Item with variant_id ${variant.id} is tracked by product, please update stock by product id]`);
    if (!state.locations.some(({ id }) => id === item['location_id']))
      return problem(422, 'Location was not found', { [`items.${at}.location_id`]: 'Location was not found' });
    if (!Number.isInteger(item['quantity']))
      return problem(422, 'JSON data is missing or invalid', { [`items.${at}.quantity`]: 'error.expected.jsnumber' });
    changes.push([`${text(item['location_id'])}/${variant.id}`, Number(item['quantity'])]);
  }
  for (const [key, quantity] of changes) state.stock.set(key, next(state.stock.get(key) ?? 0, quantity));
  return json({ transaction_id: `2b1d7a3e-0000-4000-8000-${String(Math.floor(store.random.next() * 1e12)).padStart(12, '0')}` });
}

function find({ products }: StoreState, item: Row): { product: ProductRow; variant: VariantRow } | undefined {
  for (const product of products.values())
    for (const variant of product.variants)
      if (
        (item['sku'] !== undefined && variant.sku !== '' && variant.sku === item['sku']) ||
        variant.id === item['variant_id'] ||
        (product.id === item['product_id'] && variant.id === product.base_variant_id)
      )
        return { product, variant };
  return undefined;
}

function describe(item: Row): string {
  const name = ['sku', 'variant_id', 'product_id'].find((one) => item[one] !== undefined) ?? 'sku';
  return `${name} ${text(item[name])}`;
}

function listItems({ store, request }: Call, locationId?: number): Answer {
  const { state } = store;
  const [skus, variants] = [list(request, 'sku:in'), list(request, 'variant_id:in')?.map(Number)];
  const rows = [...state.products.values()]
    .flatMap((product) => product.variants.map((variant) => ({ product, variant })))
    .filter(({ variant }) => (!skus || skus.includes(variant.sku)) && (!variants || variants.includes(variant.id)));
  return v3Page(rows, paging(request, 1_000), ({ product, variant }) => {
    const identity = { sku: variant.sku, variant_id: variant.id, product_id: product.id };
    const at = (id: number): Row => {
      const quantity = state.stock.get(`${id}/${variant.id}`) ?? 0;
      const settings = { safety_stock: 0, is_in_stock: quantity > 0, warning_level: 0, bin_picking_number: '' };
      return { available_to_sell: quantity, total_inventory_onhand: quantity, settings };
    };
    if (locationId !== undefined) return { identity, ...at(locationId) };
    return { identity, locations: state.locations.map(({ id, code }) => ({ location_id: id, location_code: code, ...at(id) })) };
  });
}
