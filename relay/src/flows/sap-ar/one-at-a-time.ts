import type { SapSession } from '../../systems/sap-ecc/index.ts';

const lines = new WeakMap<SapSession, Map<string, Promise<unknown>>>();

/**
 * Work on one customer's account, one after the other: SAP locks the account while it posts, and refuses a second session
 * (facts/sap-ecc.md 4.6). Other accounts go on beside it.
 */
export async function oneAtATime<Result>(session: SapSession, account: string, work: () => Promise<Result>): Promise<Result> {
  const line = lines.get(session) ?? new Map<string, Promise<unknown>>();
  lines.set(session, line);
  const before = line.get(account) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(work);
  line.set(account, mine);
  try {
    return await mine;
  } finally {
    if (line.get(account) === mine) line.delete(account);
  }
}
