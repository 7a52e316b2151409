import { alphaOut, languageKey } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { collectAll, onlyIn, selectByKeys } from './key-lists.ts';
import { readCompanyCodes } from './reference.ts';

export interface CodeWithName {
  code: string;
  name: string;
}

/** ZTERM with the texts of T052U; a term's instalment or day-limit variants (ZTAGG) are joined in one text. */
export async function readPaymentTerms(session: SapSession, language: string, scope: CallScope): Promise<CodeWithName[]> {
  const where = [{ field: 'SPRAS', op: 'EQ', value: languageKey(language) } as const];
  const rows = await collectAll([where], (only) =>
    session.readTable({ table: 'T052U', fields: ['SPRAS', 'ZTERM', 'ZTAGG', 'TEXT1'], where: only }, scope),
  );
  const inOrder = rows.toSorted((one, other) => (one.ZTERM + one.ZTAGG < other.ZTERM + other.ZTAGG ? -1 : 1));
  return [...Map.groupBy(inOrder, ({ ZTERM }) => ZTERM)].map(([code, variants]) => ({
    code,
    name: [...new Set(variants.map(({ TEXT1 }) => TEXT1.trim()).filter(Boolean))].join(' / '),
  }));
}

/** Accounts that are reconciliation accounts of vendors (SKB1-MITKZ = K) in these company codes, without leading zeros. */
export async function readReconciliationAccounts(
  session: SapSession,
  { companyCodes, language }: { companyCodes: readonly string[]; language: string },
  scope: CallScope,
): Promise<CodeWithName[]> {
  const companies = await readCompanyCodes(session, companyCodes, scope);
  const forVendors = [{ field: 'MITKZ', op: 'EQ', value: 'K' } as const, ...onlyIn('BUKRS', companyCodes)];
  const accounts = await collectAll([forVendors], (where) =>
    session.readTable({ table: 'SKB1', fields: ['BUKRS', 'SAKNR', 'MITKZ'], where }, scope),
  );
  const numbers = [...new Set(accounts.map(({ SAKNR }) => SAKNR))].toSorted();
  const names = new Map<string, string>();
  const charts = [...new Set(companies.map(({ chartOfAccounts }) => chartOfAccounts).filter(Boolean))];
  const inLanguage = { field: 'SPRAS', op: 'EQ', value: languageKey(language) } as const;
  const texts = await collectAll(selectByKeys('SAKNR', numbers), (where) =>
    session.readTable(
      { table: 'SKAT', fields: ['SPRAS', 'KTOPL', 'SAKNR', 'TXT20', 'TXT50'], where: [inLanguage, ...onlyIn('KTOPL', charts), ...where] },
      scope,
    ),
  );
  for (const { SAKNR, TXT20, TXT50 } of texts) if (!names.has(SAKNR)) names.set(SAKNR, TXT50 || TXT20);
  return numbers.map((number) => ({ code: alphaOut(number), name: names.get(number) ?? '' }));
}
