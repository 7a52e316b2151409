import { SystemError } from '@ml-connector/shared';
import type { SapSession } from '../../systems/sap-ecc/index.ts';

const lines = new WeakMap<SapSession, Map<string, Promise<unknown>>>();

/**
 * Work on one customer's account, one after the other: SAP locks the account while it posts, and refuses a second session
 * (facts/sap-ecc.md 4.6). Other accounts go on beside it. Rejects with `retry` when the signal is aborted before its turn: nothing was sent.
 */
export async function oneAtATime<Result>(
  session: SapSession,
  account: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const line = lines.get(session) ?? new Map<string, Promise<unknown>>();
  lines.set(session, line);
  const before = line.get(account) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(() => (signal?.aborted ? Promise.reject(notBegun(account)) : work()));
  line.set(account, turn);
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  let hasBegun = false;
  void before.catch(() => undefined).then(() => (hasBegun = true));
  const abort = (): void => (hasBegun ? undefined : giveUp(notBegun(account)));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([turn, given]);
  } finally {
    signal?.removeEventListener('abort', abort);
    void turn
      .catch(() => undefined)
      .finally(() => {
        if (line.get(account) === turn) line.delete(account);
      });
  }
}

function notBegun(account: string): SystemError {
  return new SystemError('SAP_ACCOUNT_BUSY', 'retry', `customer account ${account} was busy with other documents all the time`);
}
