import { sql, type Kysely } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** Daily anchors, retention, alerts. */
export const audit: Migration = {
  number: 4,
  name: 'audit',
  breaking: true,
  async up(db) {
    await anchors(db);
    await retention(db);
    await alerts(db);
  },
};

async function anchors(db: Kysely<unknown>): Promise<void> {
  // Times only grow, so this index is written at its end; an anchor finds what was touched since the last one without a look at old events.
  await index(db, 'event_by_time', 'event', ['tenant_id', 'at', 'subject_id', 'seq']);
  await table(db, 'audit_anchor', {
    tenant_id: 'text!',
    number: 'integer!',
    kind: 'text!',
    day: 'text!',
    through_at: 'time!',
    made_at: 'time!',
    head_count: 'integer!',
    heads_hash: 'text!',
    content_before: 'time',
    prev_hash: 'text!',
    hash: 'text!',
    key_id: 'text!',
    signature: 'text!',
  })
    .addPrimaryKeyConstraint('audit_anchor_key', ['tenant_id', 'number'])
    .execute();
  await table(db, 'audit_head', {
    tenant_id: 'text!',
    number: 'integer!',
    subject_id: 'text!',
    seq: 'integer!',
    hash: 'text!',
    gone: 'integer!',
  })
    .addPrimaryKeyConstraint('audit_head_key', ['tenant_id', 'number', 'subject_id'])
    .execute();
  await index(db, 'audit_head_subject', 'audit_head', ['subject_id', 'number']);
  await table(db, 'audit_check', {
    tenant_id: 'id',
    state: 'text!',
    started_at: 'time!',
    ended_at: 'time',
    events: 'integer!',
    result_json: 'text',
  }).execute();
}

async function retention(db: Kysely<unknown>): Promise<void> {
  await table(db, 'retention', {
    tenant_id: 'id',
    detail_days: 'integer',
    event_days: 'integer',
    run_days: 'integer',
    changed_at: 'time!',
    last_at: 'time',
    last_json: 'text',
  }).execute();
}

async function alerts(db: Kysely<unknown>): Promise<void> {
  await table(db, 'alert_settings', { tenant_id: 'id', settings_json: 'text!', changed_at: 'time!' }).execute();
  await table(db, 'alert_rule', {
    tenant_id: 'tenant.id!',
    rule: 'text!',
    enabled: 'integer!',
    settings_json: 'text!',
    channels_json: 'text',
    muted_until: 'time',
    changed_at: 'time!',
  })
    .addPrimaryKeyConstraint('alert_rule_key', ['tenant_id', 'rule'])
    .execute();
  await table(db, 'alert_channel', {
    id: 'id',
    tenant_id: 'tenant.id!',
    kind: 'text!',
    name: 'text!',
    settings_json: 'text!',
    secrets: 'text',
    enabled: 'integer!',
    failing_json: 'text',
    last_sent_at: 'time',
    created_at: 'time!',
    changed_at: 'time!',
  })
    .addUniqueConstraint('alert_channel_name', ['tenant_id', 'name'])
    .execute();
  await table(db, 'alert', {
    id: 'id',
    tenant_id: 'tenant.id!',
    rule: 'text!',
    cause: 'text!',
    finding_json: 'text!',
    opened_at: 'time!',
    updated_at: 'time!',
    notified_at: 'time',
    closed_at: 'time',
    acknowledged_at: 'time',
    acknowledged_by: 'text',
    muted_until: 'time',
  }).execute();
  await sql`create unique index alert_open on alert (tenant_id, rule, cause) where closed_at is null`.execute(db);
  await index(db, 'alert_newest', 'alert', ['tenant_id', 'id']);
  await table(db, 'alert_delivery', {
    id: 'id',
    tenant_id: 'tenant.id!',
    channel_id: 'text!',
    alert_id: 'text',
    kind: 'text!',
    message_json: 'text!',
    state: 'text!',
    attempts: 'integer!',
    next_attempt_at: 'time',
    error_json: 'text',
    created_at: 'time!',
    ended_at: 'time',
  }).execute();
  await index(db, 'alert_delivery_due', 'alert_delivery', ['next_attempt_at'], sql`state = 'waiting'`);
  await index(db, 'alert_delivery_newest', 'alert_delivery', ['tenant_id', 'id']);
}
