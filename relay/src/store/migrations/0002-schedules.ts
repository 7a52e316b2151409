import { sql, type Kysely } from 'kysely';
import type { Db } from '../rows.ts';
import { newId } from '../ids.ts';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Schedules, calendars, and what records wait for. */
export const schedules: Migration = {
  number: 2,
  name: 'schedules',
  breaking: true,
  async up(db) {
    await runRequests(db);
    await postingRules(db);
    await waitingRecords(db);
  },
};

async function runRequests(db: Kysely<unknown>): Promise<void> {
  await table(db, 'run_request', {
    id: 'id',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    mode: 'text!',
    range_json: 'text',
    actor: 'text!',
    state: 'text!',
    run_id: 'text', // not a reference: the run may be removed when it is old
    failures: 'integer!',
    not_before: 'time!',
    requested_at: 'time!',
    ended_at: 'time',
  }).execute();
  await index(db, 'run_request_open', 'run_request', ['integration_id', 'flow_id', 'id'], sql`ended_at is null`);
  await db.schema.alterTable('run').addColumn('range_json', 'text').execute();
  await keepRequestedModes(db);
  await db.schema.alterTable('integration_flow').dropColumn('requested_mode').execute();
}

async function keepRequestedModes(db: Kysely<unknown>): Promise<void> {
  const asked = await sql<{ tenant_id: string; integration_id: string; flow_id: string; mode: string; changed_at: number }>`
    select tenant_id, integration_id, flow_id, requested_mode as mode, changed_at from integration_flow where requested_mode is not null
  `.execute(db);
  for (const { tenant_id, integration_id, flow_id, mode, changed_at: at } of asked.rows) {
    const request = { id: newId('runRequest', at), tenant_id, integration_id, flow_id, mode, requested_at: at, not_before: at };
    await (db as Kysely<Db>)
      .insertInto('run_request')
      .values({ ...request, actor: 'upgrade', state: 'waiting', failures: 0 })
      .execute();
  }
}

async function postingRules(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('integration_flow').addColumn('posting_json', 'text').execute();
  await db.schema.alterTable('integration_flow').addColumn('post_now_at', 'bigint').execute();
  await table(db, 'close_calendar', {
    id: 'id',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id',
    flow_ids_json: 'text',
    name: 'text!',
    time_zone: 'text!',
    entries_json: 'text!',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addUniqueConstraint('close_calendar_name', ['tenant_id', 'name'])
    .execute();
  await table(db, 'blackout', {
    connection_id: 'connection.id!',
    tenant_id: 'tenant.id!',
    windows_json: 'text!',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('blackout_key', ['connection_id'])
    .execute();
}

async function waitingRecords(db: Kysely<unknown>): Promise<void> {
  await table(db, 'approval', {
    record_id: 'record.id!',
    code: 'text!',
    tenant_id: 'tenant.id!',
    actor: 'text!',
    approved_at: 'time!',
  })
    .addPrimaryKeyConstraint('approval_key', ['record_id', 'code'])
    .execute();
  await table(db, 'predecessor', {
    record_id: 'record.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    key: 'text!',
  })
    .addPrimaryKeyConstraint('predecessor_key', ['record_id', 'key'])
    .execute();
  await index(db, 'predecessor_of', 'predecessor', ['integration_id', 'flow_id', 'key']);
}
