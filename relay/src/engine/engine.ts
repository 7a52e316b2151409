import type { Clock, Log } from '@ml-connector/shared';
import type { Flow } from '../flows/index.ts';
import { clockWasSet, nextDueAt, releaseDue, releaseFarWaits } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import { Acknowledgements } from './posting/index.ts';
import type { Vault } from '../vault/index.ts';
import { loadActiveFlows, type ActiveFlow } from './active-flow.ts';
import { Dispatcher } from './posting/index.ts';
import { EventRouting } from './extraction/index.ts';
import { Extractions } from './extraction/index.ts';
import { FlowWorker } from './posting/index.ts';
import { createGates, isShut } from './gates.ts';
import { loadListeners } from './extraction/index.ts';
import { joinNodes } from './membership.ts';
import type { EngineParts } from './parts.ts';
import { Reconciliations } from './reconciliation/index.ts';
import type { Sessions } from './sessions.ts';
import { defaultEngineSettings, type EngineSettings } from './settings.ts';
import { watchClock } from './steady-clock.ts';
import { Subscriptions } from './subscriptions.ts';
import { createWaker } from './waker.ts';

export interface EngineDeps {
  store: Store;
  flows: readonly Flow[];
  sessions: Sessions;
  clock: Clock;
  log: Log;
  settings?: Partial<EngineSettings>;
  /** Of this relay, among those on the same database; the same after a restart. Default `relay`. */
  nodeName?: string;
  /** Whether an agent of the site is connected to this relay; asked only where there are several. */
  reaches?: (siteId: string) => boolean;
  /** For the addresses that systems send webhooks to; without it none are made. */
  webhooks?: { vault: Vault; publicUrl: string | undefined };
}

/**
 * Extracts, maps, posts, looks up and retries, for all enabled flows. Resolves when the signal aborts and the work in hand is finished,
 * or soon after `drainMs`; what is left then is taken up at the next start. Several engines on one database share the connections among them.
 */
export async function runEngine(deps: EngineDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      await live(deps, signal);
    } catch (error) {
      if (isFirst) throw error;
      log.error({ err: error }, 'could not join the relays of this database; next try in 1 second');
      await clock.wait(1000, signal).catch(() => undefined);
    }
  }
}

/** Until the signal aborts, or until the other relays may think that this one is dead. */
async function live(deps: EngineDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, log, nodeName = 'relay', reaches = () => true } = deps;
  const hard = new AbortController();
  const settings = { ...defaultEngineSettings, ...deps.settings };
  await using node = await joinNodes({ store, clock, log, name: nodeName, settings: settings.nodes, reaches });
  node.lost.addEventListener('abort', () => hard.abort(node.lost.reason));
  const over = AbortSignal.any([signal, node.lost]);
  const gates = createGates(settings);
  const parts: EngineParts = { ...deps, settings, gates, node, hardSignal: hard.signal, steadyClock: watchClock(clock) };
  await releaseFarWaits(store, clock, { recordMs: longestWaitMs(settings), failedRunMs: settings.extractionRetry.capMs });

  const engine = new Engine(parts, new Map(deps.flows.map((flow) => [flow.id, flow])));
  const waker = createWaker(clock);
  using _listening = store.listen((change) => {
    if (change.about === 'connection' && change.id) parts.gates(change.id).reset();
    if (change.about === 'cancel' && change.id) engine.cancel(change.id);
    if (change.about === 'work' || change.about === 'connection') waker.wake();
  });
  while (!over.aborted) {
    await engine.round().catch((error: unknown) => log.error({ err: error }, 'a round of the engine failed; next try at the next round'));
    await waker.wait(await engine.waitMs().catch(() => settings.pollMs), over);
  }
  if (node.lost.aborted) log.warn(`${String(node.lost.reason)}; what is under way is left, and joined anew`);
  await engine.stop(hard);
}

// Of a record, by a backoff or as the target asked (Retry-After is bounded by the systems).
function longestWaitMs({ retry, lookup }: EngineSettings): number {
  return Math.max(retry.capMs, lookup.capMs);
}

// After the hard stop, for what is under way to be written down.
const hardStopMs = 5000;

class Engine {
  readonly #parts: EngineParts;
  readonly #flows: ReadonlyMap<string, Flow>;
  readonly #extractions: Extractions;
  readonly #reconciliations: Reconciliations;
  readonly #eventRouting: EventRouting;
  readonly #subscriptions: Subscriptions;
  readonly #acknowledgements: Acknowledgements;
  readonly #workers = new Map<string, FlowWorker>();
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #reported = new Set<string>();

  constructor(parts: EngineParts, flows: ReadonlyMap<string, Flow>) {
    this.#parts = parts;
    this.#flows = flows;
    this.#extractions = new Extractions(parts);
    this.#reconciliations = new Reconciliations(parts);
    this.#eventRouting = new EventRouting(parts);
    this.#subscriptions = new Subscriptions(parts);
    this.#acknowledgements = new Acknowledgements(parts);
  }

