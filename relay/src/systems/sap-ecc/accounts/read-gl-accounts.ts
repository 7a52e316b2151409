import { languageKey, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { readCompanyCodes } from '../vendors/index.ts';

export interface GlAccount {
  companyCode: string;
  /** SAKNR, ten characters. */
  account: string;
  /** SKAT-TXT50 in the language asked for, English where that has none. */
  name: string;
  /** SKB1-MITKZ: `K`, `D` or `A` for accounts that subledgers post to. */
  reconciliationFor: string;
}

/**
 * The accounts of these company codes, all where none is named, in their order. Reads T001 (BUKRS, KTOPL), SKB1 (BUKRS, SAKNR, MITKZ) and SKAT
 * (SPRAS, KTOPL, SAKNR, TXT20, TXT50).
 */
export async function readGlAccounts(
  session: SapSession,
  { companyCodes, language }: { companyCodes: readonly string[]; language: string },
  scope: CallScope,
): Promise<GlAccount[]> {
  const companies = await readCompanyCodes(session, companyCodes, scope);
  const charts = new Map(companies.map(({ code, chartOfAccounts }) => [code, chartOfAccounts]));
  const names = await readNames(session, { charts: [...new Set(charts.values())].filter(Boolean), language }, scope);
  const accounts: GlAccount[] = [];
  for (const companyCode of [...charts.keys()].toSorted()) {
    const where: Condition[] = [{ field: 'BUKRS', op: 'EQ', value: companyCode }];
    for await (const { SAKNR, MITKZ } of session.readTable({ table: 'SKB1', fields: ['BUKRS', 'SAKNR', 'MITKZ'], where }, scope))
      accounts.push({
        companyCode,
        account: SAKNR,
        name: names.get(`${charts.get(companyCode) ?? ''} ${SAKNR}`) ?? '',
        reconciliationFor: MITKZ,
      });
  }
  return accounts;
}

/** By chart and account. */
async function readNames(
  session: SapSession,
  { charts, language }: { charts: string[]; language: string },
  scope: CallScope,
): Promise<Map<string, string>> {
  const wanted = languageKey(language);
  const names = new Map<string, string>();
  const fields = ['SPRAS', 'KTOPL', 'SAKNR', 'TXT20', 'TXT50'] as const;
  for (const chart of charts) {
    for (const key of new Set([wanted, languageKey('EN')])) {
      const where: Condition[] = [
        { field: 'SPRAS', op: 'EQ', value: key },
        { field: 'KTOPL', op: 'EQ', value: chart },
      ];
      for await (const { SAKNR, TXT20, TXT50 } of session.readTable({ table: 'SKAT', fields, where }, scope)) {
        const name = `${chart} ${SAKNR}`;
        if (!names.has(name)) names.set(name, TXT50 || TXT20);
      }
    }
  }
  return names;
}
