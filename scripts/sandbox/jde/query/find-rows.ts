import { compareValues, valueOf, type Column, type JdeTable, type Row, type Span } from '../data/index.ts';
import { textOf } from '../scalar.ts';
import { prefixedColumn, type Condition, type Predicate } from './condition.ts';
import type { Query } from './query.ts';
import { QueryRefusal } from './refusal.ts';

export interface OrderBy {
  column: Column;
  isDescending: boolean;
}

export interface Search {
  table: JdeTable;
  query: Query;
  orderBy: OrderBy[];
  /** Row security; default: everything is seen. */
  isVisible?: Predicate;
  limit: number;
}

export interface Found {
  rows: Row[];
  /** There were more than `limit`. */
  hasMore: boolean;
}

/** `aggregation.orderBy`; throws QueryRefusal. */
export function readOrderBy(sent: unknown, table: JdeTable): OrderBy[] {
  if (!Array.isArray(sent)) return [];
  return sent.map((one: unknown) => {
    const { column, direction = 'ASC' } = (one ?? {}) as { column?: unknown; direction?: unknown };
    if (direction !== 'ASC' && direction !== 'DESC') throw new QueryRefusal(`Invalid direction ${textOf(direction)}`);
    return { column: prefixedColumn(textOf(column), table), isDescending: direction === 'DESC' };
  });
}

/** Rows of one search. In key order it stops at the limit, so that a page of a big table costs a page. */
export function findRows({ table, query, orderBy, isVisible = () => true, limit }: Search): Found {
  const matches: Predicate = (row) => query.matches(row) && isVisible(row);
  const spans = spansOf(table, query.required);
  if (isKeyOrder(table, orderBy)) return inKeyOrder({ table, spans, matches, limit });
  const all = inKeyOrder({ table, spans, matches, limit: Infinity }).rows.sort(comparison(orderBy));
  return { rows: all.slice(0, limit), hasMore: all.length > limit };
}

function inKeyOrder({ table, spans, matches, limit }: { table: JdeTable; spans: Span[]; matches: Predicate; limit: number }): Found {
  const rows: Row[] = [];
  for (const { from, to } of spans) {
    for (let index = from; index < to; index++) {
      const row = table.rows[index];
      if (!row || !matches(row)) continue;
      if (rows.length === limit) return { rows, hasMore: true };
      rows.push(row);
    }
  }
  return { rows, hasMore: false };
}

/** Without an order, rows come by key. */
function isKeyOrder({ definition: { key } }: JdeTable, orderBy: OrderBy[]): boolean {
  return orderBy.every(({ column, isDescending }, index) => column === key[index] && !isDescending);
}

function comparison(orderBy: OrderBy[]): (one: Row, other: Row) => number {
  return (one, other) => {
    for (const { column, isDescending } of orderBy) {
      const order = compareValues(column, valueOf(one, column), valueOf(other, column));
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  };
}

/** Where rows with the wanted first key field stand, in ascending order. */
function spansOf(table: JdeTable, required: Condition[]): Span[] {
  const [firstKey] = table.definition.key;
  let spans: Span[] = [{ from: 0, to: table.rows.length }];
  for (const condition of required) if (condition.column === firstKey) spans = overlap(spans, spansOfCondition(table, condition));
  return spans;
}

function spansOfCondition(table: JdeTable, { column, operator, values }: Condition): Span[] {
  const [first, second] = values;
  const end = table.rows.length;
  const all = [{ from: 0, to: end }];
  if (operator === 'LIST') {
    const wanted = values.flatMap((value) => value ?? []).sort((one, other) => compareValues(column, one, other));
    const isNew = (value: string, before: string | undefined): boolean =>
      before === undefined || compareValues(column, before, value) !== 0;
    return wanted.filter((value, index) => isNew(value, wanted[index - 1])).map((value) => table.spanOf(value));
  }
  if (first === undefined) return all;
  switch (operator) {
    case 'EQUAL':
      return [table.spanOf(first)];
    case 'GREATER':
      return [{ from: table.firstAbove(first), to: end }];
    case 'GREATER_EQUAL':
      return [{ from: table.firstNotBelow(first), to: end }];
    case 'LESS':
      return [{ from: 0, to: table.firstNotBelow(first) }];
    case 'LESS_EQUAL':
      return [{ from: 0, to: table.firstAbove(first) }];
    case 'BETWEEN':
      return second === undefined ? all : [{ from: table.firstNotBelow(first), to: table.firstAbove(second) }];
    case 'NOT_EQUAL':
    case 'STR_START_WITH':
    case 'STR_END_WITH':
    case 'STR_CONTAIN':
    case 'STR_BLANK':
    case 'STR_NOT_BLANK':
      return all;
  }
}

function overlap(some: Span[], others: Span[]): Span[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      return span.from < span.to ? [span] : [];
    }),
  );
}
