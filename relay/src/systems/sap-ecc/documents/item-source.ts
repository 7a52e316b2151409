import { currencyDecimals, fromStoredAmount } from '@ml-connector/shared';
import type { Condition } from '@ml-connector/shared';
import type { Row } from '../session.ts';
import type { SapDocumentItem } from './document.ts';
import type { HeaderRow, HeaderSource, NumberList } from './headers.ts';

/** Where items come from: the entry view (BSEG), or one ledger (FAGLFLEXA). */
export interface ItemSource {
  /** BSTAT of the headers whose documents it holds. */
  readonly statuses: readonly string[];
  /** Items of these documents in the order of their numbers, a document at a time; those without items do not come. */
  read(list: NumberList, headers: ReadonlyMap<string, HeaderRow>): AsyncIterable<DocumentItems>;
}

export interface DocumentItems {
  number: string;
  items: SapDocumentItem[];
}

export interface ItemSourceDeps extends HeaderSource {
  /** Decimals by currency (TCURX). */
  decimals: ReadonlyMap<string, number>;
}

const itemFields = [
  'BUKRS',
  'BELNR',
  'GJAHR',
  'BUZEI',
  'KOART',
  'SHKZG',
  'HKONT',
  'WRBTR',
  'DMBTR',
  'XNEGP',
  'MWSKZ',
  'KUNNR',
  'LIFNR',
  'KOSTL',
  'PRCTR',
  'AUFNR',
  'ZUONR',
  'SGTXT',
] as const;
type ItemRow = Row<(typeof itemFields)[number]>;

/**
 * The entry view. BSEG is a cluster table: only a selection by company code, number and year is one, anything else reads it whole. Its
 * amounts name no currency of their own table, so they come as stored and are put right here (facts/sap-ecc.md 2.11, 3.2).
 */
export function entryView({ session, scope, decimals }: ItemSourceDeps): ItemSource {
  return {
    statuses: [''],
    async *read({ companyCode, fiscalYear, numbers }, headers) {
      const where: Condition[] = [
        { field: 'BUKRS', op: 'EQ', value: companyCode },
        { field: 'BELNR', op: 'IN', values: numbers },
        { field: 'GJAHR', op: 'EQ', value: fiscalYear },
      ];
      const rows = session.readTable({ table: 'BSEG', fields: itemFields, where, amounts: 'stored' }, scope);
      yield* byDocument(
        rows,
        ({ BELNR }) => BELNR,
        (row) => toItem(row, headers.get(row.BELNR), decimals),
      );
    },
  };
}

/** Gathers rows that come in the order of their documents. */
export async function* byDocument<SourceRow>(
  rows: AsyncIterable<SourceRow>,
  numberOf: (row: SourceRow) => string,
  toItemOf: (row: SourceRow) => SapDocumentItem,
): AsyncGenerator<DocumentItems, void, void> {
  let current: DocumentItems | undefined;
  for await (const row of rows) {
    const number = numberOf(row);
    if (current && current.number !== number) {
      yield current;
      current = undefined;
    }
    current ??= { number, items: [] };
    current.items.push(toItemOf(row));
  }
  if (current) yield current;
}

function toItem(row: ItemRow, header: HeaderRow | undefined, decimals: ReadonlyMap<string, number>): SapDocumentItem {
  return {
    number: row.BUZEI,
    accountType: row.KOART,
    side: row.SHKZG === 'H' ? 'credit' : 'debit',
    account: row.HKONT,
    amount: realAmount(row.WRBTR, header?.WAERS ?? '', decimals),
    localAmount: realAmount(row.DMBTR, header?.HWAER ?? '', decimals),
    isNegativePosting: row.XNEGP === 'X',
    taxCode: row.MWSKZ,
    customer: row.KUNNR,
    vendor: row.LIFNR,
    costCenter: row.KOSTL,
    profitCenter: row.PRCTR,
    order: row.AUFNR,
    assignment: row.ZUONR,
    text: row.SGTXT,
  };
}

/** A stored amount in the currency's own decimals. */
export function realAmount(stored: string, currency: string, decimals: ReadonlyMap<string, number>): string {
  return fromStoredAmount(stored, currencyDecimals(decimals, currency));
}
