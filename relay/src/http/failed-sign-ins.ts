import type { Clock } from '@ml-connector/shared';

/** Counts failed sign-ins per address in windows of a minute. Good tokens always pass, so nobody can lock others out behind a proxy. */
export interface FailedSignIns {
  /** Notes a failure; answers the seconds to wait once there were too many, otherwise undefined. */
  add(address: string): number | undefined;
}

export function countFailedSignIns({ clock, perMinute }: { clock: Clock; perMinute: number }): FailedSignIns {
  let counts = new Map<string, number>();
  let windowEnd = 0;
  return {
    add(address) {
      const now = clock.now();
      if (now >= windowEnd) {
        counts = new Map();
        windowEnd = now + 60_000;
      }
      const count = (counts.get(address) ?? 0) + 1;
      counts.set(address, count);
      return count > perMinute ? Math.ceil((windowEnd - now) / 1000) : undefined;
    },
  };
}
