/** Relay nodes and the leases they hold. */
export interface NodeTables {
  node: NodeRow;
  connection_lease: ConnectionLeaseRow;
}

/** One life of a relay, from its start to its end; gone when it stopped or when the others think it dead. */
export interface NodeRow {
  id: string;
  /** The same in each life of the same relay. */
  name: string;
  /** Counts up while it lives. */
  beat: number;
  started_at: number;
  seen_at: number;
}

/** The node that works a connection. A node id is never used again, so whoever still holds it here is the one. */
export interface ConnectionLeaseRow {
  connection_id: string;
  node_id: string;
  since: number;
}
