import { sql } from 'kysely';
import { index } from './columns.ts';
import type { Migration } from './migration.ts';

/** What was settled when, for the throughput of the last day: entered once per record, as it settles. */
export const settled: Migration = {
  number: 10,
  name: 'settled',
  breaking: false,
  async up(db) {
    await index(db, 'record_settled', 'record', ['tenant_id', 'changed_at', 'state'], sql`state in ('succeeded', 'skipped', 'blocked')`);
  },
};
