/** What a posting writes, prepared before the commit and written by it. */
import type { Row } from '../dictionary/index.ts';
import { toStored, toText } from '../documents/amounts.ts';
import type { CheckedDocument, CheckedItem } from '../documents/new-document.ts';
import { rowsOf, type DocumentRows, type RowFacts } from '../documents/rows.ts';
import type { SapSystemParts } from '../parts.ts';
import { accountTypes, type PostedItem, type Posting } from './check-document.ts';
import { partnerOf } from './check-partners.ts';

export interface Booking {
  rows: DocumentRows;
  /** BSEC: addresses of one-time customers. */
  oneTime: Row[];
}

export function bookingOf(system: SapSystemParts, posting: Posting, { number, user }: { number: string; user: string }): Booking {
  const { frame, amounts, draft } = posting;
  const { reference, assignment } = system.behaviour.userExit ?? {};
  const sent = draft.header['REF_DOC_NO'] ?? '';
  const document: CheckedDocument = {
    companyCode: frame.companyCode,
    documentType: frame.documentType,
    postingDate: frame.postingDate,
    documentDate: frame.documentDate,
    currency: amounts.currency,
    localCurrency: amounts.localCurrency,
    reference: reference === undefined ? sent : reference.replaceAll('&', sent).slice(0, 16),
    headerText: draft.header['HEADER_TXT'] ?? '',
    user: draft.header['USERNAME'] || user,
    transaction: '',
    items: posting.items.map((item) => checkedItem(posting, item, assignment)),
  };
  const header = { KURSF: amounts.rate, WWERT: draft.header['TRANS_DATE'] || frame.postingDate };
  const facts: RowFacts = { number, fiscal: frame.fiscal, entered: system.localTime(), header };
  const rows = rowsOf(document, facts);
  return { rows, oneTime: rows.BSEG.flatMap((row, index) => oneTimeRow(posting, row, posting.items[index])) };
}

/** Writes header, items, ledger lines and open items. */
export function book(system: SapSystemParts, { rows, oneTime }: Booking): void {
  system.stored('BKPF').insert(rows.BKPF);
  for (const row of rows.BSEG) system.stored('BSEG').insert(row);
  for (const row of rows.FAGLFLEXA) system.stored('FAGLFLEXA').insert(row);
  for (const row of oneTime) system.stored('BSEC').insert(row);
  for (const row of rows.BSEG) {
    const table = indexTableOf(system, row);
    if (table) system.stored(table).insert(indexRow(system, table, { ...row, ...rows.BKPF }));
  }
}

/** Open items of an account: customers, vendors, and G/L accounts with line item display. */
function indexTableOf(system: SapSystemParts, row: Row): 'BSID' | 'BSIK' | 'BSIS' | undefined {
  if (row['KOART'] === 'D') return 'BSID';
  if (row['KOART'] === 'K') return 'BSIK';
  return system.stored('SKB1').get([row['BUKRS'] ?? '', row['HKONT'] ?? ''])?.['XKRES'] ? 'BSIS' : undefined;
}

/** The fields that an index table has of header and item. */
export function indexRow(system: SapSystemParts, table: string, fields: Row): Row {
  const { definition } = system.stored(table);
  const row: Row = {};
  for (const { name } of definition.fields) if (fields[name] !== undefined) row[name] = fields[name];
  return definition.fields.some(({ name }) => name === 'UMSKS') ? { ...row, UMSKS: fields['UMSKZ'] ? 'A' : '' } : row;
}

function checkedItem({ amounts: { currency, localCurrency } }: Posting, item: PostedItem, assignment: string | undefined): CheckedItem {
  const { fields, kind } = item.draft;
  const isCredit = item.units < 0 || (item.units === 0 && item.baseUnits < 0);
  const partner = partnerOf(item.draft);
  return {
    side: isCredit ? 'H' : 'S',
    account: item.account,
    amount: toText(Math.abs(item.units), currency),
    localAmount: toText(Math.abs(item.localUnits), localCurrency),
    units: Math.abs(item.units),
    localUnits: Math.abs(item.localUnits),
    accountType: accountTypes[kind],
    ...(kind === 'customer' ? { customer: partner } : {}),
    ...(kind === 'vendor' ? { vendor: partner } : {}),
    taxCode: fields['TAX_CODE'] ?? '',
    costCenter: fields['COSTCENTER'] ?? '',
    profitCenter: item.more['PRCTR'] ?? '',
    order: fields['ORDERID'] ?? '',
    assignment: assignment ?? fields['ALLOC_NMBR'] ?? '',
    text: fields['ITEM_TEXT'] ?? '',
    more: {
      ...item.more,
      XREF1: fields['REF_KEY_1'] ?? '',
      XREF2: fields['REF_KEY_2'] ?? '',
      XREF3: fields['REF_KEY_3'] ?? '',
      ...(kind === 'tax' ? { FWBAS: toStored(Math.abs(item.baseUnits)), HWBAS: toStored(Math.abs(item.localBaseUnits)) } : {}),
    },
  };
}

function oneTimeRow({ draft: { oneTime } }: Posting, item: Row, posted: PostedItem | undefined): Row[] {
  if (!oneTime || !posted?.isOneTime) return [];
  const value = (name: string): string => oneTime[name] ?? '';
  const { BUKRS = '', BELNR = '', GJAHR = '', BUZEI = '' } = item;
  return [
    {
      BUKRS,
      BELNR,
      GJAHR,
      BUZEI,
      NAME1: value('NAME'),
      NAME2: value('NAME_2'),
      NAME3: value('NAME_3'),
      NAME4: value('NAME_4'),
      PSTLZ: value('POSTL_CODE'),
      ORT01: value('CITY'),
      LAND1: value('COUNTRY') || value('COUNTRY_ISO'),
      STRAS: value('STREET'),
      PFACH: value('PO_BOX'),
      PSTL2: value('POBX_PCD'),
      BANKN: value('BANK_ACCT'),
      BANKL: value('BANK_NO'),
      BANKS: value('BANK_CTRY'),
      STCD1: value('TAX_NO_1'),
      STCD2: value('TAX_NO_2'),
      REGIO: value('REGION'),
    },
  ];
}
