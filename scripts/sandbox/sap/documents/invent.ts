/** Invented documents with everything that makes real ones awkward. The same numbers give the same documents. */
import type { LocalTime } from '../local-time.ts';
import type { Random } from '../seed/random.ts';
import { decimalsOf, rateOf, toLocal, toText } from './amounts.ts';
import type { NewDocument, NewItem } from './new-document.ts';

export interface InventedDocument extends NewDocument {
  /** It is reversed later, in this way. */
  reversal?: { isNegativePosting: boolean; postingDate: string; entered?: LocalTime };
}

export interface InventionContext {
  index: number;
  count: number;
  random: Random;
  /** YYYYMMDD. */
  until: string;
  /** Spread over the months before `until`; otherwise posted on that day and entered now. */
  isPast: boolean;
  vendors: readonly string[];
}

interface Draft {
  context: InventionContext;
  companyCode: string;
  localCurrency: string;
  currency: string;
}

/** Company codes by weight, with their own and foreign document currencies. */
const companies = [
  ['1000', 'EUR', ['USD', 'JPY', 'KWD', 'TND']],
  ['1000', 'EUR', ['USD', 'CHF']],
  ['2000', 'USD', ['EUR', 'KRW']],
  ['3000', 'CHF', ['EUR']],
  ['4000', 'JPY', ['USD', 'KWD']],
] as const;

const texts = [
  "Rechnung O'Brien & Söhne",
  'Büromaterial für Größe L',
  '深圳华为达电子有限公司 发票',
  'Übertrag Vormonat | Konto 4711',
  'Wartung "Anlage 7"; 2. Rate',
  'Παπαδόπουλος Μεταφορές',
  'Freight & handling 100%',
  '',
] as const;

const costCenters = ['0000004711', '0000004712', 'VERTRIEB', ''] as const;
const profitCenters = ['0000001000', '0000002000', ''] as const;

/** The nth of `count` documents. */
export function inventDocument(context: InventionContext): InventedDocument {
  const { index, count, random } = context;
  const [companyCode, localCurrency, foreign] = random.pick(companies);
  const currency = random.chance(0.3) ? random.pick(foreign) : localCurrency;
  const draft: Draft = { context, companyCode, localCurrency, currency };
  const isLong = count >= 100 && index === 70;
  const make = isLong
    ? longJournal
    : random.pick([invoice, invoice, creditMemo, receipt, sale, sale, payment, journal, journal, difference]);
  const { days, postingDate, entered } = datesOf(context);
  const document = { ...make(draft), postingDate, documentDate: postingDate, reference: `RE-${4711 + index}`, ...(entered && { entered }) };
  if (index % 37 === 36) return { ...document, status: 'V' };
  if (index % 53 === 52) return { ...document, status: 'S', items: document.items.slice(0, 1) };
  if (index % 71 === 50) return { ...document, status: 'D' };
  if (index % 61 === 60) return { ...document, status: 'L' };
  if (index % 17 !== 8 || isLong) return document;
  const later = entered && { date: dayBefore(context.until, Math.max(1, days - 3)), time: '235900' };
  const reversal = { isNegativePosting: random.chance(0.5), postingDate, ...(later && { entered: later }) };
  return { ...document, reversal };
}

/** One in ten belongs to a closed past; one in fifteen is back-dated: posted weeks before it is entered. */
function datesOf({ index, count, random, until, isPast }: InventionContext): { days: number; postingDate: string; entered?: LocalTime } {
  if (!isPast) return { days: 0, postingDate: until };
  const isOld = random.chance(0.1);
  const days = isOld ? random.between(200, 400) : Math.max(1, Math.round(70 * (1 - index / count)));
  const back = random.chance(1 / 15) ? random.between(20, 40) : random.between(0, 2);
  const time = [random.between(6, 19), random.between(0, 59), random.between(0, 59)].map((part) => String(part).padStart(2, '0')).join('');
  return { days, postingDate: dayBefore(until, days + back), entered: { date: dayBefore(until, days), time } };
}

type Made = Pick<NewDocument, 'companyCode' | 'documentType' | 'currency' | 'headerText' | 'user' | 'transaction' | 'items'>;

function made({ companyCode, currency }: Draft, documentType: string, transaction: string, items: NewItem[]): Made {
  return { companyCode, currency, documentType, transaction, headerText: `Beleg ${documentType}`, user: 'KSCHÄFER'.slice(0, 12), items };
}

function invoice(draft: Draft): Made {
  const { items, gross } = withTax(draft, {
    side: 'S',
    accounts: ['0000400000', '0000476000', '0000470000'],
    taxAccount: '0000154000',
    taxCode: 'V1',
  });
  return made(draft, 'KR', 'FB60', [vendorItem(draft, 'H', gross), ...items]);
}

function receipt(draft: Draft): Made {
  const { items, gross } = withTax(draft, { side: 'S', accounts: ['0000191100'], taxAccount: '0000154000', taxCode: 'V1' });
  return made(draft, 'RE', 'MIRO', [vendorItem(draft, 'H', gross), ...items]);
}

function creditMemo(draft: Draft): Made {
  const { items, gross } = withTax(draft, { side: 'H', accounts: ['0000400000', '0000476000'], taxAccount: '0000154000', taxCode: 'V1' });
  return made(draft, 'KG', 'FB65', [vendorItem(draft, 'S', gross), ...items]);
}

