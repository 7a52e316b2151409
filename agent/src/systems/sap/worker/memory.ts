import type { Clock } from '@ml-connector/shared';

/** Remembers answers for a while, failures excepted. */
export interface Memory<Value> {
  get(key: string, ask: () => Promise<Value>): Promise<Value>;
}

export function openMemory<Value>(clock: Clock, keepMs: number): Memory<Value> {
  const held = new Map<string, { until: number; value: Value }>();
  const get = async (key: string, ask: () => Promise<Value>): Promise<Value> => {
    const known = held.get(key);
    if (known && known.until > clock.now()) return known.value;
    const value = await ask();
    held.set(key, { until: clock.now() + keepMs, value });
    return value;
  };
  return { get };
}
