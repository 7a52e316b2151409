import type { Clock } from '../../clock.ts';

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #now = 1_795_000_000_000;
  #setByMs = 0;
  #waiting: { atMs: number; wake: () => void }[] = [];

  now(): number {
    return this.#now + this.#setByMs;
  }

  steadyMs(): number {
    return this.#now;
  }

  /** As somebody who sets the machine's clock; timers go on. */
  set(byMs: number): void {
    this.#setByMs += byMs;
  }

  /** Timers set and not yet due or cancelled. */
  get timers(): number {
    return this.#waiting.length;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = { atMs: this.#now + ms, wake: resolve };
      this.#waiting.push(timer);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((one) => one !== timer);
        reject(signal.reason as Error);
      });
    });
  }

  /** Fires the timers due within the next `ms` in their order, and lets what they started run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#waiting.filter(({ atMs }) => atMs <= end).toSorted((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#now = next.atMs;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      next.wake();
      await settled();
    }
    this.#now = end;
  }
}

/** Resolves after everything that is ready to run has run, messages between memory carriers included. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
