import { jsonNumber } from '@ml-connector/shared';
import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { openCategories } from './categories.ts';
import { chunks } from './chunks.ts';
import { readAllV3 } from './pages.ts';
import { openPrices } from './prices.ts';
import { joined, ofProduct, productOf, toProduct, toVariant, type ProductRow } from './product-rows.ts';
import { openStock } from './stock.ts';
import type { BigCommerceProducts, NewProduct, ProductVariant } from './types.ts';

const reads = 'store_v2_products_read_only';
const writes = 'store_v2_products';
const mostSkus = 50;

export function openProducts(client: StoreClient, clock: Clock): BigCommerceProducts {
  return {
    ...openCategories(client, clock),
    bySku: (skus, scope) => findBySku(client, skus, scope),
    async create(product, scope) {
      const doing = `creating product ${product.sku}`;
      const call = { method: 'POST', path: 'v3/catalog/products', doing, needs: writes, effect: 'once' } as const;
      const { json } = await client({ ...call, query: { include: 'variants' }, body: bodyOf(product) }, scope);
      const created = productOf(json, doing);
      return theVariant(client, created, scope);
    },
    async update(productId, change, scope) {
      const call = { doing: `changing product ${productId}`, needs: writes } as const;
      await client({ ...call, method: 'PUT', path: `v3/catalog/products/${productId}`, body: bodyOf(change) }, scope);
    },
    async updateVariant({ productId, variantId }, { price, weight }, scope) {
      const row = {
        id: variantId,
        ...(price === undefined ? {} : { price: price === null ? null : jsonNumber(price) }),
        ...(weight === undefined ? {} : { weight: jsonNumber(weight) }),
      };
      const call = { doing: `changing variant ${variantId} of product ${productId}`, needs: writes } as const;
      await client({ ...call, method: 'PUT', path: 'v3/catalog/variants', body: [row] }, scope);
    },
    ...openPrices(client),
    ...openStock(client),
  };
}

/** Decimal texts become JSON numbers with exactly their digits. */
function bodyOf({ price, weight, ...rest }: Partial<NewProduct>): Record<string, unknown> {
  return {
    ...rest,
    ...(price === undefined ? {} : { price: jsonNumber(price) }),
    ...(weight === undefined ? {} : { weight: jsonNumber(weight) }),
  };
}

/** SKUs of products in one call each fifty; what is left may be those of further variants, which can only be asked for one by one. */
async function findBySku(client: StoreClient, skus: readonly string[], scope: CallScope): Promise<ProductVariant[]> {
  const wanted = [...new Set(skus)].filter((sku) => sku !== '');
  const found = new Map<string, Map<number, ProductVariant>>();
  const take = (product: ProductRow): void => {
    for (const variant of product.variants) {
      const sku = wanted.find((one) => sameSku(one, variant.sku));
      if (sku !== undefined)
        found.set(sku, (found.get(sku) ?? new Map<number, ProductVariant>()).set(variant.id, joined(product, variant)));
    }
  };
  // A comma would end the SKU in a list.
  for (const part of chunks(
    wanted.filter((sku) => !sku.includes(',')),
    mostSkus,
  ))
    for (const product of await readProducts(client, { 'sku:in': part.join(',') }, scope)) take(product);
  for (const sku of wanted.filter((one) => !found.has(one))) {
    const call = { path: 'v3/catalog/variants', query: { sku }, doing: `reading the variants with SKU ${sku}`, needs: reads } as const;
    const variants = (await readAllV3(client, call, scope)).map(toVariant).filter((variant) => sameSku(variant.sku, sku));
    for (const { product_id } of variants)
      for (const product of await readProducts(client, { 'id:in': String(product_id) }, scope)) take(product);
  }
  return wanted.flatMap((sku) => [...(found.get(sku)?.values() ?? [])]);
}

/** The store compares SKUs whatever their case. */
function sameSku(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function readProducts(client: StoreClient, query: Record<string, string>, scope: CallScope): Promise<ProductRow[]> {
  const call = { path: 'v3/catalog/products', doing: 'reading products', needs: reads, query: { ...query, include: 'variants' } } as const;
  return (await readAllV3(client, call, scope)).map(toProduct);
}

/** Of a product just made; where the answer names its variant without showing it, it is read. */
async function theVariant(client: StoreClient, product: ProductRow, scope: CallScope): Promise<ProductVariant> {
  const shown = product.variants[0];
  if (shown) return joined(product, shown);
  const [again] = await readProducts(client, { 'id:in': String(product.id) }, scope).catch(() => []);
  const read = again?.variants[0];
  if (again && read) return joined(again, read);
  const { base_variant_id: variantId, sku, weight } = product;
  return { ...ofProduct(product), variantId: variantId ?? 0, sku, price: null, weight, isBase: true };
}
