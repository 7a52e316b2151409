/** How many calls may run at once: halved when SAP shows congestion, raised again slowly, never above the configured number. */
export interface ConnectionLimit {
  readonly now: number;
  succeeded(): void;
  /** Of a call that began at `startedAt`: calls that were under way when the limit was lowered lower it only once. */
  congested(startedAt: number, now: number): void;
}

export function openConnectionLimit(most: number): ConnectionLimit {
  let limit = most;
  let loweredAt = -Infinity;
  return {
    get now() {
      return Math.max(1, Math.floor(limit));
    },
    succeeded: () => {
      // One more after about ten good calls per allowed connection.
      limit = Math.min(most, limit + 1 / (10 * limit));
    },
    congested: (startedAt, now) => {
      if (startedAt < loweredAt) return;
      limit = Math.max(1, limit / 2);
      loweredAt = now;
    },
  };
}
