import type { Clock } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';

/** A node that works a connection. */
export interface Holder {
  nodeId: string;
  connectionId: string;
}

/** Takes those of the connections that nobody holds, or only a node that is gone. Answers which of them this node holds now. */
export async function holdConnections(
  store: Store,
  clock: Clock,
  { nodeId, connectionIds }: { nodeId: string; connectionIds: readonly string[] },
): Promise<Set<string>> {
  if (connectionIds.length === 0) return new Set();
  const isHeld = await heldBy(store, nodeId);
  const wanted = connectionIds.filter((id) => !isHeld.has(id)).toSorted();
  if (wanted.length > 0) {
    await store.commit(function* (sql) {
      // A node that was thought dead and does not know it yet takes nothing any more.
      if (!(yield* sql.get(`select id from node where id = ?${sql.forShare}`, nodeId))) return;
      for (const connectionId of wanted)
        yield* sql.run(
          `insert into connection_lease (connection_id, node_id, since) values (?, ?, ?)
           on conflict (connection_id) do update set node_id = excluded.node_id, since = excluded.since
           where not exists (select node.id from node where node.id = connection_lease.node_id)`,
          connectionId,
          nodeId,
          clock.now(),
        );
    });
  }
  const held = wanted.length > 0 ? await heldBy(store, nodeId) : isHeld;
  return new Set(connectionIds.filter((id) => held.has(id)));
}

async function heldBy(store: Store, nodeId: string): Promise<Set<string>> {
  const rows = await store.db.selectFrom('connection_lease').select('connection_id').where('node_id', '=', nodeId).execute();
  return new Set(rows.map((row) => row.connection_id));
}

/** Since when, by its own clock, a node holds a connection; undefined when it does not. */
export async function heldSince(store: Store, { nodeId, connectionId }: Holder): Promise<number | undefined> {
  const lease = await store.db
    .selectFrom('connection_lease')
    .select('since')
    .where('node_id', '=', nodeId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return lease?.since;
}

/** Leaves connections to other nodes; what was begun on them is finished here. */
export async function leaveConnections(
  store: Store,
  { nodeId, connectionIds }: { nodeId: string; connectionIds: readonly string[] },
): Promise<void> {
  if (connectionIds.length === 0) return;
  const { numDeletedRows } = await store.db
    .deleteFrom('connection_lease')
    .where('node_id', '=', nodeId)
    .where('connection_id', 'in', connectionIds)
    .executeTakeFirst();
  if (numDeletedRows > 0n) store.notify({ about: 'work' });
}
