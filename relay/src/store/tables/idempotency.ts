/** Writes that callers may send again without doing them again. */
export interface IdempotencyTables {
  idempotency_key: IdempotencyKeyRow;
}

export interface IdempotencyKeyRow {
  /** As in audit events. */
  caller: string;
  /** Id of the operation. */
  route: string;
  key: string;
  /** 0: under way, or ended without an answer. */
  is_done: number;
  /** Request hash and answer, encrypted by the vault: answers may show a token. */
  sealed: string;
  created_at: number;
}
