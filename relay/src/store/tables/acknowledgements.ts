/** What sources are still to be told. */
export interface AcknowledgementTables {
  acknowledgement: AcknowledgementRow;
}

/** The source of a record that succeeded is to be told of it; gone when it was. */
export interface AcknowledgementRow {
  record_id: string;
  tenant_id: string;
  integration_id: string;
  flow_id: string;
  key: string;
  failures: number;
  /** null: the source refused it. */
  next_attempt_at: number | null;
  result_json: string;
  error_json: string | null;
  created_at: number;
}
