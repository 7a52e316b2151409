import { type Cin7Account, type Cin7Journals, type Cin7Session } from '../../systems/cin7-core/index.ts';
import { readGlAccounts, type GlAccount, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { plainAccount } from './document-key.ts';
import { glFlowSettings } from './settings.ts';

/** Accounts of both sides for the value map, with pairs that look right. */
export async function glCodes({
  settings: given,
  source,
  target,
  scope,
}: CodesInput<SapSession, Cin7Session & { readonly journals: Cin7Journals }>): Promise<ValueMapCodes[]> {
  const { companyCodes, accountsBy, allowedControlAccounts: allowed, refusedAccounts: refused } = glFlowSettings.parse(given);
  const [sapAccounts, cin7Accounts] = await Promise.all([
    readGlAccounts(source, { companyCodes, language: source.settings.language }, scope),
    target.accounts(scope),
  ]);
  const usable: Cin7Account[] = [];
  for (const account of cin7Accounts) {
    const problems = await target.journals.accountProblems({ codes: [account.Code], allowed, refused }, scope);
    if (problems.length === 0) usable.push(account);
  }
  const from = accountsBy === 'company-code' ? sapAccounts.map(byCompanyCode) : ofAll(sapAccounts);
  return [
    {
      valueMapId: 'gl-accounts',
      from: from.map(({ code, name }) => ({ code, name })),
      to: usable.map(({ Code, Name }) => ({ code: Code, name: Name })),
      proposals: from.flatMap((account) => propose(account, usable)),
    },
  ];
}

interface SapCode {
  code: string;
  /** Without leading zeros and company code. */
  account: string;
  name: string;
}

function byCompanyCode({ companyCode, account, name }: GlAccount): SapCode {
  const plain = plainAccount(account);
  return { code: `${companyCode}/${plain}`, account: plain, name };
}

/** One for all company codes that have it. */
function ofAll(accounts: readonly GlAccount[]): SapCode[] {
  const byCode = Map.groupBy(accounts, ({ account }) => plainAccount(account));
  return [...byCode].map(([code, same]) => ({ code, account: code, name: same.find(({ name }) => name !== '')?.name ?? '' }));
}

/** The same code, with or without leading zeros, else the same name. */
export function propose(
  { code, account, name }: SapCode,
  accounts: readonly Pick<Cin7Account, 'Code' | 'Name'>[],
): ValueMapCodes['proposals'] {
  const sameCode = accounts.find(({ Code }) => plainAccount(Code).toLowerCase() === account.toLowerCase());
  if (sameCode) return [{ from: code, to: sameCode.Code, why: 'same number' }];
  const sameName = accounts.filter(({ Name }) => name !== '' && words(Name) === words(name));
  const [only, another] = sameName;
  return only && !another ? [{ from: code, to: only.Code, why: 'same name' }] : [];
}

function words(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}