  /** Looks at everything once and starts what is due. */
  async round(): Promise<void> {
    const { store, clock, gates } = this.#parts;
    const { flows, connections, unknown } = await loadActiveFlows(store, this.#flows, clock.now());
    for (const { id, isHalted, isDark } of connections) {
      gates(id).setHalted(isHalted);
      gates(id).setDark(isDark);
    }
    await this.#followClock(connections.map(({ id }) => id));
    this.#reportUnknown(unknown);
    await releaseDue(store, clock.now());
    const listeners = await loadListeners(store, this.#flows);
    this.#eventRouting.start(listeners);
    const held = await this.#parts.node.hold([...flows, ...listeners]);
    const reading = flows.filter((active) => held.has(active.sourceConnectionId));
    this.#extractions.start(
      reading.filter((active) => !isShut(gates(active.sourceConnectionId), clock)),
      reading.filter((active) => !gates(active.sourceConnectionId).isDark),
    );
    this.#dispatch(flows.filter((active) => held.has(active.targetConnectionId)));
    await this.#acknowledgements.start(reading.filter((active) => !isShut(gates(active.sourceConnectionId), clock)));
    await this.#reconciliations.start(
      reading.filter(({ sourceConnectionId, targetConnectionId }) =>
        [sourceConnectionId, targetConnectionId].every((id) => !isShut(gates(id), clock)),
      ),
      reading,
    );
    await this.#subscriptions.start(listeners.filter(({ sourceConnectionId: id }) => held.has(id) && !isShut(gates(id), clock)));
  }

  // Breakers and waits were planned by the clock of before: set back by hours, everything would stand still for hours.
  async #followClock(connectionIds: readonly string[]): Promise<void> {
    const { store, clock, gates, steadyClock, log } = this.#parts;
    const jumpedMs = steadyClock.takeJumpMs();
    if (jumpedMs === 0) return;
    log.warn({ jumpedMs }, "the machine's clock was set; what waits is planned anew");
    for (const id of connectionIds) gates(id).reset();
    await clockWasSet(store, clock, jumpedMs);
  }

  /** Ends a run after its present batch; nothing when it is not under way. */
  cancel(runId: string): void {
    this.#extractions.cancel(runId);
  }

  /** Until the next thing that is known to become due. */
  async waitMs(): Promise<number> {
    const { store, clock, settings } = this.#parts;
    const [now, dueAt] = [clock.now(), await nextDueAt(store)];
    return dueAt !== undefined && dueAt > now ? Math.min(dueAt - now, settings.pollMs) : settings.pollMs;
  }

  async stop(hard: AbortController): Promise<void> {
    const { clock, settings, log } = this.#parts;
    const drained = new AbortController();
    const endHard = async (): Promise<void> => {
      await clock.wait(settings.drainMs, drained.signal);
      hard.abort(new Error('the relay stops'));
      await clock.wait(hardStopMs, drained.signal);
      log.warn('work that does not react to the stop is left as it is; the next start takes it up');
    };
    const work = [
      this.#extractions.stop(),
      this.#reconciliations.stop(),
      this.#eventRouting.stop(),
      this.#subscriptions.stop(),
      this.#acknowledgements.stop(),
      ...[...this.#dispatchers.values()].map((dispatcher) => dispatcher.stop()),
    ];
    const ending = endHard().catch(() => undefined);
    await Promise.race([Promise.all(work), ending]);
    drained.abort();
    await ending;
  }

  #dispatch(flows: ActiveFlow[]): void {
    const byTarget = Map.groupBy(flows, (active) => active.targetConnectionId);
    for (const [connectionId, dispatcher] of this.#dispatchers) if (!byTarget.has(connectionId)) dispatcher.setWorkers([]);
    for (const [connectionId, actives] of byTarget) {
      const dispatcher = this.#dispatchers.get(connectionId) ?? new Dispatcher(this.#parts, connectionId);
      this.#dispatchers.set(connectionId, dispatcher);
      dispatcher.setWorkers(actives.map((active) => this.#worker(active)));
      dispatcher.dispatch();
    }
  }

  #worker(active: ActiveFlow): FlowWorker {
    const worker = this.#workers.get(active.name) ?? new FlowWorker(this.#parts, active);
    worker.refresh(active);
    this.#workers.set(active.name, worker);
    return worker;
  }

  #reportUnknown(flowIds: readonly string[]): void {
    for (const flowId of flowIds) {
      if (this.#reported.has(flowId)) continue;
      this.#reported.add(flowId);
      this.#parts.log.warn({ flowId }, 'this build has no such flow; its integrations stand still');
    }
  }
}
