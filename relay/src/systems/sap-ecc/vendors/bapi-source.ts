import { alphaIn, SystemError, type SapMoment } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { Parameters, SapSession } from '../session.ts';
import { assembleVendors } from './assemble.ts';
import { findVendorsByAddressChange, type ChangedVendors } from './changes.ts';
import { collectAll, selectByKeys } from './key-lists.ts';
import { companyFields, type CompanyRow, type GeneralRow } from './rows.ts';
import type { SourceInput, VendorSource } from './vendor-source.ts';
import type { Vendor } from './vendor.ts';

/**
 * Stock ECC has no BAPI_VENDOR_GETLIST (facts/sap-ecc.md 0): where it exists it is the customer's own, so its parameters decide. Ours are
 * CHANGED_SINCE (a day; initial: all), VENDOR_FROM (numbers from here on, with or without this one), MAXROWS (0: all) and the table
 * VENDORLIST, by number.
 */
export async function areVendorBapisOffered(session: SapSession, scope: CallScope): Promise<boolean> {
  const list = await session.parametersOf('BAPI_VENDOR_GETLIST', scope);
  const detail = await session.parametersOf('BAPI_VENDOR_GETDETAIL', scope);
  const has = (parameters: ReadonlySet<string> | undefined, names: string[]): boolean => names.every((name) => parameters?.has(name));
  return (
    has(list, ['CHANGED_SINCE', 'VENDOR_FROM', 'MAXROWS', 'VENDORLIST']) &&
    has(detail, ['VENDORNO', 'COMPANYCODE', 'GENERALDETAIL', 'COMPANYDETAIL'])
  );
}

/** Vendors by BAPI, with purchasing data, addresses and e-mails from tables. The list knows days only: a day's changes are read again. */
export function bapiVendorSource(input: SourceInput): VendorSource {
  const { session, scope } = input;
  return {
    async page({ afterKey = '', size }) {
      const listed = await listVendors(input, { CHANGED_SINCE: '00000000', VENDOR_FROM: afterKey, MAXROWS: size + 1 });
      return readDetails(input, listed.filter((number) => number !== afterKey).slice(0, size));
    },
    byNumber: (numbers) => readDetails(input, numbers),
    changedSince: async (since: SapMoment): Promise<ChangedVendors> => {
      const listed = await listVendors(input, { CHANGED_SINCE: since.date, VENDOR_FROM: '', MAXROWS: 0 });
      const throughAddress = await findVendorsByAddressChange(session, since, scope);
      return { changed: [...new Set([...listed, ...throughAddress])], created: [] };
    },
  };
}

async function listVendors({ session, scope }: SourceInput, parameters: Parameters): Promise<string[]> {
  const answer = await session.call('BAPI_VENDOR_GETLIST', parameters, scope);
  const failure = failureIn(answer);
  if (failure) throw refusal('listing vendors by BAPI_VENDOR_GETLIST', failure);
  const rows = (answer['VENDORLIST'] ?? []) as Record<string, string>[];
  return [...new Set(rows.map((row) => alphaIn(row['VENDOR_NO'] ?? row['LIFNR'] ?? '', 10)).filter(Boolean))].toSorted();
}

/** Calls of a unit run one after the other on one session; more would outlast a dialog step. */
const callsPerUnit = 50;

async function readDetails(input: SourceInput, numbers: string[]): Promise<Vendor[]> {
  if (numbers.length === 0) return [];
  const { session, scope, companyCodes } = input;
  // Asked for a company code that the vendor does not have, the BAPI gives no general data either: hence first without one.
  const questions = numbers.flatMap((number) => ['', ...companyCodes].map((code) => ({ VENDORNO: number, COMPANYCODE: code })));
  const general = new Map<string, GeneralRow>();
  const company: CompanyRow[] = [];
  const failures = new Map<string, string>();
  for (let start = 0; start < questions.length; start += callsPerUnit) {
    const asked = questions.slice(start, start + callsPerUnit);
    const answers = await session.callEach('BAPI_VENDOR_GETDETAIL', asked, scope);
    for (const [index, { VENDORNO, COMPANYCODE }] of asked.entries()) {
      const answer = answers[index] ?? {};
      const generalRow = COMPANYCODE ? undefined : toGeneralRow(answer, VENDORNO);
      const companyRow = COMPANYCODE ? toCompanyRow(answer, { number: VENDORNO, companyCode: COMPANYCODE }) : undefined;
      if (generalRow) general.set(VENDORNO, generalRow);
      if (companyRow) company.push(companyRow);
      if (!COMPANYCODE && !generalRow) failures.set(VENDORNO, failureIn(answer) ?? 'an empty answer');
    }
  }
  const selections = selectByKeys('LIFNR', numbers);
  // Without chosen company codes only LFB1 knows which ones a vendor has.
  if (companyCodes.length === 0)
    company.push(...(await collectAll(selections, (where) => session.readTable({ table: 'LFB1', fields: companyFields, where }, scope))));
  const missing = numbers.filter((number) => !general.has(number));
  await assertGone(input, missing, failures);
  return assembleVendors(input, { general: numbers.flatMap((number) => general.get(number) ?? []), company, selections });
}

