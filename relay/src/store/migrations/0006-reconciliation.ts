import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** What both sides and the ledger hold, compared. */
export const reconciliation: Migration = {
  number: 6,
  name: 'reconciliation',
  breaking: true,
  async up(db) {
    await plans(db);
    await reconciliations(db);
    await findings(db);
  },
};

async function plans(db: Kysely<unknown>): Promise<void> {
  await table(db, 'reconciliation_plan', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    tenant_id: 'tenant.id!',
    settings_json: 'text!',
    next_at: 'time!',
    failures: 'integer!',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('reconciliation_plan_key', ['integration_id', 'flow_id'])
    .execute();
}

async function reconciliations(db: Kysely<unknown>): Promise<void> {
  await table(db, 'reconciliation', {
    id: 'id',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    first_day: 'text!',
    last_day: 'text!',
    trigger: 'text!',
    actor: 'text!',
    state: 'text!',
    attempts: 'integer!',
    progress: 'text!',
    slice_count: 'integer!',
    difference_count: 'integer!',
    error_json: 'text',
    requested_at: 'time!',
    started_at: 'time',
    ended_at: 'time',
  }).execute();
  await index(db, 'reconciliation_newest', 'reconciliation', ['tenant_id', 'id']);
  // Never two at once per flow.
  await db.schema
    .createIndex('reconciliation_open')
    .unique()
    .on('reconciliation')
    .columns(['integration_id', 'flow_id'])
    .where(sql<boolean>`ended_at is null`)
    .execute();
}

async function findings(db: Kysely<unknown>): Promise<void> {
  await table(db, 'reconciliation_slice', {
    reconciliation_id: 'reconciliation.id!',
    number: 'integer!',
    name: 'text!',
    source_count: 'integer!',
    source_sum: 'text!',
    ledger_count: 'integer!',
    ledger_sum: 'text!',
    target_count: 'integer!',
    target_sum: 'text!',
    difference_count: 'integer!',
  })
    .addPrimaryKeyConstraint('reconciliation_slice_key', ['reconciliation_id', 'number'])
    .execute();
  await table(db, 'reconciliation_difference', {
    reconciliation_id: 'reconciliation.id!',
    number: 'integer!',
    slice_number: 'integer!',
    key: 'text!',
    code: 'text!',
    message: 'text!',
    record_id: 'text',
  })
    .addPrimaryKeyConstraint('reconciliation_difference_key', ['reconciliation_id', 'number'])
    .execute();
}
