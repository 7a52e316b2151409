/** Time as the program sees it. Tests hand in their own; nothing else reads the machine's clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. The timer does not keep the process alive by itself. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since some moment, which go on evenly when the machine's clock is set. Left out where nobody sets it. */
  steadyMs?(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** Milliseconds since some moment, for measuring how much time has passed: by the machine's clock only where there is nothing steadier. */
export function steadyNow(clock: Clock): number {
  return clock.steadyMs?.() ?? clock.now();
}

/** Less than this is drift, or a correction that no wait or deadline notices. */
const leastJumpMs = 2000;

/**
 * Notices that the machine's clock was set (NTP after a long time without, a person, a machine that slept): moments written down before
 * are then no longer comparable with those after.
 */
export class ClockWatch {
  readonly #clock: Clock;
  #aheadMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#aheadMs = this.#measure();
  }

  /** By how much it was set since the last look: above 0 forwards, below 0 back, 0 when it was not. */
  jumpedMs(): number {
    const ahead = this.#measure();
    const jumped = ahead - this.#aheadMs;
    if (Math.abs(jumped) < leastJumpMs) return 0;
    this.#aheadMs = ahead;
    return jumped;
  }

  #measure(): number {
    return this.#clock.steadyMs ? this.#clock.now() - this.#clock.steadyMs() : 0;
  }
}
