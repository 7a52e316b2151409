import { backoffMs, isSystemError, SystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { readPurchase } from './purchase-reading.ts';
import type { Cin7Purchase } from './types.ts';

export interface PurchaseParts {
  client: Cin7Client;
  clock: Clock;
  random?: () => number;
}

/** A change of one purchase that may be made again and again. */
export interface PurchaseChange {
  id: string;
  doing: string;
  /** Where most purchases need no change. Default: it is sent, then looked at. */
  looksFirst?: boolean;
  isDone(stored: Cin7Purchase): boolean;
  /** Throws `refused` where a purchase cannot be changed like this any more. */
  checkMayChange(stored: Cin7Purchase): void;
  send(): Promise<void>;
  /** Looked at after an answer that says all is well: throws `refused` when it is not. */
  verify(stored: Cin7Purchase): void;
}

const mostRounds = 3;

/**
 * Sends the change and reads the purchase back. A lost answer is looked up: what was applied is not sent again, what was not is, for some rounds.
 * Whatever keeps us from looking leaves it `uncertain`.
 */
export async function settle(parts: PurchaseParts, change: PurchaseChange, scope: CallScope): Promise<Cin7Purchase> {
  const { doing, looksFirst = false } = change;
  let lost: SystemError | undefined;
  for (let round = 1; ; round += 1) {
    if (looksFirst || lost) {
      const stored = lost ? await lookAfter(parts, change, lost, scope) : await look(parts, change, scope);
      if (change.isDone(stored)) return stored;
      change.checkMayChange(stored);
    }
    try {
      await change.send();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.verdict === 'refused') return doneAnyway(parts, change, error, scope);
      // Whatever was lost before may have been applied, also when the next try did not arrive.
      if (error.verdict !== 'uncertain') throw lost ?? error;
      lost = error;
      if (round >= mostRounds || scope.signal.aborted) throw lost;
      await waitOrThrow(parts, { round, lost }, scope.signal);
      continue;
    }
    const sent = new SystemError('CIN7_NOT_VERIFIED', 'uncertain', `${doing}: it was answered well, but could not be read back`);
    const stored = await lookAfter(parts, change, sent, scope);
    change.verify(stored);
    return stored;
  }
}

/** A refusal may come because it was done before: by ourselves with a lost answer, in an earlier run, by a person. */
async function doneAnyway(parts: PurchaseParts, change: PurchaseChange, refusal: SystemError, scope: CallScope): Promise<Cin7Purchase> {
  const stored = await look(parts, change, scope).catch((error: unknown) => {
    throw isSystemError(error) && error.verdict === 'refused' ? error : refusal;
  });
  if (change.isDone(stored)) return stored;
  change.checkMayChange(stored);
  throw refusal;
}

async function lookAfter(parts: PurchaseParts, change: PurchaseChange, unknown: SystemError, scope: CallScope): Promise<Cin7Purchase> {
  try {
    return await look(parts, change, scope);
  } catch (error) {
    if (isSystemError(error) && error.verdict === 'refused') throw error;
    if (unknown.code !== 'CIN7_NOT_VERIFIED') throw unknown;
    throw new SystemError(unknown.code, 'uncertain', `${unknown.message}: ${(error as Error).message}`, { cause: error });
  }
}

async function look({ client }: PurchaseParts, { id, doing }: PurchaseChange, scope: CallScope): Promise<Cin7Purchase> {
  const stored = await readPurchase(client, id, scope);
  if (stored) return stored;
  throw new SystemError('CIN7_PURCHASE_GONE', 'refused', `${doing}: Cin7 Core has no purchase ${id} any more`, {
    fix: 'Remove the link of this record, and replay it: the purchase is then looked for by its note or created.',
  });
}

async function waitOrThrow(
  { clock, random }: PurchaseParts,
  { round, lost }: { round: number; lost: SystemError },
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.wait(backoffMs(round, { firstMs: 1000, capMs: 10_000, ...(random ? { random } : {}) }), signal);
  } catch {
    throw lost;
  }
}
