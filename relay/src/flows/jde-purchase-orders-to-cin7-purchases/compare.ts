import { addAmounts, compareAmounts, isAmount, roundAmount } from '@ml-connector/shared';
import type { Cin7Purchase, Cin7PurchaseCharge, Cin7PurchaseLine } from '../../systems/cin7-core/index.ts';
import { oneLine } from '../texts/index.ts';
import type { WantedPurchase } from './wanted.ts';

/** What Cin7 Core holds otherwise than is wanted, a sentence each. */
export interface Differences {
  /** What no change can mend: whose supplier, which currency. */
  fixed: string[];
  /** Lines, charges, location, terms. */
  amounts: string[];
  /** Of the lines, where all else is the same: the percentage of a rule changed. */
  taxes: string[];
  /** Note, memo, comments, dates: they do not matter any more once goods were received. */
  texts: string[];
}

const mostTold = 10;

export function differencesFrom({ header, order }: WantedPurchase, currency: string, stored: Cin7Purchase): Differences {
  const wantedEntries = entriesOf(order);
  const storedEntries = entriesOf(stored.Order);
  const amounts = [
    ...differs('location', stored.Location, header.Location),
    ...(header.Terms === undefined ? [] : differs('terms', stored.Terms ?? '', header.Terms)),
    ...differs('tax calculation', stored.TaxCalculation, header.TaxCalculation),
    ...listed(wantedEntries.map(written), storedEntries.map(written)),
  ];
  const comments = (entries: readonly Entry[]): string[] => entries.map((entry) => `${nameOf(entry)}: ${oneLine(textOf(entry))}`);
  return {
    fixed: [...differs('supplier', stored.SupplierID, header.SupplierID), ...differs('currency', stored.SupplierCurrency, currency)],
    amounts,
    taxes: amounts.length > 0 ? [] : listed(wantedEntries.map(taxed), storedEntries.map(taxed)),
    texts: [
      ...differs('note', stored.Note, header.Note),
      ...differs('memo', stored.Order.Memo, order.Memo),
      ...differs('tax rule', stored.TaxRule, header.TaxRule),
      ...(header.RequiredBy === undefined ? [] : differs('required by', stored.RequiredBy ?? '', header.RequiredBy)),
      ...listed(comments(wantedEntries), comments(storedEntries)),
    ],
  };
}

export function isVoided({ Status, Order }: Cin7Purchase): boolean {
  return /VOIDED/i.test(Status) || Order.Status === 'VOIDED';
}

/** All its lines and charges without tax, as Cin7 Core holds them. */
export function netOf({ Order }: Cin7Purchase): string {
  return addAmounts('0', ...entriesOf(Order).map(({ Total }) => Total));
}

type Entry = Cin7PurchaseLine | Cin7PurchaseCharge;

function entriesOf({ Lines, AdditionalCharges }: { Lines: Cin7PurchaseLine[]; AdditionalCharges: Cin7PurchaseCharge[] }): Entry[] {
  return [...Lines, ...AdditionalCharges];
}

function nameOf(entry: Entry): string {
  return oneLine('SKU' in entry ? entry.SKU : entry.Description).toUpperCase();
}

function textOf(entry: Entry): string {
  return ('SKU' in entry ? entry.Comment : entry.Reference) ?? '';
}

/** `4711 10 x 12.5 = 125.00 (Tax on Purchases)`. */
function written(entry: Entry): string {
  const { Quantity, Price, Discount, Total, TaxRule } = entry;
  const discount = isAmount(Discount) && compareAmounts(Discount, '0') === 0 ? '' : ` less ${Discount} %`;
  return `${nameOf(entry)} ${plain(Quantity)} x ${plain(Price)}${discount} = ${cents(Total)} (${oneLine(TaxRule).toLowerCase()})`;
}

function taxed(entry: Entry): string {
  return `${nameOf(entry)} ${plain(entry.Quantity)} x ${plain(entry.Price)} with tax ${cents(entry.Tax)}`;
}

function plain(amount: string): string {
  return isAmount(amount) ? addAmounts(amount) : amount;
}

/** What is not zero beyond the second decimal is left to be seen. */
function cents(amount: string): string {
  if (!isAmount(amount)) return amount;
  const rounded = roundAmount(amount, 2);
  return compareAmounts(rounded, amount) === 0 ? rounded : amount;
}

function differs(what: string, stored: string, wanted: string): string[] {
  const [one, other] = [oneLine(stored), oneLine(wanted)];
  return one.toLowerCase() === other.toLowerCase() ? [] : [`${what} is "${one}" and should be "${other}"`];
}

function listed(wanted: readonly string[], stored: readonly string[]): string[] {
  const all = [
    ...without(wanted, stored).map((entry) => `${entry} is missing`),
    ...without(stored, wanted).map((entry) => `${entry} is there and should not`),
  ];
  return all.length <= mostTold ? all : [...all.slice(0, mostTold), `and ${all.length - mostTold} more differences`];
}

/** Those of `some` that `others` do not have; equal ones count as often as they are there. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const one of others) counts.set(one, (counts.get(one) ?? 0) + 1);
  return some.filter((one) => {
    const count = counts.get(one) ?? 0;
    counts.set(one, count - 1);
    return count <= 0;
  });
}
