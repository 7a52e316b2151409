import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Addresses that systems send webhooks to, what they sent, and the keys that are to be read again for it. */
export const webhooks: Migration = {
  number: 7,
  name: 'webhooks',
  breaking: true,
  async up(db) {
    await endpoints(db);
    await events(db);
    await dirtyKeys(db);
    await db.schema
      .alterTable('retention')
      .addColumn('webhook_days', 'integer', (column) => column.defaultTo(30))
      .execute();
  },
};

async function endpoints(db: Kysely<unknown>): Promise<void> {
  await table(db, 'webhook_endpoint', {
    connection_id: 'id',
    tenant_id: 'tenant.id!',
    key: 'text!',
    secrets: 'text!',
    mode: 'text!',
    mode_set_by: 'text',
    genuine_at: 'time',
    created_at: 'time!',
    rotated_at: 'time',
    last_event_at: 'time',
    kept_at: 'time',
    kept_json: 'text',
    kept_version: 'integer',
    keep_at: 'time!',
    keep_failures: 'integer!',
    keep_failing_since: 'time',
    keep_error_json: 'text',
  })
    .addForeignKeyConstraint('webhook_endpoint_of', ['connection_id'], 'connection', ['id'], (key) => key.onDelete('cascade'))
    .addUniqueConstraint('webhook_endpoint_key', ['key'])
    .execute();
  await table(db, 'webhook_count', { connection_id: 'text!', bucket_at: 'time!', outcome: 'text!', count: 'integer!' })
    .addPrimaryKeyConstraint('webhook_count_key', ['connection_id', 'bucket_at', 'outcome'])
    .addForeignKeyConstraint('webhook_count_of', ['connection_id'], 'connection', ['id'], (key) => key.onDelete('cascade'))
    .execute();
}

async function events(db: Kysely<unknown>): Promise<void> {
  await table(db, 'webhook_event', {
    id: 'id',
    tenant_id: 'text!',
    connection_id: 'text!',
    deduplication_key: 'text!',
    topic: 'text!',
    verdict: 'text!',
    body: 'text!',
    state: 'text!',
    received_at: 'time!',
    handled_at: 'time',
  })
    .addForeignKeyConstraint('webhook_event_of', ['connection_id'], 'connection', ['id'], (key) => key.onDelete('cascade'))
    .addUniqueConstraint('webhook_event_once', ['connection_id', 'deduplication_key'])
    .execute();
  await index(db, 'webhook_event_new', 'webhook_event', ['connection_id', 'id'], sql`state = 'new'`);
}

async function dirtyKeys(db: Kysely<unknown>): Promise<void> {
  await table(db, 'dirty_key', {
    integration_id: 'text!',
    flow_id: 'text!',
    key: 'text!',
    tenant_id: 'text!',
    generation: 'integer!',
    taken: 'integer',
    run_id: 'text',
    first_at: 'time!',
    due_at: 'time!',
    failures: 'integer!',
    error_json: 'text',
  })
    .addPrimaryKeyConstraint('dirty_key_key', ['integration_id', 'flow_id', 'key'])
    .addForeignKeyConstraint('dirty_key_of', ['integration_id'], 'integration', ['id'], (key) => key.onDelete('cascade'))
    .execute();
  await index(db, 'dirty_key_due', 'dirty_key', ['integration_id', 'flow_id', 'due_at']);
}
