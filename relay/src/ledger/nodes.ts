import type { Clock } from '@ml-connector/shared';
import { newId, type NodeRow, type Store } from '../store/index.ts';
import { recoverInterrupted } from './recovery.ts';

export interface NodeStart {
  /** The same in each life of the same relay, and of no other. */
  name: string;
  /** There cannot be another node: whatever is left of one is over. */
  isAlone: boolean;
}

/** Begins a life of a relay. What its earlier lives had in hand is recovered; answers the ids of those records too. */
export async function startNode(store: Store, clock: Clock, { name, isAlone }: NodeStart): Promise<{ node: NodeRow; recovered: string[] }> {
  const now = clock.now();
  const node = { id: newId('node', now), name, beat: 0, started_at: now, seen_at: now };
  await store.transaction(async (transaction) => {
    const earlier = transaction.deleteFrom('node');
    await (isAlone ? earlier : earlier.where('name', '=', name)).execute();
    await transaction.insertInto('node').values(node).execute();
    await releaseOrphans(transaction);
  });
  return { node, recovered: await recoverInterrupted(store, clock) };
}

/** Says that the node is alive. Answers false when the others took it for dead, and may have taken its work over: it must not go on. */
export async function beat(store: Store, clock: Clock, nodeId: string): Promise<boolean> {
  const { numUpdatedRows } = await store.db
    .updateTable('node')
    .set((row) => ({ beat: row('beat', '+', 1), seen_at: clock.now() }))
    .where('id', '=', nodeId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export function listNodes(store: Store): Promise<NodeRow[]> {
  return store.db.selectFrom('node').selectAll().orderBy('id').execute();
}

/**
 * Ends a node's life: its leases are free, and what it had in hand is recovered. With `beat` only when it has not been heard of since.
 * Answers the ids of the recovered records, or undefined when there is nothing to end.
 */
export async function endNode(
  store: Store,
  clock: Clock,
  { nodeId, beat: heard }: { nodeId: string; beat?: number },
): Promise<string[] | undefined> {
  const isOver = await store.commit(function* (sql) {
    const { changes } = yield* heard === undefined
      ? sql.run('delete from node where id = ?', nodeId)
      : sql.run('delete from node where id = ? and beat = ?', nodeId, heard);
    if (changes === 0) return false;
    yield* sql.run('delete from connection_lease where node_id = ?', nodeId);
    return true;
  });
  if (!isOver) return undefined;
  const recovered = await recoverInterrupted(store, clock);
  store.notify({ about: 'work' });
  return recovered;
}

// After this nothing of a gone node can begin; what it began before is seen by the recovery.
async function releaseOrphans(transaction: Store['db']): Promise<void> {
  await transaction
    .deleteFrom('connection_lease')
    .where((one) => one.not(one.exists(one.selectFrom('node').select('node.id').whereRef('node.id', '=', 'connection_lease.node_id'))))
    .execute();
}

/** Which other nodes are dead: those whose beat has not changed for `afterMs` on this node's own clock, so that no two clocks are compared. */
export function watchNodes(afterMs: number): (nodes: readonly NodeRow[], now: number) => NodeRow[] {
  const seen = new Map<string, { beat: number; since: number }>();
  let lookedAt = -Infinity;
  return (nodes, now) => {
    // Who did not look for long (no database, a machine that slept) knows nothing of what the others did meanwhile.
    if (now - lookedAt > afterMs / 2) seen.clear();
    lookedAt = now;
    const present = new Set(nodes.map(({ id }) => id));
    for (const id of seen.keys()) if (!present.has(id)) seen.delete(id);
    return nodes.filter(({ id, beat: heard }) => {
      const before = seen.get(id);
      if (before?.beat === heard) return now - before.since > afterMs;
      seen.set(id, { beat: heard, since: now });
      return false;
    });
  };
}
