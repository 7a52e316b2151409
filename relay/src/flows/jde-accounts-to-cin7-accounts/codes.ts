import type { Cin7Account, Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import type { JdeAccount, JdeSession } from '../../systems/jde/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { accountMap, askedCode, codesOf } from './account-codes.ts';
import { proposeAccount } from './propose.ts';
import { readAllAccounts } from './read-all.ts';
import { accountFlowSettings, type AccountFlowSettings } from './settings.ts';
import { whyClosed, whyNotLookedAfter } from './standing.ts';

/** Accounts of both sides for the value map, with pairs that look right: a person agrees to each, or chooses another one. */
export async function accountCodes({
  settings: given,
  source,
  target,
  scope,
}: CodesInput<JdeSession, Cin7Session & { readonly journals: Cin7Journals }>): Promise<ValueMapCodes[]> {
  const settings = accountFlowSettings.parse(given);
  const { companies, allowedControlAccounts: allowed } = settings;
  const [all, cin7Accounts] = await Promise.all([readAllAccounts(source, { companies, scope }), target.accounts(scope)]);
  const usable: Cin7Account[] = [];
  for (const account of cin7Accounts) {
    const problems = await target.journals.accountProblems({ codes: [account.Code], allowed, refused: [] }, scope);
    if (problems.length === 0) usable.push(account);
  }
  const from = askedAccounts(all, settings);
  return [
    {
      valueMapId: accountMap,
      from,
      to: usable.map(({ Code, Name }) => ({ code: Code, name: Name })),
      proposals: from.flatMap((account) => proposeAccount(account, usable)),
    },
  ];
}

/** One for all business units, under the name that most of them give it. */
export function askedAccounts(accounts: readonly JdeAccount[], settings: AccountFlowSettings): { code: string; name: string }[] {
  const open = accounts.filter((account) => !whyNotLookedAfter(account, settings) && !whyClosed(account, settings));
  const byCode = Map.groupBy(open, (account) => askedCode(codesOf(account), settings.accountsBy));
  return [...byCode]
    .map(([code, same]) => {
      // What the object itself is called counts before the names of its subsidiaries.
      const plain = same.filter(({ subsidiary }) => subsidiary === '');
      return { code, name: commonest((plain.length > 0 ? plain : same).map(({ description }) => description)) };
    })
    .toSorted((one, other) => (one.code < other.code ? -1 : 1));
}

function commonest(names: readonly string[]): string {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, same]) => ({ name, count: same.length }));
  return counts.toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))[0]?.name ?? '';
}
