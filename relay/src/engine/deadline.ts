import { SystemError, type Clock } from '@ml-connector/shared';

/**
 * Gives `work` a signal that aborts after `ms` or with `outer`. Work that does not come back by itself soon after is given up as
 * `uncertain` (`POST_TIMEOUT`), so that one record never holds a place for ever.
 */
export async function withDeadline<Result>(
  { clock, ms, outer }: { clock: Clock; ms: number; outer: AbortSignal },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const finished = new AbortController();
  const expired = new AbortController();
  const signal = AbortSignal.any([outer, expired.signal]);
  const givenUp = async (): Promise<never> => {
    await clock.wait(ms, AbortSignal.any([finished.signal, outer])).catch(() => undefined);
    finished.signal.throwIfAborted();
    const timeout = outer.aborted
      ? new SystemError('RELAY_STOPPED', 'uncertain', 'the relay stopped before there was an outcome')
      : new SystemError('POST_TIMEOUT', 'uncertain', `no outcome after ${Math.round(ms / 1000)} seconds`);
    expired.abort(timeout);
    await clock.wait(graceMs, finished.signal);
    throw timeout;
  };
  try {
    return await Promise.race([work(signal), givenUp()]);
  } finally {
    finished.abort();
  }
}

// Time for a client to report what it knows after its call was cancelled.
const graceMs = 2000;
