/** What both sides and the ledger hold, compared. */
export interface ReconciliationTables {
  reconciliation_plan: ReconciliationPlanRow;
  reconciliation: ReconciliationRow;
  reconciliation_slice: ReconciliationSliceRow;
  reconciliation_difference: ReconciliationDifferenceRow;
}

/** When a flow is compared by itself. */
export interface ReconciliationPlanRow {
  integration_id: string;
  flow_id: string;
  tenant_id: string;
  /** `ReconciliationSettings` of the engine. */
  settings_json: string;
  next_at: number;
  /** Failed in a row. */
  failures: number;
  changed_at: number;
}

export interface ReconciliationRow {
  id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  /** `YYYY-MM-DD`, both included. */
  first_day: string;
  last_day: string;
  /** `schedule` or `manual`. */
  trigger: string;
  actor: string;
  /** `waiting`, `running`, `succeeded`, `failed`. */
  state: string;
  /** Counts up with every start: what an earlier start still writes is refused. */
  attempts: number;
  progress: string;
  slice_count: number;
  difference_count: number;
  error_json: string | null;
  requested_at: number;
  started_at: number | null;
  ended_at: number | null;
}

export interface ReconciliationSliceRow {
  reconciliation_id: string;
  number: number;
  name: string;
  source_count: number;
  source_sum: string;
  ledger_count: number;
  ledger_sum: string;
  target_count: number;
  target_sum: string;
  /** All of them; the first ones are kept. */
  difference_count: number;
}

export interface ReconciliationDifferenceRow {
  reconciliation_id: string;
  number: number;
  slice_number: number;
  key: string;
  code: string;
  message: string;
  record_id: string | null;
}
