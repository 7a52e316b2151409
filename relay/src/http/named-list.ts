import type { z } from 'zod';
import type { Db, Store } from '../store/index.ts';
import { displayName } from './ids.ts';
import { decodeCursor, pageQuery, toPage } from './paging.ts';

/** Query of a list of things with names. */
export const namedQuery = pageQuery.extend({ name: displayName.optional() });

type Named = 'site' | 'connection' | 'close_calendar' | 'integration';

/** A page of what a tenant has in a table, in the order in which it was made; with `name` only what is called so. */
export async function listNamed<Table extends Named, Item>(
  { db }: Store,
  table: Table,
  { tenantId, limit, cursor, name }: z.output<typeof namedQuery> & { tenantId: string },
  toItem: (row: Db[Table]) => Item,
): Promise<{ items: Item[]; nextCursor: string | null }> {
  // All these tables have the columns that are named here.
  let query = db
    .selectFrom(table as 'site')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .limit(limit + 1);
  if (name !== undefined) query = query.where('name', '=', name);
  if (cursor !== undefined) query = query.where('id', '>', decodeCursor(cursor));
  const rows = (await query.execute()) as unknown as Db[Table][];
  return toPage({ rows, limit, keyOf: (row) => row.id, toItem });
}
