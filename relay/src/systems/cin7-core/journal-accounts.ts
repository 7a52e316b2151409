import type { CallScope } from '../system.ts';
import type { Cin7Reference } from './reference.ts';
import { sameWord } from './rows.ts';
import type { Cin7Account, JournalAccountRules } from './types.ts';

/** Labels and codes of the accounts that Cin7 Core keeps by itself from sales, purchases and taxes (facts/cin7.md 7). */
const controlMarks = [
  'Accounts receivable',
  'DEBTORS',
  'Accounts payable',
  'CREDITORS',
  'GST / VAT',
  'GST',
  'GST on imports',
  'GSTONIMPORTS',
];

/** Accounts are opened, then mapped, within seconds; what is refused here waits for a person. */
const trustedMs = 3000;

/**
 * Why accounts cannot be posted to: a sentence for each, none when all can. The list may be an old copy, so it is read again before an
 * account is said to be missing.
 */
export async function journalAccountProblems(
  reference: Pick<Cin7Reference, 'accounts' | 'invalidate'>,
  rules: JournalAccountRules,
  scope: CallScope,
): Promise<string[]> {
  const problems = problemsIn(await reference.accounts(scope), rules);
  if (problems.length === 0) return [];
  reference.invalidate(trustedMs);
  return problemsIn(await reference.accounts(scope), rules);
}

function problemsIn(accounts: readonly Cin7Account[], { codes, allowed, refused }: JournalAccountRules): string[] {
  const includes = (list: readonly string[], code: string): boolean => list.some((one) => sameWord(one, code));
  return [...new Set(codes)].flatMap((code) => {
    const account = accounts.find(({ Code }) => sameWord(Code, code));
    if (!account) return [`account ${code} does not exist`];
    if (!sameWord(account.Status, 'ACTIVE')) return [`account ${code} ${account.Name} is ${account.Status.toLowerCase() || 'not active'}`];
    if (includes(refused, code)) return [`account ${code} ${account.Name} is not to be posted to`];
    if (!isControl(account) || includes(allowed, code)) return [];
    return [`account ${code} ${account.Name} is kept by Cin7 Core itself (${account.SystemAccount ?? account.SystemAccountCode ?? ''})`];
  });
}

function isControl({ SystemAccount, SystemAccountCode }: Cin7Account): boolean {
  return [SystemAccount, SystemAccountCode].some((mark) => controlMarks.some((control) => sameWord(mark ?? '', control)));
}
