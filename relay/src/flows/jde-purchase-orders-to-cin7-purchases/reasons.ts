import type { Amount } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import type { Problem } from './amounts.ts';

/** A code without an entry; `exact` where a more exact code would do as well. */
export function missing(valueMapId: string, code: string, where: string, exact?: string): BlockReason {
  const names = [...new Set([exact ?? code, code])].join(' or ');
  return {
    code: 'VALUE_MAP_MISSING',
    message: `${where} has no entry ${names} in the value map ${valueMapId}`,
    missing: { valueMapId, code },
  };
}

/** The amount, or undefined with its problem among the reasons. */
export function orProblem(found: Amount | Problem, reasons: BlockReason[]): Amount | undefined {
  if (typeof found === 'string') return found;
  reasons.push(found);
  return undefined;
}

/** A code that a hundred lines lack is told once. */
export function distinct(reasons: readonly BlockReason[]): BlockReason[] {
  const byName = Map.groupBy(reasons, ({ code, message, missing: entry }) =>
    entry ? `${entry.valueMapId} ${entry.code}` : `${code} ${message}`,
  );
  return [...byName.values()].flatMap(([first]) => first ?? []);
}
