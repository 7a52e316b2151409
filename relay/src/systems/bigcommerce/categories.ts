import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { chunks } from './chunks.ts';
import type { StoreClient } from './client.ts';
import { readAllV3 } from './pages.ts';
import { toCategorised, toNamed } from './product-rows.ts';
import type { BigCommerceProducts } from './types.ts';

const needs = 'store_v2_products_read_only';
const mostIds = 100;
const rememberedMs = 600_000;

export function openCategories(client: StoreClient, clock: Clock): Pick<BigCommerceProducts, 'categories' | 'categoriesOf'> {
  let known: { namesById: Map<number, string>; readAt: number } | undefined;

  const read = async (scope: CallScope): Promise<{ id: number; name: string }[]> => {
    const rows = await readAllV3(client, { path: 'v3/catalog/categories', doing: 'reading the categories', needs }, scope);
    const found = rows.map((row) => toNamed(row));
    known = { namesById: new Map(found.map(({ id, name }) => [id, name])), readAt: clock.now() };
    return found;
  };
  /** Read again where one of them is new. */
  const namesFor = async (ids: readonly number[], scope: CallScope): Promise<Map<number, string>> => {
    const remembered = known && clock.now() - known.readAt < rememberedMs ? known.namesById : undefined;
    if (remembered && ids.every((id) => remembered.has(id))) return remembered;
    return new Map((await read(scope)).map(({ id, name }) => [id, name]));
  };

  return {
    categories: read,
    async categoriesOf(productIds, scope) {
      const wanted = [...new Set(productIds)].filter((id) => id > 0);
      const products = [];
      for (const ids of chunks(wanted, mostIds)) {
        const query = { 'id:in': ids.join(','), include_fields: 'categories' };
        const call = { path: 'v3/catalog/products', query, doing: 'reading the categories of products', needs } as const;
        products.push(...(await readAllV3(client, call, scope)).map(toCategorised));
      }
      const used = products.flatMap(({ categories }) => categories);
      const names = used.length === 0 ? new Map<number, string>() : await namesFor(used, scope);
      return new Map(products.map(({ id, categories }) => [id, categories.flatMap((one) => names.get(one) ?? [])]));
    },
  };
}
