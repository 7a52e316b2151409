import type { EngineParts } from '../parts.ts';
import type { FlowWorker } from './flow-worker.ts';

/** Shares a connection's places among the flows that post to it. */
export class Dispatcher {
  readonly #parts: EngineParts;
  readonly #connectionId: string;
  readonly #running = new Set<Promise<void>>();
  #workers: FlowWorker[] = [];
  #dispatching: Promise<void> | undefined;
  #again = false;
  #isStopped = false;

  constructor(parts: EngineParts, connectionId: string) {
    this.#parts = parts;
    this.#connectionId = connectionId;
  }

  setWorkers(workers: FlowWorker[]): void {
    this.#workers = workers;
  }

  /** Starts what is due as far as there are places. */
  dispatch(): void {
    this.#again = true;
    this.#dispatching ??= this.#fill();
  }

  /** Takes no new work; resolves when the work in hand is finished. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#dispatching;
    await Promise.all(this.#running);
  }

  async #fill(): Promise<void> {
    const { log } = this.#parts;
    while (this.#again) {
      this.#again = false;
      try {
        while (await this.#round());
      } catch (error) {
        log.error({ err: error, connectionId: this.#connectionId }, 'fetching due records failed; next try at the next round');
      }
    }
    // In the same turn as the last look at `#again`: whoever comes later begins anew.
    this.#dispatching = undefined;
  }

  // One record of each flow in turn, so that a long backlog of one does not hold up the others.
  async #round(): Promise<boolean> {
    let hasStarted = false;
    for (const worker of this.#workers) {
      if (this.#isStopped || this.#freePlaces() <= 0) return false;
      const work = await worker.next();
      if (!work) continue;
      this.#start(work);
      hasStarted = true;
    }
    return hasStarted;
  }

  #freePlaces(): number {
    const { gates, clock, settings } = this.#parts;
    return Math.min(settings.concurrency, gates(this.#connectionId).allowed(clock.now())) - this.#running.size;
  }

  #start(work: () => Promise<void>): void {
    const { log } = this.#parts;
    const running = work()
      .catch((error: unknown) => log.error({ err: error }, 'a record was left as it is; it is taken up again'))
      .finally(() => {
        this.#running.delete(running);
        if (!this.#isStopped) this.dispatch();
      });
    this.#running.add(running);
  }
}
