import { SystemError, type Comparison, type Condition } from '@ml-connector/shared';
import type { TableLayout } from './dictionary.ts';
import { termsPerRead } from './where.ts';

type InList = Extract<Comparison, { op: 'IN' }>;

/**
 * A long IN list becomes several reads of at most 50 values each, one after the other. On the first key field the answer stays in key
 * order; on another field it is in key order within each portion, so that `afterKey` and `maxRows` are refused there.
 */
export function toPortions(where: readonly Condition[], layout: TableLayout, isBounded: boolean): Condition[][] {
  const index = where.findIndex((condition) => isLong(condition));
  const long = where[index];
  if (!long || !isLong(long)) return [[...where]];
  const isFirstKey = layout.key[0]?.name === long.field;
  if (!isFirstKey && isBounded)
    throw new SystemError(
      'SAP_CONDITION_TOO_LONG',
      'refused',
      `more than ${termsPerRead} values for ${layout.table}-${long.field} cannot be combined with afterKey or maxRows`,
      { fix: `Ask for at most ${termsPerRead} values at a time.` },
    );
  const values = [...new Set(long.values)].sort(byCode);
  const portions: Condition[][] = [];
  for (let from = 0; from < values.length; from += termsPerRead) {
    const part: InList = { ...long, values: values.slice(from, from + termsPerRead) };
    portions.push(where.map((condition, at) => (at === index ? part : condition)));
  }
  return portions;
}

function isLong(condition: Condition): condition is InList {
  return 'op' in condition && condition.op === 'IN' && new Set(condition.values).size > termsPerRead;
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
