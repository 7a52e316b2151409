/** What the system holds, for tests to compare with: read from the tables themselves, not through any function module. */
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { fromStored, toText } from './amounts.ts';
import type { DocumentKey } from './documents.ts';

export interface TrueDocument extends DocumentKey {
  documentType: string;
  /** YYYYMMDD. */
  postingDate: string;
  period: string;
  currency: string;
  localCurrency: string;
  /** The document that this one reverses. */
  reverses: { number: string; fiscalYear: string } | undefined;
  items: TrueItem[];
}

export interface TrueItem {
  number: string;
  side: 'debit' | 'credit';
  account: string;
  /** In the currency's own decimals. */
  amount: string;
  localAmount: string;
}

export interface TrueTotals {
  companyCode: string;
  fiscalYear: string;
  period: string;
  localCurrency: string;
  count: number;
  /** Sum of the debits in the local currency. */
  debits: string;
}

export interface TruthRange {
  companyCodes?: readonly string[];
  /** Posting dates, YYYYMMDD, both included. */
  from?: string;
  to?: string;
}

/** Every posted document with its items, in key order; parked, noted, recurring and other ledgers' are no part of it. */
export function trueDocuments(system: SapSystemParts, { companyCodes, from = '', to = '9' }: TruthRange = {}): TrueDocument[] {
  return system
    .stored('BKPF')
    .all()
    .filter(({ BSTAT, BUKRS = '', BUDAT = '' }) => BSTAT === '' && BUDAT >= from && BUDAT <= to && (companyCodes?.includes(BUKRS) ?? true))
    .map((header) => toTruth(system, header));
}

/** Per company code and fiscal period, in that order. */
export function trueTotals(system: SapSystemParts, range: TruthRange = {}): TrueTotals[] {
  const groups = Map.groupBy(
    trueDocuments(system, range),
    ({ companyCode, fiscalYear, period }) => `${companyCode} ${fiscalYear} ${period}`,
  );
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, documents]) => {
      const [{ companyCode, fiscalYear, period, localCurrency }] = documents as [TrueDocument];
      const units = documents.flatMap(({ items }) => items).reduce((sum, item) => sum + debitUnits(item), 0n);
      const decimals = documents.flatMap(({ items }) => items)[0]?.localAmount.split('.')[1]?.length ?? 0;
      const digits = String(units).padStart(decimals + 1, '0');
      const debits = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
      return { companyCode, fiscalYear, period, localCurrency, count: documents.length, debits };
    });
}

function debitUnits({ side, localAmount }: TrueItem): bigint {
  return side === 'debit' ? BigInt(localAmount.replace('.', '')) : 0n;
}

function toTruth(system: SapSystemParts, header: Row): TrueDocument {
  const { BUKRS = '', BELNR = '', GJAHR = '', WAERS = '', HWAER = '' } = header;
  return {
    companyCode: BUKRS,
    number: BELNR,
    fiscalYear: GJAHR,
    documentType: header['BLART'] ?? '',
    postingDate: header['BUDAT'] ?? '',
    period: header['MONAT'] ?? '',
    currency: WAERS,
    localCurrency: HWAER,
    reverses: header['XREVERSAL'] === '2' ? { number: header['STBLG'] ?? '', fiscalYear: header['STJAH'] ?? '' } : undefined,
    items: system
      .stored('BSEG')
      .withPrefix([BUKRS, BELNR, GJAHR])
      .map((row) => ({
        number: row['BUZEI'] ?? '',
        side: row['SHKZG'] === 'S' ? 'debit' : 'credit',
        account: row['HKONT'] ?? '',
        amount: toText(fromStored(row['WRBTR'] ?? ''), WAERS),
        localAmount: toText(fromStored(row['DMBTR'] ?? ''), HWAER),
      })),
  };
}
