import { compareAmounts, isAmount, roundAmount } from '@ml-connector/shared';
import { sameWord, text, type Row } from './rows.ts';
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
  const lines = compareEntries(stored.Lines, wanted.Lines, lineName);
  const charges = compareEntries(stored.AdditionalCharges, wanted.AdditionalCharges, chargeName);
  return {
    serious: [...lines.serious, ...charges.serious],
    minor: [...(sameLines(stored.Memo, wanted.Memo) ? [] : ['Memo']), ...lines.minor, ...charges.minor],
  };
}

function compareEntries<Kind extends Entry>(stored: readonly Kind[], wanted: readonly Kind[], name: (entry: Kind) => string): Differences {
  const left = [...stored];
  const serious: string[] = [];
  const minor: string[] = [];
  for (const entry of wanted) {
    const alike = left.filter((one) => sameMoney(one, entry, name));
    const found = alike.find((one) => textsThatDiffer(one, entry).length === 0) ?? alike[0];
    if (!found) {
      serious.push(`${described(entry, name)} is missing`);
      continue;
    }
    left.splice(left.indexOf(found), 1);
    minor.push(...textsThatDiffer(found, entry).map((field) => `${field} of ${name(entry)}`));
  }
  return { serious: [...serious, ...left.map((entry) => `${described(entry, name)} was not sent`)], minor };
}

function sameMoney<Kind extends Entry>(stored: Kind, wanted: Kind, name: (entry: Kind) => string): boolean {
  return (
    sameWord(name(stored), name(wanted)) &&
    sameWord(stored.TaxRule, wanted.TaxRule) &&
    sameAmount(stored.Quantity, wanted.Quantity, 4) &&
    sameAmount(stored.Price, wanted.Price, 4) &&
    sameAmount(stored.Discount, wanted.Discount, 2) &&
    sameAmount(stored.Tax, wanted.Tax, 2) &&
    sameAmount(stored.Total, wanted.Total, 2)
  );
}

function textsThatDiffer(stored: Entry, wanted: Entry): string[] {
  const [held, sent] = [stored as object as Row, wanted as object as Row];
  return ['Name', 'Comment', 'SupplierSKU', 'Reference'].filter(
    (field) => sent[field] !== undefined && !sameLines(text(held[field]), text(sent[field])),
  );
}

function described<Kind extends Entry>(entry: Kind, name: (entry: Kind) => string): string {
  const { Quantity, Price, Discount, Tax, Total, TaxRule } = entry;
  const discount = sameAmount(Discount, '0', 2) ? '' : ` less ${Discount} %`;
  return `${name(entry)} ${Quantity} x ${Price}${discount} = ${Total}, tax ${Tax} (${TaxRule})`;
}

function lineName({ SKU }: Cin7PurchaseLine): string {
  return SKU;
}

function chargeName({ Description }: Cin7PurchaseCharge): string {
  return Description;
}

function sameAmount(one: string, other: string, decimals: number): boolean {
  if (!isAmount(one) || !isAmount(other)) return false;
  return compareAmounts(roundAmount(one, decimals), roundAmount(other, decimals)) === 0;
}

/** Line ends and blanks at both ends do not count. */
function sameLines(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n');
  return sameWord(plain(one), plain(other));
}
