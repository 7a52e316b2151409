import type { Row } from '../dictionary/index.ts';
import type { LocalTime } from '../local-time.ts';
import { rateOf, toStored } from './amounts.ts';
import type { FiscalPeriod } from './fiscal-period.ts';
import type { CheckedDocument, CheckedItem } from './new-document.ts';

/** The leading ledger, and one that runs beside it. */
export const ledgers = ['0L', 'L1'] as const;

export interface DocumentRows {
  BKPF: Row;
  BSEG: Row[];
  FAGLFLEXA: Row[];
}

export interface RowFacts {
  number: string;
  fiscal: FiscalPeriod;
  entered: LocalTime;
  /** Further fields of the header. */
  header?: Row;
}

/** What SAP writes for a document. A document of other ledgers only has no entry view; what is no posting has no ledger view. */
export function rowsOf(document: CheckedDocument, facts: RowFacts): DocumentRows {
  const { status } = document;
  const key = { BUKRS: document.companyCode, BELNR: facts.number, GJAHR: facts.fiscal.year };
  const lines = document.items.flatMap(ledgerParts);
  const inLedgers = status === undefined ? ledgers : status === 'L' ? ledgers.slice(1) : [];
  return {
    BKPF: headerRow(document, key, facts),
    // A parked document's items are in VBSEGS and its like.
    BSEG:
      status === 'L' || status === 'V' ? [] : document.items.map((item, index) => itemRow(document, item, { ...key, BUZEI: buzei(index) })),
    FAGLFLEXA: inLedgers.flatMap((ledger) => lines.map((line, index) => lineRow(document, { line, index, ledger }, facts))),
  };
}

function headerRow(document: CheckedDocument, key: Row, { number, fiscal, entered, header }: RowFacts): Row {
  const postingDate = document.postingDate ?? entered.date;
  return {
    ...key,
    BLART: document.documentType,
    BLDAT: document.documentDate ?? postingDate,
    BUDAT: postingDate,
    MONAT: fiscal.period,
    CPUDT: entered.date,
    CPUTM: entered.time,
    USNAM: document.user ?? 'MMUELLER',
    TCODE: document.transaction ?? 'FB01',
    XBLNR: document.reference ?? '',
    BKTXT: document.headerText ?? '',
    WAERS: document.currency,
    HWAER: document.localCurrency,
    KURSF: Math.min(9999, rateOf(document.currency, document.localCurrency)).toFixed(5),
    BSTAT: document.status ?? '',
    LDGRP: document.status === 'L' ? (ledgers[1] ?? '') : '',
    GLVOR: 'RFBU',
    AWTYP: 'BKPFF',
    AWKEY: `${number}${document.companyCode}${fiscal.year}`,
    ...header,
  };
}

function itemRow(document: CheckedDocument, item: CheckedItem, key: Row): Row {
  const isPartner = item.accountType === 'K' || item.accountType === 'D';
  return {
    ...key,
    BSCHL: postingKey(item),
    KOART: item.accountType ?? 'S',
    SHKZG: item.side,
    MWSKZ: item.taxCode ?? '',
    DMBTR: toStored(item.localUnits),
    WRBTR: toStored(item.units),
    PSWBT: toStored(item.units),
    PSWSL: document.currency,
    ZUONR: item.assignment ?? '',
    SGTXT: item.text ?? '',
    KOSTL: item.costCenter ?? '',
    AUFNR: item.order ?? '',
    PRCTR: item.profitCenter ?? '',
    SAKNR: isPartner ? '' : item.account,
    HKONT: item.account,
    KUNNR: item.customer ?? '',
    LIFNR: item.vendor ?? '',
    XNEGP: item.isNegativePosting ? 'X' : '',
    ...item.more,
  };
}

function postingKey({ accountType, side }: CheckedItem): string {
  if (accountType === 'K') return side === 'S' ? '21' : '31';
  if (accountType === 'D') return side === 'S' ? '01' : '11';
  return side === 'S' ? '40' : '50';
}

interface LedgerPart {
  item: CheckedItem;
  index: number;
  units: number;
  localUnits: number;
  profitCenter: string;
}

/** Document splitting divides the items of partners between two profit centres; BUZEI stays, DOCLN counts lines. */
function ledgerParts(item: CheckedItem, index: number): LedgerPart[] {
  const whole = { item, index, units: item.units, localUnits: item.localUnits, profitCenter: item.profitCenter ?? '' };
  const isSplit = (item.accountType === 'K' || item.accountType === 'D') && item.units > 1 && item.localUnits > 1;
  if (!isSplit) return [whole];
  const [units, localUnits] = [Math.floor(item.units / 3), Math.floor(item.localUnits / 3)];
  return [
    { ...whole, units, localUnits, profitCenter: '0000001000' },
    { ...whole, units: item.units - units, localUnits: item.localUnits - localUnits, profitCenter: '0000002000' },
  ];
}

function lineRow(
  document: CheckedDocument,
  { line, index, ledger }: { line: LedgerPart; index: number; ledger: string },
  { number, fiscal, entered }: RowFacts,
): Row {
  const { item } = line;
  const sign = item.side === 'S' ? 1 : -1;
  // A negative posting counts on the other side, with the other sign.
  const side = item.isNegativePosting ? (item.side === 'S' ? 'H' : 'S') : item.side;
  return {
    RYEAR: fiscal.year,
    DOCNR: number,
    RLDNR: ledger,
    RBUKRS: document.companyCode,
    DOCLN: String(index + 1).padStart(6, '0'),
    ACTIV: 'RFBU',
    RTCUR: document.currency,
    RACCT: item.account,
    RCNTR: item.costCenter ?? '',
    PRCTR: line.profitCenter,
    TSL: toStored(sign * line.units),
    HSL: toStored(sign * line.localUnits),
    DRCRK: side,
    POPER: fiscal.period.padStart(3, '0'),
    BUDAT: document.postingDate ?? entered.date,
    BELNR: number,
    BUZEI: buzei(line.index),
    GJAHR: fiscal.year,
    XSPLITMOD: line.units === item.units ? '' : 'X',
  };
}

function buzei(index: number): string {
  return String(index + 1).padStart(3, '0');
}
