import { addAmounts, compareAmounts, fromSapDate, isAmount, SystemError } from '@ml-connector/shared';
import type { FiItem, FiPosting, OneTimeCustomer } from './types.ts';

/** BSEG-BUZEI has three digits (facts/sap-ecc.md 2.5, F5 727). */
export const mostFiItems = 999;

/** Throws `refused`, saying what is wrong, before anything is sent that SAP would cut, round or refuse. `decimals` are those of the currency. */
export function assertPostable(posting: FiPosting, decimals: number): void {
  const { items, currency } = posting;
  if (items.length > mostFiItems)
    throw refusal('FI_TOO_MANY_ITEMS', posting, `has ${items.length} items, an FI document holds ${mostFiItems}`, {
      fix: 'Split it into several documents that balance by themselves, or post sums.',
    });
  if (items.length < 2) throw refusal('FI_POSTING_INVALID', posting, `has ${items.length} items, where a document has two at least`);
  assertHeader(posting);
  for (const [index, item] of items.entries()) assertItem(posting, item, { number: index + 1, decimals });
  if (posting.oneTimeCustomer) assertOneTimeCustomer(posting, posting.oneTimeCustomer);
  const sum = addAmounts(...items.map(({ amount }) => amount));
  if (compareAmounts(sum, '0') !== 0)
    throw refusal('FI_NOT_BALANCED', posting, `does not balance: its ${items.length} items sum to ${sum} ${currency}`);
}

function assertHeader(posting: FiPosting): void {
  const { companyCode, documentType, reference, headerText, exchangeRate } = posting;
  assertTexts(posting, 'header', [
    ['company code', companyCode, 4, 'needed'],
    ['document type', documentType, 2, 'needed'],
    ['reference', reference, 16, 'needed'],
    ['header text', headerText, 25],
  ]);
  if (reference !== reference.toUpperCase() || reference !== reference.trim())
    throw invalid(
      posting,
      `the reference "${reference}" must be upper case without blanks around it: SAP stores it so, and it is looked up by it`,
    );
  for (const [name, date] of [
    ['document date', posting.documentDate],
    ['posting date', posting.postingDate],
  ] as const)
    if (!fromSapDate(date)) throw invalid(posting, `the ${name} "${date}" is no date of the form YYYYMMDD`);
  if (exchangeRate !== undefined && !/^\d{1,4}(\.\d{1,5})?$/.test(exchangeRate))
    throw invalid(posting, `the exchange rate "${exchangeRate}" needs up to four digits and five decimals`);
}

function assertItem(posting: FiPosting, item: FiItem, { number, decimals }: { number: number; decimals: number }): void {
  const where = `item ${number}`;
  assertAmount(posting, `${where}: the amount`, item.amount, decimals);
  assertTexts(posting, where, [
    ['text', item.text, 50],
    ['assignment', item.assignment, 18],
  ]);
  switch (item.kind) {
    case 'gl':
      return assertTexts(posting, where, [
        ['G/L account', item.glAccount, 10, 'needed'],
        ['tax code', item.taxCode, 2],
        ['cost center', item.costCenter, 10],
        ['profit center', item.profitCenter, 10],
        ['internal order', item.internalOrder, 12],
        ['reference key 3', item.referenceKey3, 20],
      ]);
    case 'customer':
      assertTexts(posting, where, [
        ['customer', item.customer, 10, 'needed'],
        ['payment terms', item.paymentTerms, 4],
        ['payment method', item.paymentMethod, 1],
        ['special G/L indicator', item.specialGl, 1],
      ]);
      if (item.baselineDate !== undefined && !fromSapDate(item.baselineDate))
        throw invalid(posting, `${where}: the baseline date "${item.baselineDate}" is no date of the form YYYYMMDD`);
      return;
    case 'tax':
      assertAmount(posting, `${where}: the tax base`, item.base, decimals);
      return assertTexts(posting, where, [
        ['tax code', item.taxCode, 2, 'needed'],
        ['G/L account', item.glAccount, 10],
        ['account key', item.accountKey, 3],
        ['condition key', item.conditionKey, 4],
        ['tax jurisdiction', item.taxJurisdiction, 15],
      ]);
  }
}

function assertOneTimeCustomer(posting: FiPosting, customer: OneTimeCustomer): void {
  assertTexts(posting, 'one-time customer', [
    ['name', customer.name, 35, 'needed'],
    ['second name', customer.name2, 35],
    ['street', customer.street, 35],
    ['city', customer.city, 35, 'needed'],
    ['postal code', customer.postalCode, 10],
    ['region', customer.region, 3],
    ['language', customer.language, 2],
  ]);
  if (!/^[A-Z]{2}$/.test(customer.country))
    throw invalid(posting, `one-time customer: the country "${customer.country}" is no ISO code of two letters`);
  const customers = new Set(posting.items.flatMap((item) => (item.kind === 'customer' ? [item.customer] : [])));
  if (customers.size === 1) return;
  throw invalid(
    posting,
    `has an address of a one-time customer and items of ${customers.size} customers: SAP takes one address per document`,
  );
}

function assertAmount(posting: FiPosting, what: string, amount: string, decimals: number): void {
  if (!isAmount(amount)) throw invalid(posting, `${what} "${amount}" is no plain decimal number`);
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  if (fraction.replace(/0+$/, '').length > decimals)
    throw invalid(posting, `${what} ${amount} has more than the ${decimals} decimals of ${posting.currency}`);
  // DMBTR and WRBTR hold 13 digits.
  if (whole.replace(/^0+/, '').length > 13 - decimals) throw invalid(posting, `${what} ${amount} is too large for SAP`);
}

type TextRule = [name: string, value: string | undefined, longest: number, isNeeded?: 'needed'];

function assertTexts(posting: FiPosting, where: string, rules: TextRule[]): void {
  for (const [name, value = '', longest, isNeeded] of rules) {
    if (isNeeded && value.trim() === '') throw invalid(posting, `${where}: the ${name} is missing`);
    if (value.length > longest) throw invalid(posting, `${where}: the ${name} "${value}" is longer than ${longest} characters`);
    if (/\p{Cc}/u.test(value)) throw invalid(posting, `${where}: the ${name} contains a control character`);
  }
}

function invalid(posting: FiPosting, problem: string): SystemError {
  return refusal('FI_POSTING_INVALID', posting, problem);
}

function refusal(code: string, { reference, companyCode }: FiPosting, problem: string, { fix }: { fix?: string } = {}): SystemError {
  return new SystemError(code, 'refused', `posting ${reference} to company code ${companyCode}: ${problem}`, { fix });
}
