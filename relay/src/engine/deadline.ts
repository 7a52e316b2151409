import { SystemError, type Clock } from '@ml-connector/shared';

/**
 * Gives `work` a signal that aborts after `ms` or with `outer`. Work that does not come back by itself soon after is given up as
 * `uncertain` (`POST_TIMEOUT`), so that one record never holds a place for ever.
 */
export async function withDeadline<Result>(
  { clock, ms, outer }: { clock: Clock; ms: number; outer: AbortSignal },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const call = new AbortController();
  const waiting = new AbortController();
  let graced: AbortController | undefined;
  let isFinished = false;
  const stop = (): void => {
    call.abort(outer.reason);
    waiting.abort(outer.reason);
  };
  const givenUp = async (): Promise<never> => {
    await clock.wait(ms, waiting.signal).catch(() => undefined);
    if (isFinished) throw finished;
    const timeout = outer.aborted
      ? new SystemError('RELAY_STOPPED', 'uncertain', 'the relay stopped before there was an outcome')
      : new SystemError('POST_TIMEOUT', 'uncertain', `no outcome after ${Math.round(ms / 1000)} seconds`);
    call.abort(timeout);
    graced = new AbortController();
    await clock.wait(graceMs, graced.signal);
    throw timeout;
  };
  if (outer.aborted) stop();
  else outer.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work(call.signal), givenUp()]);
  } finally {
    isFinished = true;
    outer.removeEventListener('abort', stop);
    waiting.abort(finished);
    graced?.abort(finished);
  }
}

// One for all: made anew it would gather a stack trace for every record, and a signal without one makes its own.
const finished = new Error('the work is finished');

// Time for a client to report what it knows after its call was cancelled.
const graceMs = 2000;
