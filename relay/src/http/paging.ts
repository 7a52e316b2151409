import { z } from 'zod';
import { ApiError } from './problem.ts';

/** Query of every list: pages are followed with the `nextCursor` of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Entries per page'),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** Answer of every list. `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('Cursor of the next page; null: this was the last') });
}

/** Makes a page of `limit + 1` rows that were read; `keyOf` is what the rows are ordered by. */
export function toPage<Row, Item>(input: {
  rows: Row[];
  limit: number;
  keyOf: (row: Row) => string;
  toItem: (row: Row) => Item;
}): {
  items: Item[];
  nextCursor: string | null;
} {
  const { rows, limit, keyOf, toItem } = input;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** Refuses what no page has answered. */
export function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (encodeCursor(key) === cursor) return key;
  throw new ApiError(400, 'QUERY_INVALID', 'cursor is not one that a page has answered', {
    errors: [{ path: 'cursor', message: 'is not one that a page has answered' }],
    fix: 'Take "nextCursor" of the page before, or leave it out to begin again.',
  });
}
