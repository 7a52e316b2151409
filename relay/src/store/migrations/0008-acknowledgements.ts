import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** What the source is still to be told of records that succeeded; predecessors in other flows. */
export const acknowledgements: Migration = {
  number: 8,
  name: 'acknowledgements',
  breaking: true,
  async up(db) {
    await acknowledgementTable(db);
    await predecessorsByFlow(db);
  },
};

async function acknowledgementTable(db: Kysely<unknown>): Promise<void> {
  await table(db, 'acknowledgement', {
    record_id: 'record.id!',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    key: 'text!',
    failures: 'integer!',
    next_attempt_at: 'time',
    result_json: 'text!',
    error_json: 'text',
    created_at: 'time!',
  })
    .addPrimaryKeyConstraint('acknowledgement_key', ['record_id'])
    .execute();
  await index(db, 'acknowledgement_of_key', 'acknowledgement', ['integration_id', 'flow_id', 'key']);
  await index(
    db,
    'acknowledgement_due',
    'acknowledgement',
    ['integration_id', 'flow_id', 'next_attempt_at'],
    sql`next_attempt_at is not null`,
  );
}

/** A record may wait for the same key in two flows. */
async function predecessorsByFlow(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predecessor').renameTo('predecessor_before').execute();
  await db.schema.dropIndex('predecessor_of').execute();
  await table(db, 'predecessor', {
    record_id: 'record.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    key: 'text!',
  })
    .addPrimaryKeyConstraint('predecessor_by_flow_key', ['record_id', 'flow_id', 'key'])
    .execute();
  await sql`insert into predecessor (record_id, integration_id, flow_id, key)
    select record_id, integration_id, flow_id, key from predecessor_before`.execute(db);
  await db.schema.dropTable('predecessor_before').execute();
  await index(db, 'predecessor_of', 'predecessor', ['integration_id', 'flow_id', 'key']);
}
