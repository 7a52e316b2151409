import type { Clock } from '@ml-connector/shared';

/** Waits that can be cut short. */
export interface Waker {
  /** Ends the present wait, or the next one when nobody waits. */
  wake(): void;
  /** Resolves after `ms`, on `wake`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWaker(clock: Clock): Waker {
  let isWoken = false;
  let current: AbortController | undefined;
  return {
    wake() {
      isWoken = true;
      current?.abort();
    },
    async wait(ms, signal) {
      const waiting = new AbortController();
      current = waiting;
      if (!isWoken) await clock.wait(ms, AbortSignal.any([waiting.signal, signal])).catch(() => undefined);
      isWoken = false;
      current = undefined;
    },
  };
}
