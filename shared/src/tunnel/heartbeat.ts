import type { Clock } from '../clock.ts';

export interface HeartbeatDeps {
  clock: Clock;
  intervalMs: number;
  /** Once an interval, whatever came. */
  beat?: () => void;
  /** Nothing came for an interval. */
  ping: () => void;
  /** Nothing came for `intervals` intervals; called once. */
  onSilence: (intervals: number) => void;
}

/**
 * Pings a peer that was quiet for an interval, and reports it silent after three. Counts intervals, not time: a machine that slept asks
 * before it gives up.
 */
export class Heartbeat implements Disposable {
  readonly #deps: HeartbeatDeps;
  readonly #stop = new AbortController();
  #quietIntervals = 0;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#beat().catch(() => undefined); // stopped
  }

  /** Something came, whatever it was. */
  heard(): void {
    this.#quietIntervals = -1;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #beat(): Promise<void> {
    const { clock, intervalMs, beat, ping, onSilence } = this.#deps;
    for (;;) {
      await clock.wait(intervalMs, this.#stop.signal);
      beat?.();
      if (this.#stop.signal.aborted) return;
      this.#quietIntervals += 1;
      if (this.#quietIntervals >= silentAfterIntervals) return onSilence(this.#quietIntervals);
      if (this.#quietIntervals > 0) ping();
    }
  }
}

const silentAfterIntervals = 3;
