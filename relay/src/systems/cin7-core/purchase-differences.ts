import { compareAmounts, isAmount, roundAmount } from '@ml-connector/shared';
import { fold, text, type Row } from './rows.ts';
import type { Cin7Purchase, Cin7PurchaseCharge, Cin7PurchaseHeader, Cin7PurchaseLine, Cin7PurchaseOrder } from './types.ts';

/** What Cin7 Core holds otherwise than was wanted, a sentence each. `serious`: whose purchase it is or its money; `minor`: what a story tells. */
export interface Differences {
  serious: string[];
  minor: string[];
}

type Entry = Cin7PurchaseLine | Cin7PurchaseCharge;

/** Fields that the wanted header leaves out are Cin7 Core's to fill. */
export function headerDifferences(stored: Cin7Purchase, wanted: Cin7PurchaseHeader): Differences {
  const words = (names: (keyof Cin7PurchaseHeader)[]): string[] =>
    names.flatMap((name) => {
      const value = wanted[name];
      return value === undefined || sameLines(stored[name] ?? '', value)
        ? []
        : [`${name} is '${stored[name] ?? ''}' in place of '${value}'`];
    });
  const { CurrencyRate } = wanted;
  const rates = CurrencyRate !== undefined && !sameAmount(stored.CurrencyRate ?? '', CurrencyRate, 4);
  return {
    serious: [
      ...words(['SupplierID', 'Note', 'TaxCalculation']),
      ...(rates ? [`CurrencyRate is ${stored.CurrencyRate ?? 'missing'} in place of ${CurrencyRate}`] : []),
    ],
    minor: words(['Approach', 'Location', 'TaxRule', 'Terms', 'RequiredBy']),
  };
}

/** Lines are compared as a whole, in any sequence. Tax and total to two decimals, as Cin7 Core itself compares them. */
export function orderDifferences(stored: Cin7Purchase['Order'], wanted: Omit<Cin7PurchaseOrder, 'Status'>): Differences {
  const lines = compareEntries(stored.Lines, wanted.Lines, ({ SKU }) => SKU);
  const charges = compareEntries(stored.AdditionalCharges, wanted.AdditionalCharges, ({ Description }) => Description);
  return {
    serious: [...lines.serious, ...charges.serious],
    minor: [...(sameLines(stored.Memo, wanted.Memo) ? [] : ['Memo']), ...lines.minor, ...charges.minor],
  };
}

/** Each wanted entry is paired with a stored one that is the same in all, else with one that is the same in money; by keys, for lines are many. */
function compareEntries<Kind extends Entry>(stored: readonly Kind[], wanted: readonly Kind[], name: (entry: Kind) => string): Differences {
  const moneyKey = (entry: Kind): string => JSON.stringify([fold(name(entry)), ...moneyOf(entry)]);
  const wholeKey = (entry: Kind): string => JSON.stringify([moneyKey(entry), ...textFields.map((field) => plain(textIn(entry, field)))]);
  const same = pair(stored, wanted, wholeKey);
  const alike = pair(same.leftStored, same.leftWanted, moneyKey);
  return {
    serious: [
      ...alike.leftWanted.map((entry) => `${described(entry, name)} is missing`),
      ...alike.leftStored.map((entry) => `${described(entry, name)} was not sent`),
    ],
    minor: alike.pairs.flatMap(([held, sent]) => textsThatDiffer(held, sent).map((field) => `${field} of ${name(sent)}`)),
  };
}

interface Paired<Kind> {
  pairs: [stored: Kind, wanted: Kind][];
  leftStored: Kind[];
  leftWanted: Kind[];
}

/** In the sequence of both lists. */
function pair<Kind>(stored: readonly Kind[], wanted: readonly Kind[], key: (entry: Kind) => string): Paired<Kind> {
  const byKey = Map.groupBy(stored, key);
  const pairs: [Kind, Kind][] = [];
  const leftWanted: Kind[] = [];
  for (const entry of wanted) {
    const found = byKey.get(key(entry))?.shift();
    if (found === undefined) leftWanted.push(entry);
    else pairs.push([found, entry]);
  }
  const left = new Set([...byKey.values()].flat());
  return { pairs, leftStored: stored.filter((entry) => left.has(entry)), leftWanted };
}

function moneyOf({ TaxRule, Quantity, Price, Discount, Tax, Total }: Entry): string[] {
  const [quantity, price] = [roundAmount(Quantity, 4), roundAmount(Price, 4)];
  return [fold(TaxRule), quantity, price, ...[Discount, Tax, Total].map((amount) => roundAmount(amount, 2))];
}

const textFields = ['Name', 'Comment', 'SupplierSKU', 'Reference'];

function textIn(entry: Entry, field: string): string {
  return text((entry as object as Row)[field]);
}

function textsThatDiffer(stored: Entry, wanted: Entry): string[] {
  return textFields.filter((field) => field in wanted && !sameLines(textIn(stored, field), textIn(wanted, field)));
}

function described<Kind extends Entry>(entry: Kind, name: (entry: Kind) => string): string {
  const { Quantity, Price, Discount, Tax, Total, TaxRule } = entry;
  const discount = sameAmount(Discount, '0', 2) ? '' : ` less ${Discount} %`;
  return `${name(entry)} ${Quantity} x ${Price}${discount} = ${Total}, tax ${Tax} (${TaxRule})`;
}

function sameAmount(one: string, other: string, decimals: number): boolean {
  if (!isAmount(one) || !isAmount(other)) return false;
  return compareAmounts(roundAmount(one, decimals), roundAmount(other, decimals)) === 0;
}

function sameLines(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

/** Line ends, case and blanks at both ends do not count. */
function plain(value: string): string {
  return fold(value.replaceAll('\r\n', '\n'));
}
