/** Field overrides and mapping versions, shadow mappings, dry runs, replays in steps. */
export interface MappingTables {
  override_set: OverrideSetRow;
  mapping_version: MappingVersionRow;
  mapping_draft: MappingDraftRow;
  dry_run: DryRunRow;
  dry_run_item: DryRunItemRow;
  replay: ReplayRow;
  replay_item: ReplayItemRow;
}

/** The overrides of a flow as they were saved; the highest number is in force. */
export interface OverrideSetRow {
  integration_id: string;
  flow_id: string;
  number: number;
  /** `FieldOverride[]`. */
  overrides_json: string;
  note: string;
  saved_by: string;
  saved_at: number;
}

/** What a mapping version of a record stood for. */
export interface MappingVersionRow {
  integration_id: string;
  flow_id: string;
  version: string;
  tenant_id: string;
  content_json: string;
  first_used_at: number;
}

/** A mapping that somebody tries beside the live one. */
export interface MappingDraftRow {
  integration_id: string;
  flow_id: string;
  tenant_id: string;
  draft_json: string;
  /** 1: what comes in is mapped by both. */
  live: number;
  /** The newest record compared. */
  seen_id: string;
  report_json: string;
  changed_by: string;
  created_at: number;
  changed_at: number;
}

export interface DryRunRow {
  id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  mode: string;
  /** `{ first, last }`, or null. */
  range_json: string | null;
  /** `waiting`, `running`, `succeeded`, `failed`, `cancelled`, `interrupted`. */
  state: string;
  actor: string;
  /** The relay node that runs it. */
  node_name: string | null;
  progress: string;
  report_json: string;
  error_json: string | null;
  requested_at: number;
  started_at: number | null;
  ended_at: number | null;
}

export interface DryRunItemRow {
  dry_run_id: string;
  number: number;
  outcome: string;
  key: string;
  label: string;
  item_json: string;
}

/** A bulk replay that goes out in growing steps. */
export interface ReplayRow {
  id: string;
  tenant_id: string;
  selection_json: string;
  /** `running`, `stopped`, `done`, `cancelled`. */
  state: string;
  /** Records of the next step. */
  step_size: number;
  steps: number;
  actor: string;
  /** Why it stopped. */
  note: string;
  created_at: number;
  changed_at: number;
  ended_at: number | null;
}

export interface ReplayItemRow {
  replay_id: string;
  position: number;
  record_id: string;
  /** `left`, `sent`, `passed`, `surprise`, `kept`. */
  state: string;
  /** What the mapping said before it was sent. */
  expected_json: string | null;
  /** The record that carries it: itself, or a new version. */
  result_id: string | null;
  outcome_json: string | null;
}