/** A vendor without details was deleted meanwhile; one that is still there must not be passed over. */
async function assertGone({ session, scope }: SourceInput, numbers: string[], failures: ReadonlyMap<string, string>): Promise<void> {
  for (const values of selectByKeys('LIFNR', numbers))
    for await (const { LIFNR } of session.readTable({ table: 'LFA1', fields: ['LIFNR'], where: values }, scope))
      throw refusal(`reading vendor ${LIFNR} by BAPI_VENDOR_GETDETAIL`, failures.get(LIFNR) ?? 'no answer');
}

function toGeneralRow(answer: Parameters, number: string): GeneralRow | undefined {
  const detail = (answer['GENERALDETAIL'] ?? {}) as Record<string, string>;
  const field = (name: string): string => (detail[name] ?? '').trimEnd();
  if (!field('VENDOR') && !field('NAME')) return undefined;
  return {
    LIFNR: number,
    KTOKK: field('ACCNT_GRP'),
    NAME1: field('NAME'),
    NAME2: field('NAME_2'),
    NAME3: field('NAME_3'),
    NAME4: field('NAME_4'),
    SORTL: field('SORT1'),
    SPRAS: field('LANGU'),
    ADRNR: field('ADDRESS'),
    STRAS: field('STREET'),
    ORT01: field('CITY'),
    ORT02: field('DISTRICT'),
    PSTLZ: field('POSTL_CODE'),
    REGIO: field('REGION'),
    PFACH: field('PO_BOX'),
    PSTL2: field('POBX_PCD'),
    LAND1: field('COUNTRY'),
    TELF1: field('TELEPHONE'),
    TELF2: field('TELEPHONE2'),
    TELFX: field('FAX_NUMBER'),
    STCD1: field('TAX_NO_1'),
    STCD2: field('TAX_NO_2'),
    STCEG: field('VAT_REG_NO'),
    XCPDK: field('ONE_TIME'),
    LOEVM: field('DEL_FLAG'),
    SPERR: field('POST_BLOCK'),
    SPERM: field('PURCH_BLOCK'),
  };
}

function toCompanyRow(answer: Parameters, asked: { number: string; companyCode: string }): CompanyRow | undefined {
  const detail = (answer['COMPANYDETAIL'] ?? {}) as Record<string, string>;
  const field = (name: string): string => (detail[name] ?? '').trimEnd();
  if (!field('GL_ACCOUNT')) return undefined;
  return {
    LIFNR: asked.number,
    BUKRS: asked.companyCode,
    AKONT: field('GL_ACCOUNT'),
    ZTERM: field('PMNTTRMS'),
    LOEVM: field('DELETE_FLAG'),
    SPERR: field('POSTING_BLOCK'),
  };
}

/** RETURN comes as a structure or as a table, in three shapes (facts/sap-ecc.md 3.4); type E, A or X says that it failed. */
function failureIn(answer: Parameters): string | undefined {
  const rows = [answer['RETURN'] ?? []].flat() as Record<string, string | undefined>[];
  const failure = rows.find(({ TYPE = '' }) => ['E', 'A', 'X'].includes(TYPE));
  if (!failure) return undefined;
  const { CODE, ID, NUMBER, MESSAGE = '' } = failure;
  return `${CODE ?? `${ID} ${NUMBER}`} ${MESSAGE}`;
}

function refusal(doing: string, answer: string): SystemError {
  return new SystemError('SAP_BAPI_REFUSED', 'refused', `${doing}: SAP answered ${answer}`, {
    fix: 'Correct the cause in SAP, or set the source of this flow to tables.',
  });
}
