/** Customers and vendors: master data, blocks, one-time accounts, terms of payment, duplicate vendor invoices. */
import type { Row } from '../dictionary/index.ts';
import { fromStored } from '../documents/amounts.ts';
import { checkProfitCenter } from './check-accounts.ts';
import type { DraftItem } from './draft.ts';
import type { Frame, Judge } from './judge.ts';

const tablesOf = {
  customer: { general: 'KNA1', company: 'KNB1', field: 'CUSTOMER', unknown: 'customerUnknown', accountType: 'D' },
  vendor: { general: 'LFA1', company: 'LFB1', field: 'VENDOR_NO', unknown: 'vendorUnknown', accountType: 'K' },
} as const;

export function partnerOf({ kind, fields }: DraftItem): string {
  return kind === 'customer' || kind === 'vendor' ? (fields[tablesOf[kind].field] ?? '') : '';
}

/** The reconciliation account, and further fields of the item. */
export function checkPartnerItem(
  judge: Judge,
  frame: Frame,
  item: DraftItem & { kind: 'customer' | 'vendor' },
): { account: string; more: Row } {
  const { fields, place } = item;
  const { general, company, field, unknown, accountType } = tablesOf[item.kind];
  const at = { ...place, field };
  const number = fields[field] ?? '';
  const { companyCode } = frame;
  const master = judge.row(general, number);
  const inCompany = judge.row(company, number, companyCode);
  if (!master || !inCompany) {
    judge.say(unknown, [number, companyCode], at);
    return { account: '', more: {} };
  }
  if (master['SPERR'] || inCompany['SPERR']) judge.say('partnerBlocked', [number, companyCode], at);
  if (master['LOEVM'] || inCompany['LOEVM']) judge.warn('deletionFlag', [number], at);
  checkOneTime(judge, master, item, number);
  if (fields['PROFIT_CTR']) checkProfitCenter(judge, frame, fields['PROFIT_CTR'], { ...place, field: 'PROFIT_CTR' });
  const other = fields['GL_ACCOUNT'] ?? '';
  if (other !== '' && judge.row('SKB1', companyCode, other)?.['MITKZ'] !== accountType) {
    judge.say('accountNoReconciliation', [other, accountType], { ...place, field: 'GL_ACCOUNT' });
  }
  const more = {
    ZTERM: termsOf(judge, item, inCompany, number),
    ZFBDT: fields['BLINE_DATE'] || frame.documentDate,
    UMSKZ: fields['SP_GL_IND'] ?? '',
    PRCTR: fields['PROFIT_CTR'] ?? '',
  };
  return { account: other || (inCompany['AKONT'] ?? ''), more };
}

/** One set of one-time data per document; it goes with one-time accounts, and only with them. */
function checkOneTime(judge: Judge, master: Row, { place }: DraftItem, number: string): void {
  const { oneTime, items } = judge.draft;
  const at = { ...place, parameter: 'CUSTOMERCPD', row: 0 };
  if (!master['XCPDK']) {
    const others = items.some((item) => isOneTime(judge, item));
    if (oneTime && !others) judge.say('oneTimeNot', [number], at);
    return;
  }
  if (!oneTime?.['NAME'] || !oneTime['CITY']) judge.say('oneTimeAddress', [number], at);
  const partners = new Set(items.filter((item) => isOneTime(judge, item)).map(partnerOf));
  if (partners.size > 1) judge.say('oneTimeSeveral', [], at);
}

export function isOneTime(judge: Judge, item: DraftItem): boolean {
  const number = partnerOf(item);
  return number !== '' && judge.row(item.kind === 'customer' ? 'KNA1' : 'LFA1', number)?.['XCPDK'] === 'X';
}

function termsOf(judge: Judge, { fields, place }: DraftItem, inCompany: Row, number: string): string {
  const given = fields['PMNTTRMS'] ?? '';
  const own = inCompany['ZTERM'] ?? '';
  if (given === '') return own;
  const at = { ...place, field: 'PMNTTRMS' };
  if (judge.system.stored('T052').withPrefix([given]).length === 0) judge.say('termsUnknown', [given], at);
  else if (own !== '' && given !== own) judge.warn('termsDiffer', [given, number], at, 'I');
  return given;
}

/** F5 117, a warning that does not stop a BAPI: same vendor, currency, amount, reference and document date, where LFB1-REPRF asks for it. */
export function warnOfDuplicates(
  judge: Judge,
  frame: Frame,
  item: DraftItem,
  { units, currency }: { units: number; currency: string },
): void {
  const { companyCode, documentDate } = frame;
  const reference = judge.draft.header['REF_DOC_NO'] ?? '';
  const vendor = partnerOf(item);
  if (item.kind !== 'vendor' || units >= 0 || reference === '' || !judge.row('LFB1', vendor, companyCode)?.['REPRF']) return;
  const twin = judge.system
    .stored('BSIK')
    .withPrefix([companyCode, vendor])
    .find(
      (row) =>
        row['XBLNR'] === reference &&
        row['BLDAT'] === documentDate &&
        row['WAERS'] === currency &&
        Math.abs(fromStored(row['WRBTR'] ?? '0')) === -units,
    );
  if (twin) judge.warn('duplicateInvoice', [companyCode, twin['BELNR'] ?? '', twin['GJAHR'] ?? ''], item.place);
}
