import { data, invalid, json, noContent, v3CursorPage, v3Error, v3Page, type Answer } from '../answers.ts';
import { asRows, cursorPaging, list, paging, text } from '../request.ts';
import type { PriceRow, Row, StoreState, VariantRow } from '../state.ts';
import { productsRead, productsWrite, type Call, type Route } from './route.ts';

/** facts/bigcommerce.md 2, 4 and 11 */
export const priceListRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v3/pricelists',
    scopes: productsRead,
    answer: ({ store, request }) => v3Page(store.state.priceLists, paging(request), ({ id, name }) => ({ id, name, active: true })),
  },
  { method: 'GET', path: '/v3/pricelists/#/records', scopes: productsRead, atOnce: 10, answer: listRecords },
  { method: 'PUT', path: '/v3/pricelists/#/records', scopes: productsWrite, atOnce: 2, answer: setRecords },
  { method: 'DELETE', path: '/v3/pricelists/#/records', scopes: productsWrite, atOnce: 25, answer: deleteRecords },
];

type PriceList = StoreState['priceLists'][number];

function withList({ store, ids }: Call, answer: (list: PriceList) => Answer): Answer {
  const found = store.state.priceLists.find(({ id }) => id === ids[0]);
  return found ? answer(found) : v3Error(404, 'Price list not found');
}

function listRecords(call: Call): Answer {
  const { request } = call;
  const [skus, variants, currency] = [
    list(request, 'sku:in'),
    list(request, 'variant_id:in')?.map(Number),
    request.query.get('currency')?.toLowerCase(),
  ];
  return withList(call, ({ id, records }) => {
    const rows = [...records.values()]
      .filter(
        (row) =>
          (!skus || skus.includes(row.sku)) && (!variants || variants.includes(row.variant_id)) && (!currency || row.currency === currency),
      )
      .map((row, at) => ({ id: at + 1, row }));
    return v3CursorPage(rows, cursorPaging(request), ({ row }) => ({ price_list_id: id, ...row }));
  });
}

/** Good rows are saved and not echoed, the others are named in `batch_errors` of a 422. */
function setRecords(call: Call): Answer {
  return withList(call, (priceList) => {
    const rows = asRows(call.request.body);
    if (!rows || rows.length === 0) return invalid({});
    if (rows.length > 1_000) return v3Error(413, 'At most 1000 records are allowed in one request.');
    const errors: unknown[] = [];
    const saved: Row[] = [];
    for (const row of rows) {
      const { variant, field_errors } = judge(call.store.state, row);
      const currency = text(row['currency']).toLowerCase();
      if (!variant) {
        const { variant_id, sku } = row;
        errors.push({ data: { price_list_id: priceList.id, variant_id, sku, currency }, field_errors });
        continue;
      }
      const record: PriceRow = {
        sale_price: null,
        retail_price: null,
        map_price: null,
        bulk_pricing_tiers: [],
        ...row,
        variant_id: variant.id,
        product_id: variant.product_id,
        sku: variant.sku,
        currency,
        price: Number(row['price']),
      };
      priceList.records.set(`${variant.id}/${currency}`, record);
      saved.push({ type: 'price_list', id: priceList.id, variant_id: variant.id });
    }
    if (saved.length > 0) call.store.emit('store/priceList/records/updated', { records: saved });
    return errors.length > 0 ? json({ batch_errors: errors }, 422) : data({});
  });
}

function judge({ products }: StoreState, row: Row): { variant?: VariantRow; field_errors: Record<string, string> } {
  const all = [...products.values()].flatMap(({ variants }) => variants);
  const variant = all.find(({ id, sku }) =>
    row['variant_id'] === undefined ? sku !== '' && sku === row['sku'] : id === row['variant_id'],
  );
  if (!variant) return { field_errors: row['variant_id'] === undefined ? { sku: 'Invalid sku' } : { variant_id: 'Invalid variant_id' } };
  const product = products.get(variant.product_id);
  if (product && product.variants.length > 1 && variant.id === product.base_variant_id)
    return { field_errors: { sku: 'The SKU of a product with variants cannot have a price record' } };
  if (!/^[a-z]{3}$/i.test(text(row['currency']))) return { field_errors: { currency: 'Invalid currency' } };
  if (typeof row['price'] !== 'number' || row['price'] < 0) return { field_errors: { price: 'Price must be a number of at least 0' } };
  return { variant, field_errors: {} };
}

function deleteRecords(call: Call): Answer {
  const variants = list(call.request, 'variant_id:in')?.map(Number) ?? [];
  return withList(call, ({ records }) => {
    for (const [key, row] of records) if (variants.includes(row.variant_id)) records.delete(key);
    return noContent();
  });
}
