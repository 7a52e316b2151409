import type { QueryDeps } from '../query/read-query.ts';
import { readPageBody } from '../query/page.ts';
import { gridAnswer, type GridParts } from './stub-ais.ts';

type Row = Record<string, string | number | null>;

export interface FakeTable {
  rows: Row[];
  /** How the server sorts and compares the first key; default numbers as numbers, texts by code. */
  compare?: (one: string | number | null, other: string | number | null) => number;
  /** The server never sends more than so many. */
  mostRows?: number;
  /** Called before each answer, with how many came before. */
  onCall?: (calls: number) => Partial<GridParts> | undefined;
  /** The server does not sort. */
  isUnsorted?: boolean;
}

export interface FakeCall {
  above: string | undefined;
  maxRows: number;
}

/** A data service over rows in memory, which answers what AIS would: above the key, in order, so many at most. */
export function fakeBrowse(table: FakeTable): { browse: QueryDeps['browse']; calls: FakeCall[] } {
  const calls: FakeCall[] = [];
  const { compare = plainOrder } = table;
  return {
    calls,
    browse: async ({ table: name, controlIds, query, orderBy, maxRows }, facts) => {
      const more = table.onCall?.(calls.length);
      const given = query?.condition?.at(-1)?.value[0]?.content;
      calls.push({ above: given, maxRows });
      await Promise.resolve();
      const aliases = controlIds.map((controlId) => controlId.split('.')[1] ?? '');
      const [first = '', ...rest] = orderBy.map((controlId) => controlId.split('.')[1] ?? '');
      const value = (row: Row, alias: string): string | number | null => row[alias] ?? null;
      const isNumber = table.rows.some((row) => typeof row[first] === 'number');
      const limit = given === undefined ? undefined : isNumber ? Number(given) : given;
      const left = table.rows.filter((row) => limit === undefined || compare(value(row, first), limit) > 0);
      if (!table.isUnsorted)
        left.sort((one, other) => {
          const step = compare(value(one, first), value(other, first));
          return step || (rest.map((alias) => plainOrder(value(one, alias), value(other, alias))).find((order) => order !== 0) ?? 0);
        });
      const page = left.slice(0, Math.min(maxRows, table.mostRows ?? maxRows));
      const columns = more?.columns ?? aliases;
      const rows = page.map((row) => Object.fromEntries(columns.map((alias) => [alias, value(row, alias)])));
      const body = gridAnswer(name, rows, { hasMore: page.length < left.length, ...more, columns });
      return readPageBody(Buffer.from(JSON.stringify(body)), facts).value();
    },
  };
}

export function plainOrder(one: string | number | null, other: string | number | null): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [left, right] = [String(one ?? ''), String(other ?? '')];
  return left < right ? -1 : left > right ? 1 : 0;
}
