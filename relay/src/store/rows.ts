import type {
  AcknowledgementTables,
  SchedulesTables,
  MappingTables,
  AuditTables,
  IdempotencyTables,
  NodeTables,
  PeopleTables,
  ReconciliationTables,
  WebhookTables,
} from './tables/index.ts';
/** The tables as the newest migration leaves them. Times are milliseconds since 1970; flags are 0 or 1; `…_json` holds JSON text. */
export interface Db
  extends
    AcknowledgementTables,
    SchedulesTables,
    MappingTables,
    AuditTables,
    IdempotencyTables,
    NodeTables,
    PeopleTables,
    ReconciliationTables,
    WebhookTables {
  migration: MigrationRow;
  tenant: TenantRow;
  site: SiteRow;
  agent: AgentRow;
  enroll_token: EnrollTokenRow;
  connection: ConnectionRow;
  sealed_credential: SealedCredentialRow;
  integration: IntegrationRow;
  integration_flow: IntegrationFlowRow;
  run: RunRow;
  record: RecordRow;
  attempt: AttemptRow;
  event: EventRow;
  link: LinkRow;
  value_map: ValueMapRow;
  value_map_entry: ValueMapEntryRow;
  value_map_code: ValueMapCodeRow;
  value_map_proposal: ValueMapProposalRow;
  missing_entry: MissingEntryRow;
  api_token: ApiTokenRow;
  relay_key: RelayKeyRow;
}

export interface MigrationRow {
  number: number;
  name: string;
  /** 1: a build that does not know this migration must not touch the database. */
  breaking: number;
  applied_at: number;
}

export interface TenantRow {
  id: string;
  name: string;
  created_at: number;
}

export interface SiteRow {
  id: string;
  tenant_id: string;
  name: string;
  created_at: number;
}

export interface AgentRow {
  id: string;
  tenant_id: string;
  site_id: string;
  name: string;
  /** Public halves: Ed25519 for identity, X25519 for sealing, base64url. */
  identity_key: string;
  sealing_key: string;
  version: string;
  machine_json: string;
  enrolled_at: number;
  revoked_at: number | null;
  last_seen_at: number | null;
}

export interface EnrollTokenRow {
  id: string;
  tenant_id: string;
  site_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  agent_id: string | null;
}

export interface ConnectionRow {
  id: string;
  tenant_id: string;
  system: string;
  name: string;
  /** Set for systems behind an agent. */
  site_id: string | null;
  /** Without the secret fields. */
  settings_json: string;
  /** The secret fields, encrypted by the vault; null when there are none. */
  secrets: string | null;
  /** Counts up with every change of settings, secrets or credential; sessions are opened per version. */
  version: number;
  /** Why nothing on this connection will work until someone acts: `Halt` of the engine, or null. */
  halted_json: string | null;
  /** Outcome of the last connection test. */
  check_json: string | null;
  created_at: number;
  changed_at: number;
}

export interface SealedCredentialRow {
  connection_id: string;
  agent_id: string;
  /** JWE compact, readable by this agent only. */
  sealed: string;
  created_at: number;
  delivered_at: number | null;
}

export interface IntegrationRow {
  id: string;
  tenant_id: string;
  name: string;
  source_connection_id: string;
  target_connection_id: string;
  created_at: number;
  changed_at: number;
}

export interface IntegrationFlowRow {
  integration_id: string;
  flow_id: string;
  tenant_id: string;
  enabled: number;
  paused: number;
  settings_json: string;
  /** `Schedule` of the engine, or null for the flow's own. */
  schedule_json: string | null;
  cursor_json: string | null;
  next_run_at: number | null;
  next_sweep_at: number | null;
  /** Extractions failed in a row; drives the backoff. */
  failures: number;
  /** `PostingRules` of the engine, or null: posted at once. */
  posting_json: string | null;
  /** When a person last let everything go that was there. */
  post_now_at: number | null;
  changed_at: number;
}

export interface RunRow {
  id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  mode: string;
  trigger: string;
  state: string;
  read_count: number;
  new_count: number;
  unchanged_count: number;
  superseded_count: number;
  progress: string;
  error_json: string | null;
  started_at: number;
  ended_at: number | null;
  /** `{ first, last }`: business days of a backfill. */
  range_json: string | null;
  /** The node that reads, while it runs. */
  node_id: string | null;
}

export interface RecordRow {
  id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  run_id: string;
  key: string;
  label: string;
  /** 1, 2, 3 … per key. */
  version: number;
  payload_json: string;
  payload_hash: string;
  state: string;
  /** `StateReason[]`: why it is in this state. */
  reason_json: string | null;
  attempts: number;
  next_attempt_at: number | null;
  mapping_version: string | null;
  /** `created`, `updated` or `unchanged`, once succeeded. */
  action: string | null;
  target_id: string | null;
  target_label: string | null;
  superseded_by: string | null;
  replay_of: string | null;
  /** The node that began the last attempt. */
  node_id: string | null;
  created_at: number;
  changed_at: number;
}

export interface AttemptRow {
  id: string;
  record_id: string;
  /** 1, 2, 3 … per record. */
  number: number;
  mapping_version: string;
  /** What was sent, written before it was sent. */
  body_json: string;
  notes_json: string;
  started_at: number;
  ended_at: number | null;
  /** `succeeded` or the verdict; null while it runs, or when the relay died in it. */
  outcome: string | null;
  error_json: string | null;
}

/** One line of an audit trail. Events of one subject are chained: `hash` covers the event and `prev_hash`. */
export interface EventRow {
  /** Id of the record, run, connection or integration. */
  subject_id: string;
  seq: number;
  tenant_id: string;
  at: number;
  /** Who: `engine`, `user:…`, `token:…`. */
  actor: string;
  kind: string;
  data_json: string;
  prev_hash: string;
  hash: string;
}

export interface LinkRow {
  integration_id: string;
  flow_id: string;
  key: string;
  tenant_id: string;
  target_id: string;
  target_label: string;
  /** Hash of the payload that was last posted, and of the body it became. */
  source_hash: string;
  target_hash: string;
  record_id: string;
  created_at: number;
  changed_at: number;
}

/** What an integration changed about a value map's policy. */
export interface ValueMapRow {
  integration_id: string;
  value_map_id: string;
  missing: string;
  default_code: string | null;
  changed_at: number;
}

export interface ValueMapEntryRow {
  integration_id: string;
  value_map_id: string;
  from_code: string;
  to_code: string;
  changed_at: number;
  changed_by: string;
}

export interface ValueMapCodeRow {
  integration_id: string;
  value_map_id: string;
  /** `from` or `to`. */
  side: string;
  code: string;
  name: string;
}

export interface ValueMapProposalRow {
  integration_id: string;
  value_map_id: string;
  from_code: string;
  to_code: string;
  why: string;
}

/** A blocked record waits for this entry. */
export interface MissingEntryRow {
  integration_id: string;
  value_map_id: string;
  code: string;
  record_id: string;
}

export interface ApiTokenRow {
  id: string;
  /** null: all tenants (the relay's own administrator). */
  tenant_id: string | null;
  name: string;
  token_hash: string;
  role: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

/** Keys of the relay itself: its name towards agents, enrolment tokens, its certificate authority. */
export interface RelayKeyRow {
  id: string;
  purpose: string;
  public_text: string;
  /** Encrypted by the vault. */
  secret: string;
  created_at: number;
  retired_at: number | null;
}

export type * from './tables/index.ts';
