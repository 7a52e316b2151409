import { PostgresAdapter, sql, type Kysely } from 'kysely';
import type { Migration } from './migration.ts';

/** Relay nodes and the leases they hold; what PostgreSQL lacks for the relay's queries. */
export const nodes: Migration = {
  number: 5,
  name: 'nodes',
  breaking: true,
  async up(db) {
    if (db.getExecutor().adapter instanceof PostgresAdapter) await foldFunction(db);
  },
};

/** `fold(text)`: small letters of every alphabet, as SQLite handles have it. Columns are ordered by their bytes, where `lower` knows ASCII only. */
async function foldFunction(db: Kysely<unknown>): Promise<void> {
  const unicode = await sql`select from pg_collation where collname = 'und-x-icu'`.execute(db);
  const collation = sql.raw(unicode.rows.length > 0 ? '"und-x-icu"' : '"default"');
  await sql`create or replace function fold(value text) returns text language sql immutable
    return lower(value collate ${collation})`.execute(db);
}
