import { SystemError, jsonNumber } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { chunks } from './chunks.ts';
import { readAllV3 } from './pages.ts';
import { toNamed, toPriceRecord } from './product-rows.ts';
import { batchErrors } from './store-errors.ts';
import type { BigCommerceProducts, PriceRow } from './types.ts';

interface RefusedRow {
  sku: string;
  message: string;
}

const mostRows = 1000;
const mostSkus = 50;
const needs = 'store_v2_products';

export function openPrices(client: StoreClient): Pick<BigCommerceProducts, 'setPrices' | 'prices' | 'priceLists'> {
  return {
    async setPrices(priceListId, rows, scope) {
      const refused: RefusedRow[] = [];
      for (const part of chunks(rows, mostRows)) refused.push(...(await upsert(client, { priceListId, rows: part }, scope)));
      return refused;
    },
    async prices(priceListId, skus, scope) {
      const path = `v3/pricelists/${priceListId}/records`;
      const doing = `reading price list ${priceListId}`;
      const found: PriceRow[] = [];
      for (const part of chunks([...new Set(skus)], mostSkus)) {
        const rows = await readAllV3(client, { path, query: { 'sku:in': part.join(','), include: 'sku' }, doing, needs }, scope);
        for (const { sku, currency, price } of rows.map(toPriceRecord))
          if (price !== null) found.push({ sku, currency: currency.toUpperCase(), price });
      }
      return found;
    },
    async priceLists(scope) {
      const rows = await readAllV3(client, { path: 'v3/pricelists', doing: 'reading the price lists', needs }, scope);
      return rows.map((row) => toNamed(row));
    },
  };
}

interface Upsert {
  priceListId: number;
  rows: readonly PriceRow[];
}

/**
 * Whether the good rows of a refused call were saved is not certain (facts/bigcommerce.md 4), so they are sent once more without the bad ones:
 * the same price twice is the same price.
 */
async function upsert(client: StoreClient, { priceListId, rows }: Upsert, scope: CallScope): Promise<RefusedRow[]> {
  const doing = `writing ${rows.length} prices into price list ${priceListId}`;
  const refused: RefusedRow[] = [];
  for (let left = rows; left.length > 0;) {
    const body = left.map(({ sku, currency, price }) => ({ sku, currency: currency.toLowerCase(), price: jsonNumber(price) }));
    const call = { doing, needs, lane: 'priceLists', mayBePartial: true } as const;
    const { json, status } = await client({ ...call, method: 'PUT', path: `v3/pricelists/${priceListId}/records`, body }, scope);
    const errors = (status === 422 ? batchErrors(json) : undefined) ?? [];
    const isBad = ({ sku }: PriceRow): boolean => errors.some((one) => one.sku.toLowerCase() === sku.toLowerCase());
    const bad = left.filter(isBad);
    if (errors.length === 0) return refused;
    if (bad.length === 0)
      throw new SystemError('BIGCOMMERCE_VALIDATION', 'refused', `${doing}: ${errors.map(({ message }) => message).join('; ')}`, {
        fix: 'The store refused rows without naming them: check that every SKU of the price list exists in the store.',
        facts: { errors },
      });
    for (const { sku } of bad)
      refused.push({ sku, message: errors.find((one) => one.sku.toLowerCase() === sku.toLowerCase())?.message ?? '' });
    left = left.filter((row) => !isBad(row));
  }
  return refused;
}
