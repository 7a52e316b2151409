import { isSystemError, SystemError, type JdeCondition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { JdeRow, JdeSession, JdeTableQuery } from '../types.ts';

/** Restricts a read to some values, no values meaning all. Said in the read itself, so that an agent's row policy can allow just these. */
export function onlyIn(field: string, values: readonly string[]): JdeCondition[] {
  return values.length === 0 ? [] : [{ field, op: 'IN', values: [...values] }];
}

export async function collect<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

export function chunksOf<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, index) => entries.slice(index * size, (index + 1) * size));
}

/**
 * All rows of a query. AIS also answers without rows when something is wrong (facts/jde-ais.md 13, 1), and an empty answer here would end a
 * load early or take a supplier's address away: a count decides. Rejects with `retry` when there are rows that do not come.
 */
export async function readSurely<Field extends string>(
  session: JdeSession,
  query: JdeTableQuery<Field>,
  scope: CallScope,
): Promise<JdeRow<Field>[]> {
  const rows = await collect(session.query(query, scope));
  if (rows.length > 0) return rows;
  const { table, key, where = [], afterFirstKey } = query;
  const [firstKey] = key;
  const above: JdeCondition[] = firstKey && afterFirstKey !== undefined ? [{ field: firstKey, op: 'GT', value: afterFirstKey }] : [];
  const count = await countOrNothing(session, { table, where: [...where, ...above] }, scope);
  if (count === 0) return rows;
  throw new SystemError('JDE_ROWS_MISSING', 'retry', `reading ${table}: JD Edwards counts ${count} rows and sends none`, {
    fix: 'It is tried again by itself. Should it stay so, try the same selection in the Data Browser as the user of the agent.',
  });
}

/** Where counting is not possible, the answer without rows stands. */
async function countOrNothing(
  session: JdeSession,
  { table, where }: { table: string; where: JdeCondition[] },
  scope: CallScope,
): Promise<number> {
  try {
    return await session.count(table, where, scope);
  } catch (error) {
    if (isSystemError(error) && error.verdict === 'refused') return 0;
    throw error;
  }
}
