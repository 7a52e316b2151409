import type { Clock } from '@ml-connector/shared';

/** A clock on which waiting takes no time but moves it on; the waits are kept for looking at. */
export interface FastClock extends Clock {
  readonly waits: number[];
  advance(ms: number): void;
}

export function fastClock(start = Date.UTC(2026, 0, 5, 8)): FastClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    wait: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
