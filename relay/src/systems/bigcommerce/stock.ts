import { isSystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { chunks } from './chunks.ts';
import { readAllV3 } from './pages.ts';
import { toNamed, toStockItem } from './product-rows.ts';
import type { BigCommerceProducts, StockRow } from './types.ts';

interface RefusedRow {
  sku: string;
  message: string;
}

const mostItems = 500;
const mostSkus = 50;

export function openStock(client: StoreClient): Pick<BigCommerceProducts, 'setStock' | 'stock' | 'locations'> {
  return {
    async setStock(rows, scope) {
      const refused: RefusedRow[] = [];
      // By location, as the vendor asks for; and one call after the other.
      for (const ofLocation of Map.groupBy(rows, ({ locationId }) => locationId).values())
        for (const part of chunks(ofLocation, mostItems)) refused.push(...(await adjust(client, part, scope)));
      return refused;
    },
    async stock(locationId, skus, scope) {
      const path = `v3/inventory/locations/${locationId}/items`;
      const call = { path, doing: `reading the stock of location ${locationId}`, needs: 'store_inventory_read_only' } as const;
      const found: StockRow[] = [];
      for (const part of chunks([...new Set(skus)], mostSkus)) {
        const rows = await readAllV3(client, { ...call, query: { 'sku:in': part.join(',') } }, scope);
        found.push(...rows.map(toStockItem).map((item) => ({ locationId, sku: item.identity.sku, quantity: item.total_inventory_onhand })));
      }
      return found;
    },
    async locations(scope) {
      const call = { path: 'v3/inventory/locations', doing: 'reading the locations', needs: 'store_locations_read_only' } as const;
      return (await readAllV3(client, call, scope)).map((row) => toNamed(row, 'label'));
    },
  };
}

/** The store refuses a call as a whole and does not always name the row: halves tell which one it was. */
async function adjust(client: StoreClient, rows: readonly StockRow[], scope: CallScope): Promise<RefusedRow[]> {
  const items = rows.map(({ locationId, sku, quantity }) => ({ location_id: locationId, sku, quantity }));
  const call = {
    method: 'PUT',
    path: 'v3/inventory/adjustments/absolute',
    doing: `writing the stock of ${rows.length === 1 ? `SKU ${rows[0]?.sku}` : `${rows.length} SKUs`}`,
    needs: 'store_inventory',
    lane: 'inventory',
  } as const;
  try {
    await client({ ...call, body: { reason: 'SAP', items } }, scope);
    return [];
  } catch (error) {
    if (!isSystemError(error) || error.verdict !== 'refused') throw error;
    const [only, ...others] = rows;
    if (!only) return [];
    if (others.length === 0) return [{ sku: only.sku, message: error.message }];
    const half = Math.ceil(rows.length / 2);
    return [...(await adjust(client, rows.slice(0, half), scope)), ...(await adjust(client, rows.slice(half), scope))];
  }
}
