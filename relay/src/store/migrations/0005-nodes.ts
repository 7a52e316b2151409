import { PostgresAdapter, sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Relay nodes and the leases they hold; what PostgreSQL lacks for the relay's queries. */
export const nodes: Migration = {
  number: 5,
  name: 'nodes',
  breaking: true,
  async up(db) {
    await table(db, 'node', { id: 'id', name: 'text!', beat: 'integer!', started_at: 'time!', seen_at: 'time!' }).execute();
    await table(db, 'connection_lease', { connection_id: 'id', node_id: 'text!', since: 'time!' })
      .addForeignKeyConstraint('connection_lease_of', ['connection_id'], 'connection', ['id'], (key) => key.onDelete('cascade'))
      .execute();
    await db.schema.alterTable('record').addColumn('node_id', 'text').execute();
    await db.schema.alterTable('run').addColumn('node_id', 'text').execute();
    // What is in somebody's hands is looked for whenever a node ends, among millions that are finished.
    await index(db, 'record_posting', 'record', ['id'], sql`state = 'posting'`);
    await index(db, 'run_running', 'run', ['id'], sql`state = 'running'`);
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
