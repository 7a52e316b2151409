import type { JdeTable } from '../data/index.ts';
import { predicateOf, readCondition, type Condition, type Predicate, type UserView } from './condition.ts';
import { QueryRefusal } from './refusal.ts';

export interface Query {
  matches: Predicate;
  /** Those that every row must meet: where they are about the first key field, the table need not be read from end to end. */
  required: Condition[];
}

/** The `query` of a request: `condition[]` with its `matchType`, or `complexQuery[]`; throws QueryRefusal. */
export function readQuery(sent: unknown, table: JdeTable, view: UserView): Query {
  if (sent === undefined || sent === null) return { matches: () => true, required: [] };
  if (typeof sent !== 'object') throw new QueryRefusal('query is no object');
  const { condition, matchType, complexQuery } = sent as { condition?: unknown; matchType?: unknown; complexQuery?: unknown };
  const simple = readSimple(Array.isArray(condition) ? condition : [], matchType, table, view);
  if (!Array.isArray(complexQuery)) return simple;
  const items = complexQuery.map((item: unknown) => {
    const { query, andOr } = (item ?? {}) as { query?: unknown; andOr?: unknown };
    return { query: readQuery(query, table, view), isOr: andOr === 'OR' };
  });
  return joined(simple, items);
}

function readSimple(sent: unknown[], matchType: unknown, table: JdeTable, view: UserView): Query {
  const conditions = sent.map((one) => readCondition(one, table, view));
  const predicates = conditions.map(predicateOf);
  if (matchType === 'MATCH_ANY' && predicates.length > 0)
    return { matches: (row) => predicates.some((holds) => holds(row)), required: conditions.length === 1 ? conditions : [] };
  return { matches: (row) => predicates.every((holds) => holds(row)), required: conditions };
}

/** From left to right: each item says how it joins those before it. */
function joined(simple: Query, items: { query: Query; isOr: boolean }[]): Query {
  const hasOr = items.some(({ isOr }, index) => index > 0 && isOr);
  return {
    matches: (row) =>
      simple.matches(row) &&
      items.reduce((before, { query, isOr }, index) => {
        const holds = query.matches(row);
        if (index === 0) return holds;
        return isOr ? before || holds : before && holds;
      }, true),
    required: [...simple.required, ...(hasOr ? [] : items.flatMap(({ query }) => query.required))],
  };
}
