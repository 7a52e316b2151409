import type { Row } from '../dictionary/index.ts';
import { companyCodes } from '../seed/reference.ts';
import type { LocalTime } from '../local-time.ts';
import { toLocal, toText, toUnits } from './amounts.ts';

/** A document as somebody keys it in. Dates are `YYYYMMDD`, amounts decimal text in the currency's own decimals, never negative. */
export interface NewDocument {
  companyCode: string;
  documentType: string;
  /** Default: the server's today. */
  postingDate?: string;
  /** Default: the posting date. */
  documentDate?: string;
  /** When it says it was entered; default now. Earlier than now: a document whose update came late. */
  entered?: LocalTime;
  /** Default: the currency of the company code. */
  currency?: string;
  reference?: string;
  headerText?: string;
  user?: string;
  transaction?: string;
  items: NewItem[];
  /** BSTAT of what is no posting: V parked, S noted items, D recurring, L other ledgers only. */
  status?: 'V' | 'S' | 'D' | 'L';
}

export interface NewItem {
  /** S debit, H credit. */
  side: 'S' | 'H';
  account: string;
  amount: string;
  /** Default: at the rate of the day; what rounding leaves over goes to the last item. */
  localAmount?: string;
  accountType?: 'S' | 'D' | 'K' | 'A' | 'M';
  customer?: string;
  vendor?: string;
  taxCode?: string;
  costCenter?: string;
  profitCenter?: string;
  order?: string;
  assignment?: string;
  text?: string;
  isNegativePosting?: boolean;
  /** Further fields of BSEG. */
  more?: Row;
}

/** The document with nothing left open: currencies, and amounts in smallest units. */
export interface CheckedDocument extends NewDocument {
  currency: string;
  localCurrency: string;
  items: CheckedItem[];
}

export interface CheckedItem extends NewItem {
  units: number;
  localUnits: number;
}

/** Throws on an unknown company code, on more than 999 items, and on a document that does not balance in both currencies. */
export function checkDocument(document: NewDocument): CheckedDocument {
  const company = companyCodes.find(({ BUKRS }) => BUKRS === document.companyCode);
  if (!company) throw new Error(`there is no company code ${document.companyCode}`);
  const localCurrency = company.WAERS;
  const currency = document.currency ?? localCurrency;
  if (document.items.length === 0 || document.items.length > 999) throw new Error(`a document has 1 to 999 items (F5 727)`);
  const items = document.items.map((item): CheckedItem => {
    const units = toUnits(item.amount, currency);
    const localUnits = item.localAmount === undefined ? toLocal(units, currency, localCurrency) : toUnits(item.localAmount, localCurrency);
    return { ...item, units, localUnits };
  });
  const checked: CheckedDocument = { ...document, currency, localCurrency, items };
  if (document.status === 'S') return checked;
  const balance = sum(items, 'units');
  if (balance !== 0) throw new Error(`Balance in transaction currency: ${toText(balance, currency)} ${currency} (RW 022)`);
  giveRoundingToLast(checked);
  return checked;
}

function giveRoundingToLast({ items, localCurrency }: CheckedDocument): void {
  const difference = sum(items, 'localUnits');
  if (difference === 0) return;
  const last = items.findLast(({ localAmount }) => localAmount === undefined);
  if (!last) throw new Error(`Balance in local currency: ${toText(difference, localCurrency)} ${localCurrency} (RW 022)`);
  last.localUnits += last.side === 'H' ? difference : -difference;
  if (last.localUnits < 0) throw new Error('the last item cannot take what rounding leaves over');
}

function sum(items: readonly CheckedItem[], field: 'units' | 'localUnits'): number {
  return items.reduce((total, item) => total + (item.side === 'S' ? item[field] : -item[field]), 0);
}
