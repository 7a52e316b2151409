import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until it is so; rejects after ten seconds, with what never came. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await isSo()); await sleep(5))
    if (performance.now() > end) throw new Error(`never came: ${what}`);
}
