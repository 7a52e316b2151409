/** Daily anchors, retention, alerts. */
export interface AuditTables {
  audit_anchor: AuditAnchorRow;
  audit_head: AuditHeadRow;
  audit_check: AuditCheckRow;
  retention: RetentionRow;
  alert_settings: AlertSettingsRow;
  alert_rule: AlertRuleRow;
  alert_channel: AlertChannelRow;
  alert: AlertRow;
  alert_delivery: AlertDeliveryRow;
}

/** Commits to the heads of all chains that were touched since the anchor before, and to that anchor; signed by a key of the vault. */
export interface AuditAnchorRow {
  /** `relay` for what belongs to no tenant. */
  tenant_id: string;
  /** 1, 2, 3 … per tenant. */
  number: number;
  /** `day`, `now` or `removal`. */
  kind: string;
  /** `2026-05-31`, UTC: the newest day that it covers. */
  day: string;
  /** Every event dated until then is in this anchor or an earlier one. */
  through_at: number;
  made_at: number;
  head_count: number;
  /** Over the heads, in order of their subjects. */
  heads_hash: string;
  /** The retention may have dropped the content of record and run events older than this; null: of none. */
  content_before: number | null;
  prev_hash: string;
  hash: string;
  key_id: string;
  signature: string;
}

/** The newest event of one chain when an anchor was made. */
export interface AuditHeadRow {
  tenant_id: string;
  number: number;
  subject_id: string;
  seq: number;
  hash: string;
  /** 1: the retention removed the whole chain, which ended here. */
  gone: number;
}

/** The last verification of a tenant's audit trail. */
export interface AuditCheckRow {
  tenant_id: string;
  /** `running`, `intact`, `damaged` or `failed`. */
  state: string;
  started_at: number;
  ended_at: number | null;
  /** Looked at so far. */
  events: number;
  /** Faults, or why it failed. */
  result_json: string | null;
}

/** Days after which things are removed; null keeps them. */
export interface RetentionRow {
  tenant_id: string;
  detail_days: number | null;
  event_days: number | null;
  run_days: number | null;
  /** Of webhook events. */
  webhook_days: number | null;
  changed_at: number;
  last_at: number | null;
  last_json: string | null;
}

/** Quiet hours, reminders. */
export interface AlertSettingsRow {
  tenant_id: string;
  settings_json: string;
  changed_at: number;
}

/** What a tenant changed about a rule. */
export interface AlertRuleRow {
  tenant_id: string;
  rule: string;
  enabled: number;
  settings_json: string;
  /** Ids of channels; null: all. */
  channels_json: string | null;
  muted_until: number | null;
  changed_at: number;
}

export interface AlertChannelRow {
  id: string;
  tenant_id: string;
  /** `email`, `webhook` or `slack`. */
  kind: string;
  name: string;
  settings_json: string;
  /** The secret fields, encrypted by the vault. */
  secrets: string | null;
  enabled: number;
  /** Why the last delivery failed; null when it went out. */
  failing_json: string | null;
  last_sent_at: number | null;
  created_at: number;
  changed_at: number;
}

export interface AlertRow {
  id: string;
  tenant_id: string;
  rule: string;
  /** What it is about, within the rule; there is one open alert per cause. */
  cause: string;
  finding_json: string;
  opened_at: number;
  updated_at: number;
  /** When a message about it was last put into the outbox. */
  notified_at: number | null;
  closed_at: number | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  muted_until: number | null;
}

/** One message on its way to one channel. */
export interface AlertDeliveryRow {
  id: string;
  tenant_id: string;
  channel_id: string;
  alert_id: string | null;
  /** `opened`, `reminder`, `over`, `test` or `anchor`. */
  kind: string;
  message_json: string;
  /** `waiting`, `sent`, `given up` or `withdrawn`. */
  state: string;
  attempts: number;
  next_attempt_at: number | null;
  error_json: string | null;
  created_at: number;
  ended_at: number | null;
}
