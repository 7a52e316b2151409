/** Relay nodes and the leases they hold. */
export type NodeTables = object;
