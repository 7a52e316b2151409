import type { Clock, Log } from '@ml-connector/shared';

export interface DurablyDeps {
  clock: Clock;
  log: Log;
  /** Aborts when the work in hand is to be left as it is; the recovery at the next start takes it up. */
  hardSignal: AbortSignal;
}

/**
 * Writes what has already happened outside: repeated until the store takes it (disk full, file locked), since forgetting it would mean
 * asking the target again. Rejects only when the hard signal aborts.
 */
export async function durably<Result>(
  { clock, log, hardSignal }: DurablyDeps,
  what: string,
  write: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (hardSignal.aborted) throw error;
      log.error({ err: error }, `${what} failed; next try in 1 second`);
      await clock.wait(1000, hardSignal);
    }
  }
}
