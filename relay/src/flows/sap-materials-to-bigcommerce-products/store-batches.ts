import type { BigCommerceSession, PriceRow, ProductVariant, StockRow } from '../../systems/bigcommerce/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { openBatcher } from './batcher.ts';

/** What the flow asks of a store, for several records at a time. */
export interface StoreBatches {
  /** All variants that have the SKU. */
  find(sku: string, scope: CallScope): Promise<ProductVariant[]>;
  prices(priceListId: number, sku: string, scope: CallScope): Promise<PriceRow[]>;
  /** Rows of one SKU; answers the store's words where it refused them. */
  setPrices(priceListId: number, rows: PriceRow[], scope: CallScope): Promise<string[]>;
  stock(locationId: number, sku: string, scope: CallScope): Promise<StockRow[]>;
  /** The same for stock. */
  setStock(rows: StockRow[], scope: CallScope): Promise<string[]>;
}

const opened = new WeakMap<BigCommerceSession, StoreBatches>();

/** The one set of batches of a session. */
export function batchesOf(session: BigCommerceSession): StoreBatches {
  const batches = opened.get(session) ?? open(session);
  opened.set(session, batches);
  return batches;
}

/** As many SKUs as one question to the store holds. */
const mostSkus = 50;
const mostWrites = 250;

function open({ products }: BigCommerceSession): StoreBatches {
  const find = openBatcher({
    doing: 'reading products',
    most: mostSkus,
    send: async (skus: string[], scope) => bySku(skus, await products.bySku(skus, scope)),
  });
  const readPrices = perId((listId) => ({
    doing: `reading price list ${listId}`,
    most: mostSkus,
    send: async (skus: string[], scope: CallScope) => bySku(skus, await products.prices(listId, skus, scope)),
  }));
  const writePrices = perId((listId) => ({
    doing: `writing prices into price list ${listId}`,
    most: mostWrites,
    send: async (rows: PriceRow[][], scope: CallScope) => refusals(rows, await products.setPrices(listId, rows.flat(), scope)),
  }));
  const readStock = perId((locationId) => ({
    doing: `reading the stock of location ${locationId}`,
    most: mostSkus,
    send: async (skus: string[], scope: CallScope) => bySku(skus, await products.stock(locationId, skus, scope)),
  }));
  const setStock = openBatcher({
    doing: 'writing stock',
    most: mostWrites,
    send: async (rows: StockRow[][], scope) => refusals(rows, await products.setStock(rows.flat(), scope)),
  });
  return {
    find,
    prices: (listId, sku, scope) => readPrices(listId)(sku, scope),
    setPrices: (listId, rows, scope) => writePrices(listId)(rows, scope),
    stock: (locationId, sku, scope) => readStock(locationId)(sku, scope),
    setStock,
  };
}

type Batcher<Item, Answer> = ReturnType<typeof openBatcher<Item, Answer>>;

/** One batcher per price list or location. */
function perId<Item, Answer>(
  batching: (id: number) => Parameters<typeof openBatcher<Item, Answer>>[0],
): (id: number) => Batcher<Item, Answer> {
  const known = new Map<number, Batcher<Item, Answer>>();
  return (id) => {
    const batcher = known.get(id) ?? openBatcher(batching(id));
    known.set(id, batcher);
    return batcher;
  };
}

function bySku<Row extends { sku: string }>(skus: string[], rows: Row[]): Row[][] {
  return skus.map((sku) => rows.filter((row) => isSameSku(row.sku, sku)));
}

function refusals(asked: { sku: string }[][], refused: { sku: string; message: string }[]): string[][] {
  return asked.map((rows) =>
    refused.filter(({ sku }) => rows.some((row) => isSameSku(row.sku, sku))).map(({ sku, message }) => message || `SKU ${sku} was refused`),
  );
}

/** The store compares SKUs whatever their case. */
function isSameSku(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
