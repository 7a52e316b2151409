import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Tenants, sites, agents, connections, integrations, and the ledger. */
export const foundation: Migration = {
  number: 1,
  name: 'foundation',
  breaking: true,
  async up(db) {
    await tenantsAndAgents(db);
    await connectionsAndIntegrations(db);
    await ledger(db);
    await valueMaps(db);
    await keysAndTokens(db);
  },
};

async function tenantsAndAgents(db: Kysely<unknown>): Promise<void> {
  await table(db, 'tenant', { id: 'id', name: 'text!', created_at: 'time!' }).addUniqueConstraint('tenant_name', ['name']).execute();
  await table(db, 'site', { id: 'id', tenant_id: 'tenant.id!', name: 'text!', created_at: 'time!' })
    .addUniqueConstraint('site_name', ['tenant_id', 'name'])
    .execute();
  await table(db, 'agent', {
    id: 'id',
    tenant_id: 'tenant.id!',
    site_id: 'site.id!',
    name: 'text!',
    identity_key: 'text!',
    sealing_key: 'text!',
    version: 'text!',
    machine_json: 'text!',
    enrolled_at: 'time!',
    revoked_at: 'time',
    last_seen_at: 'time',
  })
    .addUniqueConstraint('agent_identity', ['identity_key'])
    .execute();
  await index(db, 'agent_site', 'agent', ['site_id']);
  await table(db, 'enroll_token', {
    id: 'id',
    tenant_id: 'tenant.id!',
    site_id: 'site.id!',
    created_at: 'time!',
    expires_at: 'time!',
    used_at: 'time',
    agent_id: 'agent.id',
  }).execute();
}

