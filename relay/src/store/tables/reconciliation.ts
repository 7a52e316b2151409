/** What both sides and the ledger hold, compared. */
export type ReconciliationTables = object;
