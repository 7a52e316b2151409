/** Schedules, calendars, and what records wait for. */
export interface SchedulesTables {
  run_request: RunRequestRow;
  close_calendar: CloseCalendarRow;
  blackout: BlackoutRow;
  approval: ApprovalRow;
  predecessor: PredecessorRow;
}

/** A run that a person asked for. */
export interface RunRequestRow {
  id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  mode: string;
  /** `{ first, last }`: business days of a backfill. */
  range_json: string | null;
  actor: string;
  /** `waiting`, `running`, `succeeded`, `failed`, `cancelled`. */
  state: string;
  /** The newest run that took it up. */
  run_id: string | null;
  /** Runs for it that failed in a row. */
  failures: number;
  /** No run takes it up before. */
  not_before: number;
  requested_at: number;
  ended_at: number | null;
}

/** Times at which nothing is posted, and business days that are closed. */
export interface CloseCalendarRow {
  id: string;
  tenant_id: string;
  /** null: all integrations of the tenant. */
  integration_id: string | null;
  /** List of flow ids; null: all flows. */
  flow_ids_json: string | null;
  name: string;
  time_zone: string;
  /** `CalendarEntry[]` of the engine. */
  entries_json: string;
  created_at: number;
  changed_at: number;
}

/** Times at which nothing goes to or from a connection. */
export interface BlackoutRow {
  connection_id: string;
  tenant_id: string;
  /** `BlackoutWindow[]` of the engine. */
  windows_json: string;
  changed_at: number;
}

/** A person lets a record pass what it waited for. */
export interface ApprovalRow {
  record_id: string;
  /** Of the reason: `BUSINESS_AGE`. */
  code: string;
  tenant_id: string;
  actor: string;
  approved_at: number;
}

/** A waiting record and a key of its flow that has to be finished first. */
export interface PredecessorRow {
  record_id: string;
  integration_id: string;
  flow_id: string;
  key: string;
}