async function connectionsAndIntegrations(db: Kysely<unknown>): Promise<void> {
  await table(db, 'connection', {
    id: 'id',
    tenant_id: 'tenant.id!',
    system: 'text!',
    name: 'text!',
    site_id: 'site.id',
    settings_json: 'text!',
    secrets: 'text',
    version: 'integer!',
    halted_json: 'text',
    check_json: 'text',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addUniqueConstraint('connection_name', ['tenant_id', 'name'])
    .execute();
  await table(db, 'sealed_credential', {
    connection_id: 'connection.id!',
    agent_id: 'agent.id!',
    sealed: 'text!',
    created_at: 'time!',
    delivered_at: 'time',
  })
    .addPrimaryKeyConstraint('sealed_credential_key', ['connection_id', 'agent_id'])
    .execute();
  await table(db, 'integration', {
    id: 'id',
    tenant_id: 'tenant.id!',
    name: 'text!',
    source_connection_id: 'connection.id!',
    target_connection_id: 'connection.id!',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addUniqueConstraint('integration_name', ['tenant_id', 'name'])
    .execute();
  await table(db, 'integration_flow', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    tenant_id: 'tenant.id!',
    enabled: 'integer!',
    paused: 'integer!',
    settings_json: 'text!',
    schedule_json: 'text',
    cursor_json: 'text',
    next_run_at: 'time',
    next_sweep_at: 'time',
    requested_mode: 'text',
    failures: 'integer!',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('integration_flow_key', ['integration_id', 'flow_id'])
    .execute();
}

async function ledger(db: Kysely<unknown>): Promise<void> {
  await table(db, 'run', {
    id: 'id',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    mode: 'text!',
    trigger: 'text!',
    state: 'text!',
    read_count: 'integer!',
    new_count: 'integer!',
    unchanged_count: 'integer!',
    superseded_count: 'integer!',
    progress: 'text!',
    error_json: 'text',
    started_at: 'time!',
    ended_at: 'time',
  }).execute();
  await index(db, 'run_newest', 'run', ['tenant_id', 'id']);
  await index(db, 'run_of_flow', 'run', ['integration_id', 'flow_id', 'id']);
  await table(db, 'record', {
    id: 'id',
    tenant_id: 'tenant.id!',
    integration_id: 'integration.id!',
    flow_id: 'text!',
    run_id: 'run.id!',
    key: 'text!',
    label: 'text!',
    version: 'integer!',
    payload_json: 'text!',
    payload_hash: 'text!',
    state: 'text!',
    reason_json: 'text',
    attempts: 'integer!',
    next_attempt_at: 'time',
    mapping_version: 'text',
    action: 'text',
    target_id: 'text',
    target_label: 'text',
    superseded_by: 'text',
    replay_of: 'text',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addUniqueConstraint('record_version', ['integration_id', 'flow_id', 'key', 'version'])
    .execute();
  await index(db, 'record_of_run', 'record', ['run_id']);
  await index(db, 'record_by_state', 'record', ['tenant_id', 'state', 'id']);
  await index(db, 'record_by_target', 'record', ['tenant_id', 'target_id'], sql`target_id is not null`);
  // Claims read only what is pending, so they stay as fast however long the ledger grows. Every further index costs each insert.
  await index(db, 'record_pending', 'record', ['integration_id', 'flow_id', 'key', 'version'], sql`state = 'pending'`);
  await index(db, 'record_due', 'record', ['next_attempt_at'], sql`next_attempt_at is not null`);
  await table(db, 'attempt', {
    id: 'id',
    record_id: 'record.id!',
    number: 'integer!',
    mapping_version: 'text!',
    body_json: 'text!',
    notes_json: 'text!',
    started_at: 'time!',
    ended_at: 'time',
    outcome: 'text',
    error_json: 'text',
  })
    .addUniqueConstraint('attempt_number', ['record_id', 'number'])
    .execute();
  await table(db, 'event', {
    subject_id: 'text!',
    seq: 'integer!',
    tenant_id: 'text!',
    at: 'time!',
    actor: 'text!',
    kind: 'text!',
    data_json: 'text!',
    prev_hash: 'text!',
    hash: 'text!',
  })
    .addPrimaryKeyConstraint('event_key', ['subject_id', 'seq'])
    .execute();
  await table(db, 'link', {
    integration_id: 'integration.id!',
    flow_id: 'text!',
    key: 'text!',
    tenant_id: 'tenant.id!',
    target_id: 'text!',
    target_label: 'text!',
    source_hash: 'text!',
    target_hash: 'text!',
    record_id: 'record.id!',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('link_key', ['integration_id', 'flow_id', 'key'])
    .addUniqueConstraint('link_target', ['integration_id', 'flow_id', 'target_id'])
    .execute();
}

async function valueMaps(db: Kysely<unknown>): Promise<void> {
  await table(db, 'value_map', {
    integration_id: 'integration.id!',
    value_map_id: 'text!',
    missing: 'text!',
    default_code: 'text',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('value_map_key', ['integration_id', 'value_map_id'])
    .execute();
  await table(db, 'value_map_entry', {
    integration_id: 'integration.id!',
    value_map_id: 'text!',
    from_code: 'text!',
    to_code: 'text!',
    changed_at: 'time!',
    changed_by: 'text!',
  })
    .addPrimaryKeyConstraint('value_map_entry_key', ['integration_id', 'value_map_id', 'from_code'])
    .execute();
  await table(db, 'value_map_code', {
    integration_id: 'integration.id!',
    value_map_id: 'text!',
    side: 'text!',
    code: 'text!',
    name: 'text!',
  })
    .addPrimaryKeyConstraint('value_map_code_key', ['integration_id', 'value_map_id', 'side', 'code'])
    .execute();
  await table(db, 'value_map_proposal', {
    integration_id: 'integration.id!',
    value_map_id: 'text!',
    from_code: 'text!',
    to_code: 'text!',
    why: 'text!',
  })
    .addPrimaryKeyConstraint('value_map_proposal_key', ['integration_id', 'value_map_id', 'from_code', 'to_code'])
    .execute();
  await table(db, 'missing_entry', {
    integration_id: 'integration.id!',
    value_map_id: 'text!',
    code: 'text!',
    record_id: 'record.id!',
  })
    .addPrimaryKeyConstraint('missing_entry_key', ['record_id', 'value_map_id', 'code'])
    .execute();
  await index(db, 'missing_entry_code', 'missing_entry', ['integration_id', 'value_map_id', 'code']);
}

async function keysAndTokens(db: Kysely<unknown>): Promise<void> {
  await table(db, 'api_token', {
    id: 'id',
    tenant_id: 'tenant.id',
    name: 'text!',
    token_hash: 'text!',
    role: 'text!',
    created_at: 'time!',
    expires_at: 'time',
    revoked_at: 'time',
    last_used_at: 'time',
  })
    .addUniqueConstraint('api_token_hash', ['token_hash'])
    .execute();
  await table(db, 'relay_key', {
    id: 'id',
    purpose: 'text!',
    public_text: 'text!',
    secret: 'text!',
    created_at: 'time!',
    retired_at: 'time',
  }).execute();
}
