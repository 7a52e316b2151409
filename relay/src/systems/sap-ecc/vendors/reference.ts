import { languageKey } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { onlyIn } from './key-lists.ts';

/** What vendors refer to: read once per run. */
export interface VendorReference {
  /** By LAND1, in the language asked for, English where that has none. */
  countryNames: ReadonlyMap<string, string>;
  companyCodes: ReadonlyMap<string, CompanyCode>;
}

export interface CompanyCode {
  code: string;
  name: string;
  country: string;
  currency: string;
  chartOfAccounts: string;
}

export async function readVendorReference(
  session: SapSession,
  wanted: { language: string; companyCodes: readonly string[] },
  scope: CallScope,
): Promise<VendorReference> {
  const [countryNames, companyCodes] = await Promise.all([
    readCountryNames(session, wanted.language, scope),
    readCompanyCodes(session, wanted.companyCodes, scope),
  ]);
  return { countryNames, companyCodes: new Map(companyCodes.map((one) => [one.code, one])) };
}

/** These company codes, or all where none is named. */
export async function readCompanyCodes(session: SapSession, wanted: readonly string[], scope: CallScope): Promise<CompanyCode[]> {
  const codes: CompanyCode[] = [];
  const fields = ['BUKRS', 'BUTXT', 'LAND1', 'WAERS', 'KTOPL'] as const;
  for await (const row of session.readTable({ table: 'T001', fields, where: onlyIn('BUKRS', wanted) }, scope))
    codes.push({ code: row.BUKRS, name: row.BUTXT, country: row.LAND1, currency: row.WAERS, chartOfAccounts: row.KTOPL });
  return codes;
}

async function readCountryNames(session: SapSession, language: string, scope: CallScope): Promise<Map<string, string>> {
  const wanted = languageKey(language);
  const languages = [...new Set([wanted, languageKey('EN')])];
  const names = new Map<string, string>();
  const fields = ['SPRAS', 'LAND1', 'LANDX'] as const;
  const where = [{ field: 'SPRAS', op: 'IN', values: languages } as const];
  for await (const row of session.readTable({ table: 'T005T', fields, where }, scope))
    if (row.LANDX && (row.SPRAS === wanted || !names.has(row.LAND1))) names.set(row.LAND1, row.LANDX);
  return names;
}
