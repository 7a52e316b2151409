/** What is posted, for tests to compare with: read from the tables themselves, amounts in the currencies' own decimals. */
import type { Row } from '../dictionary/index.ts';
import { fromStored, toText } from '../documents/amounts.ts';
import type { DocumentKey } from '../documents/index.ts';
import type { SapSystemParts } from '../parts.ts';

export interface PostingSearch {
  /** XBLNR; left out: all. */
  reference?: string;
  companyCode?: string;
}

export interface Posted extends DocumentKey {
  documentType: string;
  postingDate: string;
  documentDate: string;
  reference: string;
  headerText: string;
  user: string;
  currency: string;
  localCurrency: string;
  /** Sum of the debits. */
  total: string;
  localTotal: string;
  /** Number and year of the document that reverses this one, or that this one reverses. */
  reversal: { number: string; fiscalYear: string; isReversing: boolean } | undefined;
  items: PostedItem[];
}

export interface PostedItem {
  number: string;
  accountType: string;
  account: string;
  partner: string;
  /** Debit positive, credit negative. */
  amount: string;
  localAmount: string;
  taxCode: string;
  /** Of tax items. */
  base: string;
  costCenter: string;
  profitCenter: string;
  order: string;
  assignment: string;
  text: string;
  /** Name and city of a one-time account. */
  oneTime: string;
}

export interface AccountSumRange {
  companyCodes?: readonly string[];
  documentTypes?: readonly string[];
  /** Beginning of XBLNR. */
  referencePrefix?: string;
  /** Posting dates, YYYYMMDD, both included. */
  from?: string;
  to?: string;
}

export interface AccountSum {
  companyCode: string;
  account: string;
  currency: string;
  /** Balance, debit positive. */
  amount: string;
  localCurrency: string;
  localAmount: string;
  items: number;
}

/** Posted documents with their items, in key order; parked ones and their like are left out. */
export function postings(system: SapSystemParts, { reference, companyCode }: PostingSearch = {}): Posted[] {
  return headers(system)
    .filter(({ XBLNR, BUKRS }) => (reference === undefined || XBLNR === reference) && (companyCode === undefined || BUKRS === companyCode))
    .map((header) => toPosted(system, header));
}

/** Per company code, account and document currency, in that order. */
export function accountSums(system: SapSystemParts, range: AccountSumRange = {}): AccountSum[] {
  const { companyCodes, documentTypes, referencePrefix = '', from = '', to = '9' } = range;
  const sums = new Map<string, { header: Row; account: string; units: number; localUnits: number; items: number }>();
  for (const header of headers(system)) {
    const { BUKRS = '', BLART = '', XBLNR = '', BUDAT = '', WAERS = '' } = header;
    const isMeant = (companyCodes?.includes(BUKRS) ?? true) && (documentTypes?.includes(BLART) ?? true);
    if (!isMeant || !XBLNR.startsWith(referencePrefix) || BUDAT < from || BUDAT > to) continue;
    for (const item of itemsOf(system, header)) {
      const account = item['HKONT'] ?? '';
      const key = `${BUKRS} ${account} ${WAERS}`;
      const sum = sums.get(key) ?? { header, account, units: 0, localUnits: 0, items: 0 };
      sum.units += signed(item, 'WRBTR');
      sum.localUnits += signed(item, 'DMBTR');
      sum.items++;
      sums.set(key, sum);
    }
  }
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([
        ,
        {
          header: { BUKRS = '', WAERS = '', HWAER = '' },
          account,
          units,
          localUnits,
          items,
        },
      ]) => ({
        companyCode: BUKRS,
        account,
        currency: WAERS,
        amount: toText(units, WAERS),
        localCurrency: HWAER,
        localAmount: toText(localUnits, HWAER),
        items,
      }),
    );
}

function headers(system: SapSystemParts): Row[] {
  return system
    .stored('BKPF')
    .all()
    .filter(({ BSTAT }) => BSTAT === '');
}

function itemsOf(system: SapSystemParts, { BUKRS = '', BELNR = '', GJAHR = '' }: Row): Row[] {
  return system.stored('BSEG').withPrefix([BUKRS, BELNR, GJAHR]);
}

function signed(item: Row, field: string): number {
  return fromStored(item[field] ?? '0') * (item['SHKZG'] === 'S' ? 1 : -1);
}

function toPosted(system: SapSystemParts, header: Row): Posted {
  const value = (name: string): string => header[name] ?? '';
  const items = itemsOf(system, header);
  const debits = (field: string): number => items.reduce((sum, item) => sum + Math.max(0, signed(item, field)), 0);
  return {
    companyCode: value('BUKRS'),
    number: value('BELNR'),
    fiscalYear: value('GJAHR'),
    documentType: value('BLART'),
    postingDate: value('BUDAT'),
    documentDate: value('BLDAT'),
    reference: value('XBLNR'),
    headerText: value('BKTXT'),
    user: value('USNAM'),
    currency: value('WAERS'),
    localCurrency: value('HWAER'),
    total: toText(debits('WRBTR'), value('WAERS')),
    localTotal: toText(debits('DMBTR'), value('HWAER')),
    reversal: value('STBLG') ? { number: value('STBLG'), fiscalYear: value('STJAH'), isReversing: value('XREVERSAL') === '2' } : undefined,
    items: items.map((item) => toPostedItem(system, header, item)),
  };
}

function toPostedItem(system: SapSystemParts, { WAERS = '', HWAER = '' }: Row, item: Row): PostedItem {
  const value = (name: string): string => item[name] ?? '';
  const oneTime = system.stored('BSEC').get([value('BUKRS'), value('BELNR'), value('GJAHR'), value('BUZEI')]);
  return {
    number: value('BUZEI'),
    accountType: value('KOART'),
    account: value('HKONT'),
    partner: value('KUNNR') || value('LIFNR'),
    amount: toText(signed(item, 'WRBTR'), WAERS),
    localAmount: toText(signed(item, 'DMBTR'), HWAER),
    taxCode: value('MWSKZ'),
    base: toText(signed(item, 'FWBAS'), WAERS),
    costCenter: value('KOSTL'),
    profitCenter: value('PRCTR'),
    order: value('AUFNR'),
    assignment: value('ZUONR'),
    text: value('SGTXT'),
    oneTime: oneTime ? `${oneTime['NAME1']}, ${oneTime['ORT01']}` : '',
  };
}
