import { isSystemError } from '@ml-connector/shared';
import { isRow } from './fields.ts';
import type { OnUnreadable } from './types.ts';

/** Code of the refusal of a row that cannot be understood. */
export const rowUnreadable = 'BIGCOMMERCE_ROW_UNREADABLE';

/** The rows of a page that can be understood. The others go to `unreadable`; where nobody asks for them they fail the reading. */
export function readable<Item>(
  rows: readonly Record<string, unknown>[],
  read: (row: Record<string, unknown>) => Item,
  unreadable?: OnUnreadable,
): Item[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (!unreadable || !isSystemError(error) || error.code !== rowUnreadable) throw error;
      unreadable({ id: idOf(row), problem: error.message, row });
      return [];
    }
  });
}

/** Undefined where the row has none by which it could be asked for again. */
export function idOf(row: unknown): number | undefined {
  return isRow(row) && typeof row['id'] === 'string' && /^[1-9]\d{0,14}$/.test(row['id']) ? Number(row['id']) : undefined;
}
