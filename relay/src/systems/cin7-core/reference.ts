import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { readAll } from './pages.ts';
import { isRow, sameWord, toAccount, toAttributeSet, toCompany, toLocation, toPaymentTerm, toTaxRule } from './rows.ts';
import type { Cin7Account, Cin7AttributeSet, Cin7Company, Cin7Location, Cin7PaymentTerm, Cin7SupplierBody, Cin7TaxRule } from './types.ts';

/** The account's reference data; each list is read once in five minutes, and again after a refusal that may come from an old copy. */
export interface Cin7Reference {
  me: (scope: CallScope) => Promise<Cin7Company>;
  paymentTerms: (scope: CallScope) => Promise<Cin7PaymentTerm[]>;
  taxRules: (scope: CallScope) => Promise<Cin7TaxRule[]>;
  accounts: (scope: CallScope) => Promise<Cin7Account[]>;
  attributeSets: (scope: CallScope) => Promise<Cin7AttributeSet[]>;
  locations: (scope: CallScope) => Promise<Cin7Location[]>;
  /**
   * Forgets copies older than half a minute, or than this: many records refused for one reason must not read the lists once each.
   */
  invalidate: (olderThanMs?: number) => void;
}

const keptMs = 5 * 60_000;
const trustedMs = 30_000;

export function openReference(client: Cin7Client, clock: Clock): Cin7Reference {
  const readMe = async (scope: CallScope): Promise<Cin7Company> => {
    const doing = 'reading the company';
    const answer = await client({ method: 'GET', path: 'me', doing }, scope);
    if (!isRow(answer)) throw unreadable({ writes: false, doing }, 'the answer is no company');
    return toCompany(answer);
  };
  const list =
    (path: string, key: string, doing: string, { id = 'ID', limit = 1000 } = {}) =>
    (scope: CallScope) =>
      readAll(client, { path, key, id, limit, doing }, scope);
  const readTerms = list('ref/paymentterm', 'PaymentTermList', 'reading payment terms');
  const readTaxRules = list('ref/tax', 'TaxRuleList', 'reading tax rules');
  const readAccounts = list('ref/account', 'AccountsList', 'reading the chart of accounts', { id: 'Code' });
  const readSets = list('ref/attributeset', 'AttributeSetList', 'reading attribute sets');
  // More than 500 never come at once (facts/cin7.md 3).
  const readLocations = list('ref/location', 'LocationList', 'reading locations', { limit: 500 });

  const me = copyOf(clock, readMe);
  const paymentTerms = copyOf(clock, async (scope) => (await readTerms(scope)).map(toPaymentTerm));
  const taxRules = copyOf(clock, async (scope) => (await readTaxRules(scope)).map(toTaxRule));
  const accounts = copyOf(clock, async (scope) => (await readAccounts(scope)).map(toAccount));
  const attributeSets = copyOf(clock, async (scope) => (await readSets(scope)).map(toAttributeSet));
  const locations = copyOf(clock, async (scope) => (await readLocations(scope)).map(toLocation));
  return {
    me: me.get,
    paymentTerms: paymentTerms.get,
    taxRules: taxRules.get,
    accounts: accounts.get,
    attributeSets: attributeSets.get,
    locations: locations.get,
    invalidate: (olderThanMs = trustedMs) => {
      for (const copy of [me, paymentTerms, taxRules, accounts, attributeSets, locations]) copy.invalidate(olderThanMs);
    },
  };
}

/** The accounts a supplier may have as AccountPayable: the label or, as of late, the code says so (facts/cin7.md 7). */
export function accountsPayable(accounts: readonly Cin7Account[]): Cin7Account[] {
  return accounts.filter(
    ({ SystemAccount, SystemAccountCode, Status }) =>
      [SystemAccount, SystemAccountCode].some((mark) => sameWord(mark ?? '', 'Accounts payable') || sameWord(mark ?? '', 'CREDITORS')) &&
      sameWord(Status, 'ACTIVE'),
  );
}

/** Inactive terms are listed too and refused when used. */
export function activeTerms(terms: readonly Cin7PaymentTerm[]): Cin7PaymentTerm[] {
  return terms.filter(({ IsActive }) => IsActive);
}

export function purchaseTaxRules(rules: readonly Cin7TaxRule[]): Cin7TaxRule[] {
  return rules.filter(({ IsActive, IsTaxForPurchase }) => IsActive && IsTaxForPurchase);
}

/** Every reference of a body the account does not have; the API itself names only some of them at a time. */
export async function referenceProblems(body: Cin7SupplierBody, reference: Cin7Reference, scope: CallScope): Promise<string[]> {
  const terms = activeTerms(await reference.paymentTerms(scope));
  const rules = purchaseTaxRules(await reference.taxRules(scope));
  const payables = accountsPayable(await reference.accounts(scope));
  const sets = body.AttributeSet ? await reference.attributeSets(scope) : [];
  return [
    ...(terms.some(({ Name }) => sameWord(Name, body.PaymentTerm)) ? [] : [`no active payment term is named '${body.PaymentTerm}'`]),
    ...(rules.some(({ Name }) => sameWord(Name, body.TaxRule)) ? [] : [`no active tax rule for purchases is named '${body.TaxRule}'`]),
    ...(payables.some(({ Code }) => sameWord(Code, body.AccountPayable))
      ? []
      : [`account '${body.AccountPayable}' is not the accounts payable account (${payables.map(({ Code }) => Code).join(', ')})`]),
    ...(!body.AttributeSet || sets.some(({ Name }) => sameWord(Name, body.AttributeSet ?? ''))
      ? []
      : [`no attribute set is named '${body.AttributeSet}'`]),
  ];
}

interface Copy<Value> {
  get: (scope: CallScope) => Promise<Value>;
  invalidate: (olderThanMs: number) => void;
}

/** Callers at the same time share one reading; when it fails, each of them reads for itself, for it may have been given up by the first. */
function copyOf<Value>(clock: Clock, read: (scope: CallScope) => Promise<Value>): Copy<Value> {
  let kept: { value: Value; readAt: number } | undefined;
  let reading: Promise<Value> | undefined;

  const readNow = async (scope: CallScope): Promise<Value> => {
    const value = await read(scope);
    kept = { value, readAt: clock.now() };
    return value;
  };
  return {
    async get(scope) {
      if (kept && clock.now() - kept.readAt < keptMs) return kept.value;
      if (reading) return reading.catch(() => readNow(scope));
      reading = readNow(scope).finally(() => (reading = undefined));
      return reading;
    },
    invalidate(olderThanMs) {
      if (kept && clock.now() - kept.readAt >= olderThanMs) kept = undefined;
    },
  };
}
