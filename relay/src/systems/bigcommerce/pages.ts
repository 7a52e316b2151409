import type { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreCall, StoreClient } from './client.ts';
import { isRow } from './fields.ts';
import { unreadable } from './judge.ts';

/** A list to be read to its end. */
export interface ListCall extends Pick<StoreCall, 'path' | 'query' | 'doing' | 'needs' | 'conceal'> {
  /** Rows asked for with each page. Default 250, the most that the store gives. */
  limit?: number;
}

type Row = Record<string, unknown>;

const mostRows = 250;
const mostPages = 10_000;
/** What the store gives without being asked for more: a list cut to it, or to a multiple, may have been cut by the store. */
const usualRows = 50;

/** One page of v2: a bare array, no content where there is nothing (facts/bigcommerce.md 3). */
export async function readV2Page(client: StoreClient, call: ListCall, page: number, scope: CallScope): Promise<Row[]> {
  const { limit = mostRows, query, ...rest } = call;
  const { json, status } = await client(
    { ...rest, method: 'GET', query: { ...query, ...(page > 1 ? { page: String(page) } : {}), limit: String(limit) } },
    scope,
  );
  if (status === 204) return [];
  if (!Array.isArray(json)) throw unreadable({ effect: 'read', doing: call.doing }, 'the answer is no list');
  return (json as unknown[]).filter(isRow);
}

/** Every row of a list of v2 that does not change its order while it is read. */
export async function readV2(client: StoreClient, call: ListCall, scope: CallScope): Promise<Row[]> {
  const rows: Row[] = [];
  let before: Row[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const found = await readV2Page(client, call, page, scope);
    if (isSamePage(found, before)) throw endless(call);
    rows.push(...found);
    if (!mayGoOn(found.length, call.limit)) return rows;
    before = found;
  }
  throw endless(call);
}

/** Whether there may be more after a page of so many rows. */
export function mayGoOn(rows: number, limit = mostRows): boolean {
  return rows > 0 && (rows >= limit || rows % usualRows === 0);
}

/**
 * Page by page through a list of v3. By cursor where the store names one, which no change in between disturbs; otherwise by number. Ends where
 * the store says so, or with a short page where it says nothing (facts/bigcommerce.md 3).
 */
export async function* readV3(client: StoreClient, call: ListCall, scope: CallScope): AsyncGenerator<Row[], void, void> {
  const { limit = mostRows, query, ...rest } = call;
  let place: Record<string, string> = {};
  let before: Row[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const { json } = await client({ ...rest, method: 'GET', query: { ...query, ...place, limit: String(limit) } }, scope);
    const { rows, meta } = envelope(json, call.doing);
    if (isSamePage(rows, before)) throw endless(call);
    if (rows.length > 0) yield rows;
    before = rows;
    const cursor = isRow(meta['cursor_pagination']) ? meta['cursor_pagination'] : undefined;
    const numbered = isRow(meta['pagination']) ? meta['pagination'] : undefined;
    if (rows.length === 0) return;
    if (cursor && typeof cursor['end_cursor'] === 'string' && cursor['end_cursor'] !== '') {
      if (isRow(cursor['links']) && !cursor['links']['next']) return;
      place = { after: cursor['end_cursor'] };
    } else {
      if (numbered ? page >= Number(numbered['total_pages'] ?? Infinity) : !mayGoOn(rows.length, limit)) return;
      place = { page: String(page + 1) };
    }
  }
  throw endless(call);
}

/** The store, or something in front of it, does not look at the page that is asked for. */
function isSamePage([row]: readonly Row[], [before]: readonly Row[]): boolean {
  return row !== undefined && before !== undefined && JSON.stringify(row) === JSON.stringify(before);
}

/** What was read so far is not the whole list, and must not be taken for it. */
function endless({ doing }: Pick<ListCall, 'doing'>): SystemError {
  return unreadable({ effect: 'read', doing }, 'the list does not end: the same page comes again, or too many');
}

export async function readAllV3(client: StoreClient, call: ListCall, scope: CallScope): Promise<Row[]> {
  const all: Row[] = [];
  for await (const rows of readV3(client, call, scope)) all.push(...rows);
  return all;
}

/** `data` of an answer of v3 that holds one object. */
export function dataOf(json: unknown, call: Pick<StoreCall, 'doing'>, effect: 'read' | 'once' = 'read'): Row {
  const data = isRow(json) ? json['data'] : undefined;
  if (!isRow(data)) throw unreadable({ effect, doing: call.doing }, 'the answer holds no data');
  return data;
}

function envelope(json: unknown, doing: string): { rows: Row[]; meta: Row } {
  // No content: how v3 answers for transactions of which there are none, and v2 for every empty list.
  if (json === undefined) return { rows: [], meta: {} };
  const data = isRow(json) ? json['data'] : undefined;
  if (!isRow(json) || !Array.isArray(data)) throw unreadable({ effect: 'read', doing }, 'the answer holds no list');
  return { rows: (data as unknown[]).filter(isRow), meta: isRow(json['meta']) ? json['meta'] : {} };
}
