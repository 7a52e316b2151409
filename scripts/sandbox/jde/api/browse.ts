import type { Column, JdeTable } from '../data/index.ts';
import type { SimParts } from '../parts.ts';
import { findRows, QueryRefusal, type OrderBy, type Predicate, type Query } from '../query/index.ts';
import type { Session } from '../sessions.ts';
import { textOf } from '../scalar.ts';
import { json, type Answer } from './answers.ts';
import type { Cursor } from './cursors.ts';
import { gridBody, gridId, outputTypes, type GridShape, type OutputType } from './grid.ts';

export interface Browse {
  shape: GridShape;
  query: Query;
  orderBy: OrderBy[];
  pageSize: number;
  isVisible: Predicate;
  /** Of the caller, where it wants the following pages by link. */
  linksFor?: Session | undefined;
}

export function browse(parts: SimParts, { shape, query, orderBy, pageSize, isVisible, linksFor }: Browse): Answer {
  // A result that is paged by link is read once: its later pages do not see what changes in between.
  const limit = linksFor ? Infinity : pageSize;
  const { rows, hasMore } = findRows({ table: shape.table, query, orderBy, isVisible, limit });
  if (!linksFor || rows.length <= pageSize) return json(gridBody(parts, shape, { rows, hasMore }));
  const cursor = parts.cursors.open({ token: linksFor.token, shape, rows, pageSize, position: pageSize });
  return json(gridBody(parts, shape, { rows: rows.slice(0, pageSize), hasMore: true, paging: links(cursor) }));
}

/** The page that a link stands for; without links when it is the last one. */
export function nextPage(parts: SimParts, cursor: Cursor): Answer {
  const { rows, pageSize, position, shape } = cursor;
  const page = rows.slice(position, position + pageSize);
  cursor.position = position + pageSize;
  const hasMore = cursor.position < rows.length;
  if (!hasMore) parts.cursors.close(cursor);
  const paging = hasMore ? links(cursor) : stack(cursor);
  return json(gridBody(parts, shape, { rows: page, hasMore, paging }));
}

function stack({ rid, stateId }: Cursor): object {
  return { stackId: 1, stateId, rid };
}

/** With the server's own name, which nobody outside can reach, the token in it, and bars as they are (facts/jde-ais.md 5.6). */
function links(cursor: Cursor): object {
  const { name } = cursor.shape.table.definition;
  const query = [
    'stackId=1',
    `stateId=${cursor.stateId}`,
    `rid=${cursor.rid}`,
    `fullGridId=${gridId(name)}`,
    `formOID=${name}`,
    `token=${encodeURIComponent(cursor.token)}`,
    `outputType=${cursor.shape.outputType}`,
    `returnControlIDs=${cursor.shape.columns.map(({ alias }) => `${name}.${alias}`).join('|')}`,
  ].join('&');
  return { ...stack(cursor), links: [{ rel: 'next', href: `http://aisprd01.corp.internal:9300/jderest/v2/dataservice/next?${query}` }] };
}

/** `"500"`, 500 or `"No Max"` in any case; 100 where nothing is said. */
export function readPageSize({ site }: SimParts, sent: unknown): number {
  const text = textOf(sent).trim();
  const most = site.fetchLimit ?? Infinity;
  if (text === '') return Math.min(100, most);
  if (/^no max$/i.test(text)) return most;
  if (!/^\d+$/.test(text)) throw new QueryRefusal(`Invalid maxPageSize ${text}`);
  return Math.min(Number(text), most);
}

/** `F0101.AN8|ALPH`; nothing means all columns. */
export function readColumns({ site }: SimParts, table: JdeTable, sent: unknown): Column[] {
  const { name, columns } = table.definition;
  const isThere = (alias: string): boolean => !site.absentColumns.includes(`${name}.${alias}`);
  const wanted = textOf(sent)
    .split('|')
    .filter((one) => one.trim() !== '');
  if (wanted.length === 0) return [...columns.values()].filter(({ alias }) => isThere(alias));
  return wanted.map((one) => {
    const [first = '', second] = one.trim().split('.');
    const alias = second ?? first;
    const column = table.column(alias);
    if (!column || !isThere(alias) || (second !== undefined && first !== name)) throw new QueryRefusal(`Column ${one} is not in ${name}`);
    return column;
  });
}

export function readOutputType(sent: unknown, fallback: OutputType): OutputType {
  if (typeof sent !== 'string' || sent === '') return fallback;
  const known = outputTypes.find((one) => one === sent);
  if (!known) throw new QueryRefusal(`Output type ${sent} is not simulated`);
  return known;
}
