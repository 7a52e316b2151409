import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Field overrides and mapping versions, shadow mappings, dry runs, replays in steps. */
export const mapping: Migration = {
  number: 3,
  name: 'mapping',
  breaking: true,
  async up(db) {
    await overridesAndVersions(db);
    await drafts(db);
    await dryRuns(db);
    await replays(db);
  },
};

async function overridesAndVersions(db: Kysely<unknown>): Promise<void> {
  await table(db, 'override_set', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    number: 'integer!',
    overrides_json: 'text!',
    note: 'text!',
    saved_by: 'text!',
    saved_at: 'time!',
  })
    .addPrimaryKeyConstraint('override_set_key', ['integration_id', 'flow_id', 'number'])
    .execute();
  await table(db, 'mapping_version', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    version: 'text!',
    tenant_id: 'text!',
    content_json: 'text!',
    first_used_at: 'time!',
  })
    .addPrimaryKeyConstraint('mapping_version_key', ['integration_id', 'flow_id', 'version'])
    .execute();
}

async function drafts(db: Kysely<unknown>): Promise<void> {
  await table(db, 'mapping_draft', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    tenant_id: 'text!',
    draft_json: 'text!',
    live: 'integer!',
    seen_id: 'text!',
    report_json: 'text!',
    changed_by: 'text!',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('mapping_draft_key', ['integration_id', 'flow_id'])
    .execute();
}

async function dryRuns(db: Kysely<unknown>): Promise<void> {
  await table(db, 'dry_run', {
    id: 'id',
    tenant_id: 'text!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    mode: 'text!',
    range_json: 'text',
    state: 'text!',
    actor: 'text!',
    node_name: 'text',
    progress: 'text!',
    report_json: 'text!',
    error_json: 'text',
    requested_at: 'time!',
    started_at: 'time',
    ended_at: 'time',
  }).execute();
  await index(db, 'dry_run_newest', 'dry_run', ['tenant_id', 'id']);
  await index(db, 'dry_run_open', 'dry_run', ['id'], sql`ended_at is null`);
  await table(db, 'dry_run_item', {
    dry_run_id: 'dry_run.id!',
    number: 'integer!',
    outcome: 'text!',
    key: 'text!',
    label: 'text!',
    item_json: 'text!',
  })
    .addPrimaryKeyConstraint('dry_run_item_key', ['dry_run_id', 'number'])
    .execute();
}

async function replays(db: Kysely<unknown>): Promise<void> {
  await table(db, 'replay', {
    id: 'id',
    tenant_id: 'text!',
    selection_json: 'text!',
    state: 'text!',
    step_size: 'integer!',
    steps: 'integer!',
    actor: 'text!',
    note: 'text!',
    created_at: 'time!',
    changed_at: 'time!',
    ended_at: 'time',
  }).execute();
  await index(db, 'replay_newest', 'replay', ['tenant_id', 'id']);
  await index(db, 'replay_open', 'replay', ['id'], sql`ended_at is null`);
  // Without a reference to the record: its retention does not wait for a replay.
  await table(db, 'replay_item', {
    replay_id: 'replay.id!',
    position: 'integer!',
    record_id: 'text!',
    state: 'text!',
    expected_json: 'text',
    result_id: 'text',
    outcome_json: 'text',
  })
    .addPrimaryKeyConstraint('replay_item_key', ['replay_id', 'position'])
    .execute();
  await index(db, 'replay_item_state', 'replay_item', ['replay_id', 'state', 'position']);
}
