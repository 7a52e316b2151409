import type { Clock } from '@ml-connector/shared';

export interface PaceSettings {
  calls: number;
  perMs: number;
  /** Calls that may go at once after a quiet time. */
  burst: number;
}

/** One queue in front of an account's calls: first come, first served, never faster than the pace. */
export interface CallPace {
  /** Resolves when the call may go; rejects with the signal's reason, and leaves the queue, when that aborts first. */
  take(signal: AbortSignal): Promise<void>;
  /** Nobody goes before that many milliseconds from now; a pause already longer stays. */
  pause(ms: number): void;
  /** Takes effect at once. */
  adjust(settings: PaceSettings): void;
}

const pacesByClock = new WeakMap<Clock, Map<string, CallPace>>();

/** The one pace of a key in this process; the settings of whoever opened it last hold for everybody. */
export function sharedPace(key: string, settings: PaceSettings, clock: Clock): CallPace {
  const paces = pacesByClock.get(clock) ?? new Map<string, CallPace>();
  pacesByClock.set(clock, paces);
  const known = paces.get(key);
  if (known) {
    known.adjust(settings);
    return known;
  }
  const pace = openPace(settings, clock);
  paces.set(key, pace);
  return pace;
}

/** A token bucket that starts full. Holds no timer while nobody waits. */
export function openPace(initial: PaceSettings, clock: Clock): CallPace {
  let settings = initial;
  let tokens = initial.burst;
  let countedAt = clock.now();
  let pausedUntil = 0;
  let seenAt = countedAt;
  let turn: Promise<void> = Promise.resolve();

  const refill = (): void => {
    const now = clock.now();
    // The machine's clock was set back: what was counted and what is to be waited for goes back with it.
    const backMs = Math.max(0, seenAt - now);
    countedAt -= backMs;
    pausedUntil -= backMs;
    seenAt = now;
    if (now <= countedAt) return;
    tokens = Math.min(settings.burst, tokens + ((now - countedAt) * settings.calls) / settings.perMs);
    countedAt = now;
  };
  const waitForToken = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      refill();
      const pauseMs = pausedUntil - clock.now();
      if (pauseMs <= 0 && tokens >= 1) break;
      const tokenMs = Math.ceil(((1 - tokens) * settings.perMs) / settings.calls);
      await clock.wait(Math.max(1, pauseMs, tokenMs), signal);
    }
    tokens -= 1;
  };

  return {
    take(signal) {
      const mine = inTurn(turn, signal).then(() => waitForToken(signal));
      // The next one's turn comes when this one has gone or has left; never before the one in front of it.
      turn = Promise.allSettled([turn, mine]).then(() => undefined);
      return mine;
    },
    pause(ms) {
      refill();
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      // The other side's count is full: nothing is saved up during the pause, and no burst follows it.
      tokens = Math.min(tokens, 1);
      countedAt = Math.max(countedAt, pausedUntil);
    },
    adjust(next) {
      refill();
      settings = next;
      tokens = Math.min(tokens, next.burst);
    },
  };
}

/** Resolves with the turn, or rejects as soon as the signal aborts. */
function inTurn(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void turn.finally(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
