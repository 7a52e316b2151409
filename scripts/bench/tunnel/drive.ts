/** What a closed loop of callers got out of a call. Latencies in milliseconds. */
export interface Driven {
  calls: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** Keeps `callers` calls under way for `ms`. */
export async function drive(call: (n: number) => Promise<unknown>, { callers, ms }: { callers: number; ms: number }): Promise<Driven> {
  const latencies: number[] = [];
  let n = 0;
  const start = performance.now();
  const end = start + ms;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const sentAt = performance.now();
      await call((n += 1));
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { calls: latencies.length, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}
