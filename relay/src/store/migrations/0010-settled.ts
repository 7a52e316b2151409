import { sql } from 'kysely';
import { index } from './columns.ts';
import type { Migration } from './migration.ts';

/** For the overview: what came to rest when, and what of each flow stands still. A record that goes through is entered once. */
export const settled: Migration = {
  number: 10,
  name: 'settled',
  breaking: false,
  async up(db) {
    await index(db, 'record_settled', 'record', ['tenant_id', 'changed_at', 'state'], sql`state in ('succeeded', 'skipped', 'blocked')`);
    const standing = sql<boolean>`state in ('blocked', 'failed', 'uncertain', 'waiting')`;
    await index(db, 'record_standing', 'record', ['tenant_id', 'integration_id', 'flow_id', 'state'], standing);
  },
};
