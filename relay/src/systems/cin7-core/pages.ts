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
const mostReadings = 4;

/**
 * Every row of a list. Pages shift while others write, so a row may come twice: it counts once; where one left the list, those behind it moved up,
 * perhaps into a page that was read before, so the list is read anew. Some lists cut pages below the limit asked for (facts/cin7.md 3), so `Total`
 * decides where it is known, a short page otherwise.
 */
export async function readAll(
  client: Cin7Client,
  { path, key, id = 'ID', query, limit, doing }: ListRequest,
  scope: CallScope,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let seen = 0;
  let readings = 1;
  let totalBefore = 0;
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await client({ method: 'GET', path, doing, query: { ...query, Page: String(page), Limit: String(limit) } }, scope);
    const found = rowsOf(answer, key);
    if (!found) throw unreadable({ writes: false, doing }, `the answer holds no ${key}`);
    const total = isRow(answer) ? Number(answer['Total'] ?? Number.NaN) : Number.NaN;
    if (page > 1 && total > 0 && total < totalBefore) {
      readings += 1;
      if (readings > mostReadings) throw unreadable({ writes: false, doing }, 'rows leave the list while it is read');
      rows.clear();
      [page, seen] = [0, 0];
      continue;
    }
    totalBefore = total;
    for (const row of found) rows.set(text(row[id]).toLowerCase(), row);
    seen += found.length;
    const isLast = Number.isNaN(total) ? found.length < limit : seen >= total;
    if (found.length === 0 || isLast) break;
  }
  return [...rows.values()];
}
