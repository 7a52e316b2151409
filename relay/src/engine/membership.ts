import type { Clock, Log } from '@ml-connector/shared';
import { beat, endNode, holdConnections, leaveConnections, listNodes, startNode, watchNodes } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import type { ActiveFlow } from './active-flow.ts';

export interface MembershipDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** The same in each life of this relay, and of no other on this database. */
  name: string;
  settings: NodeSettings;
  /** Whether an agent of the site is connected to this relay. */
  reaches: (siteId: string) => boolean;
}

export interface NodeSettings {
  beatMs: number;
  /** After so long without a beat the others take a node's work over. */
  deadAfterMs: number;
}

/** This relay among those on the same database. Disposing leaves its work to the others. */
export interface Membership extends AsyncDisposable {
  readonly id: string;
  /** Aborts when the others may have taken this node's work over: nothing may be sent any more. */
  readonly lost: AbortSignal;
  /** Which of the flows' connections this node works. */
  hold(flows: readonly Ends[]): Promise<ReadonlySet<string>>;
}

/** The connections of a flow. */
export type Ends = Pick<ActiveFlow, 'sourceConnectionId' | 'targetConnectionId'>;

/** Joins the relays of this database; takes up what an earlier life of this one left behind. */
export async function joinNodes(deps: MembershipDeps): Promise<Membership> {
  const { store, clock, log, name } = deps;
  const { node, recovered } = await startNode(store, clock, { name, isAlone: !store.isShared });
  if (recovered.length > 0) log.warn({ records: recovered.length }, 'records were being sent when the relay stopped; asking their targets');
  const lost = new AbortController();
  const leaving = new AbortController();
  const others = { count: store.isShared ? (await listNodes(store)).length - 1 : 0 };
  const beating = store.isShared ? keepBeating(deps, { nodeId: node.id, lost, others }, leaving.signal) : Promise.resolve();
  return {
    id: node.id,
    lost: lost.signal,
    hold: (flows) => hold(deps, { nodeId: node.id, isAlone: others.count === 0 }, flows),
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await beating;
      await endNode(store, clock, { nodeId: node.id }).catch((error: unknown) => {
        log.warn({ err: error }, 'could not say that this relay stopped; its work is taken up at the next start, or by another relay');
      });
    },
  };
}

interface Beating {
  nodeId: string;
  lost: AbortController;
  others: { count: number };
}

async function keepBeating(deps: MembershipDeps, { nodeId, lost, others }: Beating, leaving: AbortSignal): Promise<void> {
  const { store, clock, log, settings } = deps;
  const dead = watchNodes(settings.deadAfterMs);
  // Stops before the others may think it dead, when it cannot tell them that it lives.
  const fence = fenceAfter(clock, (settings.deadAfterMs * 2) / 3, () => lost.abort(new Error('this relay lost touch with its database')));
  while (!leaving.aborted && !lost.signal.aborted) {
    await clock.wait(settings.beatMs, leaving).catch(() => undefined);
    if (leaving.aborted) break;
    try {
      const at = clock.now();
      if (!(await beat(store, clock, nodeId))) lost.abort(new Error('another relay took over the work of this one'));
      else fence.renew(at);
      const nodes = (await listNodes(store)).filter(({ id }) => id !== nodeId);
      others.count = nodes.length;
      for (const node of dead(nodes, clock.now())) {
        const recovered = await endNode(store, clock, { nodeId: node.id, beat: node.beat });
        if (recovered) log.warn({ node: node.name, records: recovered.length }, 'another relay is gone; taking over its work');
      }
    } catch (error) {
      log.warn({ err: error }, 'this relay could not tell the others that it is alive; next try in a moment');
    }
  }
  fence[Symbol.dispose]();
}

/** Calls `end` when it was not renewed for `ms`. */
function fenceAfter(clock: Clock, ms: number, end: () => void): Disposable & { renew(at: number): void } {
  let waiting = new AbortController();
  const arm = (waitMs: number): void => {
    waiting = new AbortController();
    clock.wait(Math.max(0, waitMs), waiting.signal).then(end, () => undefined);
  };
  arm(ms);
  return {
    renew: (at) => {
      waiting.abort();
      arm(at + ms - clock.now());
    },
    [Symbol.dispose]: () => waiting.abort(),
  };
}

async function hold(
  { store, clock, reaches }: MembershipDeps,
  { nodeId, isAlone }: { nodeId: string; isAlone: boolean },
  flows: readonly Ends[],
): Promise<ReadonlySet<string>> {
  const all = new Set(flows.flatMap(({ sourceConnectionId, targetConnectionId }) => [sourceConnectionId, targetConnectionId]));
  const wanted = isAlone ? all : await within(store, flows, reaches);
  await leaveConnections(store, { nodeId, connectionIds: [...all].filter((id) => !wanted.has(id)) });
  return holdConnections(store, clock, { nodeId, connectionIds: [...wanted] });
}

/** Work goes where the tunnel is: connections of flows that reach both their ends from here. */
async function within(store: Store, flows: readonly Ends[], reaches: (siteId: string) => boolean): Promise<Set<string>> {
  const rows = await store.db.selectFrom('connection').select(['id', 'site_id']).where('site_id', 'is not', null).execute();
  const out = new Set(rows.filter(({ site_id: siteId }) => siteId !== null && !reaches(siteId)).map(({ id }) => id));
  const reached = flows.filter(
    ({ sourceConnectionId, targetConnectionId }) => !out.has(sourceConnectionId) && !out.has(targetConnectionId),
  );
  return new Set(reached.flatMap(({ sourceConnectionId, targetConnectionId }) => [sourceConnectionId, targetConnectionId]));
}
