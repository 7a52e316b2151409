import { isSystemError, type Clock } from '@ml-connector/shared';
import type { JdeTableQuery } from './types.ts';

/**
 * Optional columns that the tables of a site do not have: naming one is an error of the whole read. Remembered for an hour, so that a column
 * that is added is seen.
 */
export interface AbsentColumns {
  /** Fields of a query that are worth asking for. */
  present(query: Pick<JdeTableQuery<string>, 'table' | 'fields'>): string[];
  /** True when the error names optional columns that were asked for, which will not be asked for again. */
  learn(error: unknown, query: Pick<JdeTableQuery<string>, 'table' | 'fields' | 'optional'>): boolean;
}

const rememberedMs = 3_600_000;

export function openAbsentColumns(clock: Clock): AbsentColumns {
  const until = new Map<string, number>();
  const isPresent = (table: string, field: string): boolean => (until.get(`${table}.${field}`) ?? 0) <= clock.now();
  return {
    present: ({ table, fields }) => fields.filter((field) => isPresent(table, field)),
    learn(error, { table, optional = [] }) {
      if (!isSystemError(error) || error.code !== 'JDE_TABLE_OR_COLUMN') return false;
      const words = new Set(`${error.message} ${JSON.stringify(error.facts?.['errors'] ?? '')}`.toUpperCase().split(/[^A-Z0-9]+/));
      const named = optional.filter((field) => words.has(field) && isPresent(table, field));
      for (const field of named) until.set(`${table}.${field}`, clock.now() + rememberedMs);
      return named.length > 0;
    },
  };
}
