import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { isRow, rowsOf, text, type Row } from './rows.ts';

export interface ListRequest {
  path: string;
  /** Name of the list in the answer: `SupplierList`. */
  key: string;
  /** Field that tells rows apart. Default `ID`. */
  id?: string;
  query?: Record<string, string>;
  limit: number;
  doing: string;
}

const mostPages = 1000;

/**
 * Every row of a list. Pages shift while others write, so a row may come twice: it counts once. Some lists cut pages below the limit
 * asked for (facts/cin7.md 3), so `Total` decides where it is known, a short page otherwise.
 */
export async function readAll(
  client: Cin7Client,
  { path, key, id = 'ID', query, limit, doing }: ListRequest,
  scope: CallScope,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let seen = 0;
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await client({ method: 'GET', path, doing, query: { ...query, Page: String(page), Limit: String(limit) } }, scope);
    const found = rowsOf(answer, key);
    if (!found) throw unreadable({ writes: false, doing }, `the answer holds no ${key}`);
    for (const row of found) rows.set(text(row[id]).toLowerCase(), row);
    seen += found.length;
    const total = isRow(answer) ? Number(answer['Total'] ?? Number.NaN) : Number.NaN;
    const isLast = Number.isNaN(total) ? found.length < limit : seen >= total;
    if (found.length === 0 || isLast) break;
  }
  return [...rows.values()];
}
