import type { Clock } from '@ml-connector/shared';

/**
 * Slows down guessing: after five wrong passwords for one account from one address every further one has to wait, twice as long each time, up to a
 * quarter of an hour. The account's owner at another address is not held up by that.
 */
export interface SignInAttempts {
  /** Seconds to wait before the next try; undefined: try. */
  waitSeconds(who: SignInTry): number | undefined;
  failed(who: SignInTry): void;
  succeeded(who: SignInTry): void;
}

export interface SignInTry {
  email: string;
  address: string;
}

const free = 5;
const firstWaitMs = 2000;
const longestWaitMs = 900_000;
const mostKept = 10_000;

export function countSignInAttempts(clock: Clock): SignInAttempts {
  const failures = new Map<string, { count: number; until: number }>();
  const keyOf = ({ email, address }: SignInTry): string => `${email} ${address}`;
  return {
    waitSeconds(who) {
      const waitMs = (failures.get(keyOf(who))?.until ?? 0) - clock.now();
      return waitMs > 0 ? Math.ceil(waitMs / 1000) : undefined;
    },
    failed(who) {
      const key = keyOf(who);
      const count = (failures.get(key)?.count ?? 0) + 1;
      const waitMs = count < free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (count - free));
      failures.delete(key);
      failures.set(key, { count, until: clock.now() + waitMs });
      const [oldest] = failures.keys();
      if (failures.size > mostKept && oldest !== undefined) failures.delete(oldest);
    },
    succeeded: (who) => void failures.delete(keyOf(who)),
  };
}
