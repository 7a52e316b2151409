import type { JdeAccount } from '../../systems/jde/index.ts';
import { shownCode } from './account-codes.ts';
import type { AccountPayload } from './payload.ts';
import { posting } from './standing.ts';

/** One thing that is no longer as it was, as a line for the trail of the record. */
export interface AccountChange {
  event: string;
  before: string;
  now: string;
  message: string;
}

/** What became of an account since it was linked: its name, its code, its company, how it takes postings. */
export function changesOf(was: JdeAccount, is: JdeAccount): AccountChange[] {
  const compared: [event: string, before: string, now: string, what: string][] = [
    ['account renamed', was.description, is.description, 'renamed'],
    ['account code changed', shownCode(was), shownCode(is), 'numbered anew'],
    ['account moved', was.company, is.company, 'moved to another company'],
    ['posting edit changed', posting(was.postingEdit), posting(is.postingEdit), 'its posting edit changed'],
    ['level of detail changed', was.levelOfDetail, is.levelOfDetail, 'its level of detail changed'],
    ['account currency changed', was.currency, is.currency, 'its currency changed'],
  ];
  return compared.flatMap(([event, before, now, what]) =>
    before === now ? [] : [{ event, before, now, message: `${shownCode(is)}: ${what}, from "${before}" to "${now}"` }],
  );
}

/** What a record was when Cin7 Core's account was last checked for it; undefined at the first time. */
export function accountIn(payload: unknown): JdeAccount | undefined {
  const stored = payload as AccountPayload | undefined;
  return stored?.kind === 'account' ? stored.account : undefined;
}
