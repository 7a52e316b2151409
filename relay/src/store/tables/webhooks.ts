/** What systems tell by webhook. */
export interface WebhookTables {
  webhook_endpoint: WebhookEndpointRow;
  webhook_event: WebhookEventRow;
  webhook_count: WebhookCountRow;
  dirty_key: DirtyKeyRow;
}

/** Where a connection's system sends to. */
export interface WebhookEndpointRow {
  connection_id: string;
  tenant_id: string;
  /** Last part of the address; cannot be guessed. */
  key: string;
  /** `{ current, previous? }`: header secrets, encrypted by the vault. */
  secrets: string;
  /** `observe` or `required`. */
  mode: string;
  /** The person who chose the mode; null: it follows what arrives. */
  mode_set_by: string | null;
  /** When the first right signature was seen. */
  genuine_at: number | null;
  created_at: number;
  rotated_at: number | null;
  /** Within seconds. */
  last_event_at: number | null;
  /** When the subscriptions were last found, or made, as they have to be. */
  kept_at: number | null;
  /** `KeptSubscriptions`. */
  kept_json: string | null;
  /** Of the connection, when they were kept. */
  kept_version: number | null;
  /** When to look at them next. */
  keep_at: number;
  /** In a row. */
  keep_failures: number;
  keep_failing_since: number | null;
  keep_error_json: string | null;
}

export interface WebhookEventRow {
  id: string;
  tenant_id: string;
  connection_id: string;
  /** Unique per connection. */
  deduplication_key: string;
  topic: string;
  /** `genuine`, `stale` or `unsigned`. */
  verdict: string;
  /** As sent. */
  body: string;
  /** `new`, `routed`, or `ignored`: no flow wants it. */
  state: string;
  received_at: number;
  handled_at: number | null;
}

/** Deliveries of five minutes by outcome. */
export interface WebhookCountRow {
  connection_id: string;
  bucket_at: number;
  outcome: string;
  count: number;
}

/** A key that events made worth reading again. */
export interface DirtyKeyRow {
  integration_id: string;
  flow_id: string;
  key: string;
  tenant_id: string;
  /** Counts up with every event. */
  generation: number;
  /** The generation that the run `run_id` read for. */
  taken: number | null;
  run_id: string | null;
  first_at: number;
  due_at: number;
  /** Reads that failed in a row. */
  failures: number;
  error_json: string | null;
}
