import type { SapSession } from '../../systems/sap-ecc/index.ts';

/** What posts of one session know of each other before the ledger does. */
export interface Claims {
  /** The record that a customer number was given to by a post that has just ended. */
  takerOf(number: string): string | undefined;
  take(number: string, key: string): void;
  /** The ledger knows it now. */
  release(number: string): void;
  /** The record for which a customer with this e-mail address is being created, or may have been: nobody answered. */
  creatorOf(email: string): string | undefined;
  beginCreate(email: string, key: string): void;
  endCreate(email: string): void;
  /** True at the first time that this record comes upon this cause of waiting. */
  isFirstTime(cause: string, key: string): boolean;
  /** A customer whose e-mail address SAP did not keep, null where it is kept, undefined before anybody looked. */
  lostEmail: string | null | undefined;
}

const mostTaken = 10_000;
const claimsOfSession = new WeakMap<SapSession, Claims>();

export function claimsOf(session: SapSession): Claims {
  const present = claimsOfSession.get(session) ?? openClaims();
  claimsOfSession.set(session, present);
  return present;
}

function openClaims(): Claims {
  const takers = new Map<string, string>();
  const creators = new Map<string, string>();
  const causes = new Set<string>();
  return {
    lostEmail: undefined,
    takerOf: (number) => takers.get(number),
    take(number, key) {
      takers.set(number, key);
      // The ledger has long known the oldest.
      if (takers.size > mostTaken) takers.delete(takers.keys().next().value ?? '');
    },
    release: (number) => void takers.delete(number),
    creatorOf: (email) => creators.get(fold(email)),
    beginCreate: (email, key) => void creators.set(fold(email), key),
    endCreate: (email) => void creators.delete(fold(email)),
    isFirstTime(cause, key) {
      const name = `${cause} ${key}`;
      if (causes.has(name)) return false;
      causes.add(name);
      return true;
    },
  };
}

/** E-mail addresses are compared without regard to case. */
export function fold(text: string): string {
  return text.trim().toLowerCase();
}
