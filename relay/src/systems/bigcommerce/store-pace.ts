import type { Clock } from '@ml-connector/shared';
import type { RateNews } from './rate-headers.ts';

/** Endpoints that take fewer calls at a time than the store does (facts/bigcommerce.md 2). */
export const lanes = { attributes: 3, priceLists: 2, inventory: 1 } as const;
export type Lane = keyof typeof lanes;

/** One queue in front of all calls to a store, from all of its connections: the quota is the store's, and other apps use it too. */
export interface StorePace {
  /** Resolves when the call may go, with what hands the place back; rejects with the signal's reason when that aborts first. */
  enter(lane: Lane | undefined, signal: AbortSignal): Promise<() => void>;
  learn(news: RateNews): void;
  /** Nobody goes before that many milliseconds from now; a pause already longer stays. */
  pause(ms: number): void;
  /** How many requests of each window are left to other apps. */
  reserve(requests: number): void;
}

const mostAtOnce = 4;
const pacesByClock = new WeakMap<Clock, Map<string, StorePace>>();

/** The one pace of a store in this process; the reserve of whoever opened it last holds for everybody. */
export function sharedStorePace(key: string, reserved: number, clock: Clock): StorePace {
  const paces = pacesByClock.get(clock) ?? new Map<string, StorePace>();
  pacesByClock.set(clock, paces);
  const pace = paces.get(key) ?? openStorePace(reserved, clock);
  pace.reserve(reserved);
  paces.set(key, pace);
  return pace;
}

/** Knows no limit but the number of calls at a time until the store has named one. */
export function openStorePace(initialReserve: number, clock: Clock): StorePace {
  // Not the clock of the wall where there is a better one: a clock that is set must not hold everybody up.
  const now = (): number => clock.steadyMs?.() ?? clock.now();
  const all = openGate(mostAtOnce);
  const gates = new Map<Lane, Gate>();
  let window: { quota: number; left: number; windowMs: number; resetAt: number } | undefined;
  let reserved = initialReserve;
  let pausedUntil = now();
  let inFlight = 0;

  const waitMs = (): number => {
    const at = now();
    if (window && at >= window.resetAt) window = { ...window, left: window.quota, resetAt: at + window.windowMs };
    // However small the quota, half of it is ours.
    const kept = window ? Math.min(reserved, Math.floor(window.quota / 2)) : 0;
    const windowMs = window && window.left <= kept ? window.resetAt - at : 0;
    return Math.max(windowMs, pausedUntil - at);
  };

  return {
    async enter(lane, signal) {
      const gate = lane && (gates.get(lane) ?? openGate(lanes[lane]));
      if (lane && gate) gates.set(lane, gate);
      const leaveLane = await gate?.enter(signal);
      try {
        const leave = await all.enter(signal);
        try {
          for (let ms = waitMs(); ms > 0; ms = waitMs()) await clock.wait(Math.max(1, Math.ceil(ms)), signal);
        } catch (error) {
          leave();
          throw error;
        }
        if (window) window.left -= 1;
        inFlight += 1;
        return () => {
          inFlight -= 1;
          leave();
          leaveLane?.();
        };
      } catch (error) {
        leaveLane?.();
        throw error;
      }
    },
    learn({ quota, left, resetMs, windowMs }) {
      const resetAt = now() + resetMs;
      // Answers overtake each other: within one window the smallest count is the newest. Calls under way are not counted yet.
      const isSameWindow = window !== undefined && resetAt <= window.resetAt + windowMs / 4 && now() < window.resetAt;
      const uncounted = Math.max(0, inFlight - 1);
      const known = isSameWindow && window ? Math.min(window.left, left) : left - uncounted;
      window = { quota, left: known, windowMs, resetAt };
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
    reserve(requests) {
      reserved = requests;
    },
  };
}

interface Gate {
  enter(signal: AbortSignal): Promise<() => void>;
}

/** So many at a time, first come, first served; who gives up leaves the queue at once. */
function openGate(places: number): Gate {
  let free = places;
  const waiting: { admit(): void }[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next.admit();
    else free += 1;
  };
  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else
        await new Promise<void>((resolve, reject) => {
          const place = {
            admit: (): void => {
              signal.removeEventListener('abort', giveUp);
              resolve();
            },
          };
          const giveUp = (): void => {
            waiting.splice(waiting.indexOf(place), 1);
            reject(signal.reason as Error);
          };
          waiting.push(place);
          signal.addEventListener('abort', giveUp, { once: true });
        });
      return leave;
    },
  };
}
