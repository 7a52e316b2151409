/** Daily anchors, retention, alerts. */
export type AuditTables = object;
