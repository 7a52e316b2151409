import { compareAmounts, divideAmounts, isAmount, multiplyAmounts, roundAmount, subtractAmounts } from '@ml-connector/shared';
import { text, type ApiError } from './answers.ts';
import type { ProductRow } from './product-rows.ts';
import { isPurchaseTax, tooLong } from './purchase-header-rules.ts';
import type { PurchaseRow } from './purchase-rows.ts';
import { sameText } from './reference.ts';
import type { Cin7State } from './state.ts';

type Body = Record<string, unknown>;

const lineLengths = { SKU: 50, Name: 1024, SupplierSKU: 50, Comment: 256, TaxRule: 50 };
const chargeLengths = { Description: 256, Reference: 256, TaxRule: 50 };
const lineNumbers = ['Quantity', 'Price', 'Tax', 'Total'];

/** Everything wrong with the order of a purchase, in stages: required, its state, form, references, totals. */
export function orderProblems(state: Cin7State, purchase: PurchaseRow, body: Body): (string | ApiError)[] {
  const status = text(body['Status']).toUpperCase();
  if (!['DRAFT', 'AUTHORISED'].includes(status)) return ['Status is invalid'];
  const now = purchase.isVoided ? 'VOIDED' : purchase.Order.Status;
  if (now === 'AUTHORISED' || now === 'VOIDED') return [`Purchase order in status ${now} can not be changed`];
  const [lines, charges] = [listOf(body, 'Lines'), listOf(body, 'AdditionalCharges')];
  if (!lines || (lines.length > 0 && purchase.Type === 'Service Purchase')) return ['Lines is invalid'];
  if (!charges) return ['AdditionalCharges is invalid'];
  if (status === 'AUTHORISED' && lines.length + charges.length === 0) return ['Lines is invalid'];
  const stages: (() => (string | ApiError)[])[] = [
    () => [...tooLong(body, { Memo: 1024 }), ...lines.flatMap(lineForm), ...charges.flatMap(chargeForm)],
    () => [...lines, ...charges].flatMap(numberProblems),
    () => [...lines.flatMap((line) => lineReferences(state, line)), ...charges.flatMap((charge) => chargeReferences(state, charge))],
    () => [...lines, ...charges].flatMap(totalProblems),
  ];
  for (const stage of stages) {
    const problems = stage();
    if (problems.length > 0) return problems;
  }
  return [];
}

/** By its ID, or by its SKU. */
export function productOf({ products }: Cin7State, line: Body): ProductRow | undefined {
  const id = text(line['ProductID']).toLowerCase();
  return id === '' ? [...products.values()].find(({ SKU }) => sameText(SKU, text(line['SKU']))) : products.get(id);
}

/** A list that is left out is empty; undefined for what is no list of objects. */
export function listOf(body: Body, name: string): Body[] | undefined {
  const list = body[name] ?? [];
  return Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null) ? (list as Body[]) : undefined;
}

function lineForm(line: Body): string[] {
  const hasProduct = text(line['ProductID']) !== '' || text(line['SKU']) !== '';
  return [
    ...(hasProduct ? [] : ['Required attribute ProductID is not provided.']),
    ...missing(line, lineNumbers),
    ...tooLong(line, lineLengths),
  ];
}

function chargeForm(charge: Body): string[] {
  return [...missing(charge, ['Description', ...lineNumbers, 'TaxRule']), ...tooLong(charge, chargeLengths)];
}

function missing(entry: Body, names: string[]): string[] {
  // Without a price it is zero, not that of the price list.
  return names
    .filter((name) => name !== 'Price' && text(entry[name]).trim() === '')
    .map((name) => `Required attribute ${name} is not provided.`);
}

function numberProblems(entry: Body): string[] {
  const wrong = [...lineNumbers, 'Discount'].filter((name) => text(entry[name]) !== '' && !isAmount(text(entry[name])));
  if (wrong.length > 0) return wrong.map((name) => `${name} is invalid`);
  if (compareAmounts(text(entry['Quantity']), '0') <= 0) return ['Quantity must be greater than 0'];
  const discount = text(entry['Discount']) || '0';
  return compareAmounts(discount, '0') < 0 || compareAmounts(discount, '100') > 0 ? ['Discount must be between 0 and 100'] : [];
}

function lineReferences(state: Cin7State, line: Body): (string | ApiError)[] {
  const product = productOf(state, line);
  const taxRule = text(line['TaxRule']);
  return [
    ...(product && product.Status === 'Active'
      ? []
      : [{ ErrorCode: 404, Exception: `Product '${text(line['SKU']) || text(line['ProductID'])}' was not found` }]),
    ...(taxRule === '' || isPurchaseTax(state, taxRule) ? [] : [`Tax rule '${taxRule}' was not found in Tax Rules reference book`]),
  ];
}

function chargeReferences(state: Cin7State, charge: Body): (string | ApiError)[] {
  const [name, taxRule] = [text(charge['Description']), text(charge['TaxRule'])];
  const isService = [...state.products.values()].some(
    ({ Name, Type, Status }) => Type === 'Service' && Status === 'Active' && sameText(Name, name),
  );
  return [
    ...(isService ? [] : [{ ErrorCode: 404, Exception: `Service product '${name}' was not found` }]),
    ...(isPurchaseTax(state, taxRule) ? [] : [`Tax rule '${taxRule}' was not found in Tax Rules reference book`]),
  ];
}

/** Quantity x Price less Discount, compared at two decimals. */
function totalProblems(entry: Body): string[] {
  const [quantity, price, total] = ['Quantity', 'Price', 'Total'].map((name) => text(entry[name]) || '0') as [string, string, string];
  const share = divideAmounts(subtractAmounts('100', text(entry['Discount']) || '0'), '100', 6);
  const expected = roundAmount(multiplyAmounts(multiplyAmounts(quantity, price), share), 2);
  if (compareAmounts(roundAmount(total, 2), expected) === 0) return [];
  const what = text(entry['SKU']) || text(entry['Description']);
  return [`Value of attribute 'Total' doesn't match Quantity, Price and Discount of '${what}'. Expected value is: ${expected}`];
}