function sale(draft: Draft): Made {
  const { items, gross } = withTax(draft, { side: 'H', accounts: ['0000800000', '0000801000'], taxAccount: '0000175000', taxCode: 'A1' });
  return made(draft, 'DR', 'FB70', [customerItem(draft, 'S', gross), ...items]);
}

function payment(draft: Draft): Made {
  const gross = units(draft);
  const discount = Math.floor(gross * 0.02);
  return made(draft, 'DZ', 'F-28', [
    item(draft, 'S', '0000113100', gross - discount),
    ...(discount > 0 ? [item(draft, 'S', '0000880000', discount)] : []),
    customerItem(draft, 'H', gross),
  ]);
}

function journal(draft: Draft): Made {
  const parts = Array.from({ length: draft.context.random.between(1, 6) }, () => units(draft));
  const total = parts.reduce((sum, part) => sum + part, 0);
  const accounts = ['0000420000', '0000470000', '0000476000', '0000489000'];
  return made(draft, 'SA', 'FB50', [
    ...parts.map((part) => item(draft, 'S', draft.context.random.pick(accounts), part)),
    item(draft, 'H', '0000113100', total),
  ]);
}

/** As many items as a document can have: one of credit, the rest of debit. */
function longJournal(draft: Draft): Made {
  const items = Array.from({ length: 998 }, (_, index) => item(draft, 'S', index % 2 ? '0000420000' : '0000470000', 100 + index));
  const total = Array.from({ length: 998 }, (_, index) => 100 + index).reduce((sum, part) => sum + part, 0);
  return made(draft, 'SA', 'FB50', [item(draft, 'H', '0000113100', total), ...items]);
}

/** Clearing with an exchange rate difference: items in local currency alone (WRBTR 0). */
function difference(given: Draft): Made {
  const draft = {
    ...given,
    currency: given.currency === given.localCurrency ? (given.localCurrency === 'USD' ? 'EUR' : 'USD') : given.currency,
  };
  // An amount that stands in the local currency too, with something left to differ by.
  const gross = Math.max(units(draft), Math.ceil((10 ** decimalsOf(draft.currency) * 20) / rateOf(draft.currency, draft.localCurrency)));
  const local = toLocal(gross, draft.currency, draft.localCurrency);
  const gap = Math.max(1, Math.floor(local / 1000));
  const inLocal = (amount: number): string => toText(amount, draft.localCurrency);
  return made(draft, 'AB', 'F-51', [
    { ...vendorItem(draft, 'S', gross), localAmount: inLocal(local) },
    { ...item(draft, 'H', '0000113100', gross), localAmount: inLocal(local + gap) },
    { ...item(draft, 'S', '0000230000', 0), localAmount: inLocal(gap), text: 'Kursdifferenz' },
  ]);
}

interface TaxedPart {
  side: 'S' | 'H';
  accounts: readonly string[];
  taxAccount: string;
  taxCode: string;
}

function withTax(draft: Draft, { side, accounts, taxAccount, taxCode }: TaxedPart): { items: NewItem[]; gross: number } {
  const { random } = draft.context;
  const nets = accounts.slice(0, random.between(1, accounts.length)).map((account) => ({ account, net: units(draft) }));
  const net = nets.reduce((sum, part) => sum + part.net, 0);
  const tax = draft.companyCode === '2000' ? 0 : Math.round(net * 0.19);
  const taxed = tax > 0 ? { taxCode } : {};
  return {
    gross: net + tax,
    items: [
      ...nets.map((part) => ({ ...item(draft, side, part.account, part.net), ...taxed })),
      ...(tax > 0 ? [{ ...item(draft, side, taxAccount, tax), ...taxed, costCenter: '', text: '' }] : []),
    ],
  };
}

function vendorItem(draft: Draft, side: 'S' | 'H', gross: number): NewItem {
  const { random, vendors } = draft.context;
  const vendor = vendors.length > 0 ? random.pick(vendors) : '0000100001';
  return { ...item(draft, side, random.pick(['0000160000', '0000161000']), gross), accountType: 'K', vendor, costCenter: '' };
}

function customerItem(draft: Draft, side: 'S' | 'H', gross: number): NewItem {
  const customer = String(draft.context.random.between(200_001, 200_050)).padStart(10, '0');
  return { ...item(draft, side, '0000140000', gross), accountType: 'D', customer, costCenter: '' };
}

function item({ currency, context: { random, index } }: Draft, side: 'S' | 'H', account: string, amount: number): NewItem {
  return {
    side,
    account,
    amount: toText(amount, currency),
    costCenter: account < '0000400000' ? '' : random.pick(costCenters),
    profitCenter: random.pick(profitCenters),
    assignment: String(20_240_000 + index),
    text: random.pick(texts),
  };
}

/** Worth about 5 to 5,000 in EUR. */
function units({ currency, context: { random } }: Draft): number {
  const worth = random.between(500, 500_000) / 100;
  return Math.max(1, Math.round((worth / rateOf(currency, 'EUR')) * 10 ** decimalsOf(currency)));
}

export function dayBefore(date: string, days: number): string {
  const moment = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)) - days);
  return new Date(moment).toISOString().slice(0, 10).replaceAll('-', '');
}
