import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { readAll } from './pages.ts';
import { fold, isRow, sameWord, text, type Row } from './rows.ts';
import type { Cin7Product, Cin7Products } from './types.ts';

const keptMs = 5 * 60_000;
/** That a product is not there, or cannot be used, is what a person is about to change. */
const troubleKeptMs = 30_000;
const pageSize = 1000;
const fewCalls = 3;

interface Known {
  products: Cin7Product[];
  readAt: number;
}

/**
 * Products by SKU, remembered. Few unknown ones are asked for by themselves; for many the whole catalogue is read, when that takes fewer calls.
 */
export function openProducts(client: Cin7Client, clock: Clock): Cin7Products {
  const known = new Map<string, Known>();
  let pages: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const isFresh = (sku: string): boolean => {
    const entry = known.get(sku);
    if (!entry) return false;
    const isGood = entry.products.length > 0 && entry.products.every(({ Status }) => sameWord(Status, 'Active'));
    return clock.now() - entry.readAt < (isGood ? keptMs : troubleKeptMs);
  };
  const keep = (skus: Iterable<string>, products: readonly Cin7Product[]): void => {
    const readAt = clock.now();
    const found = Map.groupBy(products, ({ SKU }) => fold(SKU));
    for (const sku of skus) known.set(sku, { products: found.get(sku) ?? [], readAt });
  };
  const readCatalogue = async (skus: readonly string[], scope: CallScope): Promise<void> => {
    const products = await list(client, {}, scope);
    pages = Math.ceil(products.length / pageSize);
    known.clear();
    keep(new Set([...skus, ...products.map(({ SKU }) => fold(SKU))]), products);
  };
  const readMissing = async (skus: ReadonlyMap<string, string>, scope: CallScope): Promise<void> => {
    const missing = [...skus.keys()].filter((sku) => !isFresh(sku));
    if (missing.length > fewCalls) {
      pages ??= await countPages(client, scope);
      if (missing.length > pages) return readCatalogue(missing, scope);
    }
    for (const sku of missing) {
      const found = await list(client, { Sku: skus.get(sku) ?? sku }, scope);
      // The filter is "contains", so it finds others too.
      keep([sku], found);
    }
  };
  return {
    async bySku(skus, scope) {
      const wanted = new Map(skus.filter((sku) => sku.trim() !== '').map((sku) => [fold(sku), sku.trim()]));
      // One after the other: records posted side by side need the same products.
      const mine = turn.then(() => readMissing(wanted, scope));
      turn = mine.catch(() => undefined);
      await mine;
      return [...wanted.keys()].flatMap((sku) => known.get(sku)?.products ?? []);
    },
  };
}

async function countPages(client: Cin7Client, scope: CallScope): Promise<number> {
  const doing = 'counting the products';
  const query = { IncludeDeprecated: 'true', Page: '1', Limit: '1' };
  const answer = await client({ method: 'GET', path: 'product', query, doing }, scope);
  const total = isRow(answer) ? text(answer['Total']) : '';
  if (!/^\d+$/.test(total)) throw unreadable({ writes: false, doing }, 'the answer holds no Total');
  return Math.ceil(Number(total) / pageSize);
}

async function list(client: Cin7Client, query: Record<string, string>, scope: CallScope): Promise<Cin7Product[]> {
  const doing = query['Sku'] === undefined ? 'reading the products' : `looking for product ${query['Sku']}`;
  const request = { path: 'product', key: 'Products', query: { ...query, IncludeDeprecated: 'true' }, limit: pageSize, doing };
  const rows = await readAll(client, request, scope);
  return rows.map((row) => toProduct(row, doing));
}

function toProduct(row: Row, doing: string): Cin7Product {
  const [ID, SKU] = [text(row['ID']).toLowerCase(), text(row['SKU'])];
  const type = (['Stock', 'Service'] as const).find((one) => sameWord(one, text(row['Type'])));
  if (ID === '' || SKU.trim() === '' || type === undefined)
    throw unreadable({ writes: false, doing }, `a product in the answer has no ID, no SKU or the type '${text(row['Type'])}'`);
  return { ID, SKU, Name: text(row['Name']), Type: type, UOM: text(row['UOM']), Status: text(row['Status']) };
}
