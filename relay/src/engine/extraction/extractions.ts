import { waitingRequests } from '../../ledger/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { readDueKeys } from './event-run.ts';
import { extract, runCancelled } from './extraction.ts';
import type { EngineParts } from '../parts.ts';
import { dueRun } from './schedule.ts';

interface UnderWay {
  stop: AbortController;
  done: Promise<void>;
  /** Set once the run has begun. */
  runId?: string;
}

/** The extractions under way, one per flow. */
export class Extractions {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, UnderWay>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Starts what is due among `ready`; stops the runs of flows that are not in `active` any more (paused, disabled, in a blackout). */
  start(ready: readonly ActiveFlow[], active: readonly ActiveFlow[]): void {
    const names = new Set(active.map((one) => one.name));
    for (const [name, { stop }] of this.#running) if (!names.has(name)) stop.abort(new Error('the flow stands still'));
    for (const one of ready) this.#startOne(one);
  }

  /** Ends a run after its present batch; nothing when it is not under way. */
  cancel(runId: string): void {
    for (const one of this.#running.values()) if (one.runId === runId) one.stop.abort(runCancelled);
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort(new Error('the relay stops'));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #startOne(active: ActiveFlow): void {
    if (this.#running.has(active.name)) return;
    if (!active.hasDueKeys && !dueRun(active.row, active.request, this.#parts.clock.now())) return;
    const stop = new AbortController();
    const underWay: UnderWay = { stop, done: Promise.resolve() };
    underWay.done = this.#extract(active, underWay)
      .catch((error: unknown) => this.#parts.log.error({ err: error, flowId: active.flow.id }, 'a run could not be written down'))
      .finally(() => {
        this.#running.delete(active.name);
        this.#parts.store.notify({ about: 'work', tenantId: active.ref.tenantId });
      });
    this.#running.set(active.name, underWay);
  }

  // The round's row may be older than the end of the run before.
  async #extract(active: ActiveFlow, underWay: UnderWay): Promise<void> {
    const row = await this.#parts.store.db
      .selectFrom('integration_flow')
      .selectAll()
      .where('integration_id', '=', active.ref.integrationId)
      .where('flow_id', '=', active.ref.flowId)
      .executeTakeFirstOrThrow();
    const request = (await waitingRequests(this.#parts.store, active.ref))[0];
    const due = dueRun(row, request, this.#parts.clock.now());
    const begun = (runId: string): void => void (underWay.runId = runId);
    // What the schedule wants comes first: events never keep it waiting for longer than one run.
    if (!due) return readDueKeys(this.#parts, { active, begun }, underWay.stop.signal);
    await extract(this.#parts, { active: { ...active, row }, ...due, begun }, underWay.stop.signal);
  }
}
