import { compareAmounts, divideAmounts, isAmount, multiplyAmounts, roundAmount, subtractAmounts, SystemError } from '@ml-connector/shared';
import { missing, tooLong } from './field-limits.ts';
import type { Cin7PurchaseCharge, Cin7PurchaseHeader, Cin7PurchaseLine, Cin7PurchaseOrder } from './types.ts';

/** Lengths and required fields of facts/cin7.md 9.2 and 9.3. */
const headerLengths = { Location: 256, TaxRule: 50, Terms: 256, Note: 1024 };
const lineLengths = { SKU: 50, Name: 1024, TaxRule: 50, SupplierSKU: 50, Comment: 256 };
const chargeLengths = { Description: 256, Reference: 256, TaxRule: 50 };

/** Rejects with `refused` what Cin7 Core would refuse, cut or round, naming every field at once; nothing is sent. */
export function checkHeader(header: Cin7PurchaseHeader, doing: string): void {
  const { RequiredBy, CurrencyRate } = header;
  refuse(doing, [
    ...missing('', header, ['SupplierID', 'Location', 'TaxRule', 'Note']),
    ...tooLong('', header, headerLengths),
    ...(RequiredBy === undefined || /^\d{4}-\d{2}-\d{2}$/.test(RequiredBy) ? [] : [`RequiredBy ${RequiredBy} is no date`]),
    ...(CurrencyRate === undefined || (isAmount(CurrencyRate) && compareAmounts(CurrencyRate, '0') > 0)
      ? []
      : [`CurrencyRate ${CurrencyRate} must be above zero`]),
  ]);
}

export function checkOrder(order: Cin7PurchaseOrder, doing: string): void {
  const { Status, Memo, Lines, AdditionalCharges } = order;
  refuse(doing, [
    ...tooLong('', { Memo }, { Memo: 1024 }),
    ...(Status === 'AUTHORISED' && Lines.length + AdditionalCharges.length === 0 ? ['an order without lines cannot be authorised'] : []),
    ...Lines.flatMap((line, index) => [
      ...missing(`Lines[${index}].`, line, ['SKU', 'TaxRule']),
      ...tooLong(`Lines[${index}].`, line, lineLengths),
      ...amountProblems(`Lines[${index}]`, line),
    ]),
    ...AdditionalCharges.flatMap((charge, index) => [
      ...missing(`AdditionalCharges[${index}].`, charge, ['Description', 'TaxRule']),
      ...tooLong(`AdditionalCharges[${index}].`, charge, chargeLengths),
      ...amountProblems(`AdditionalCharges[${index}]`, charge),
    ]),
  ]);
}

/** What Cin7 Core expects as a line's Total: quantity times price less discount, to two decimals. */
export function expectedTotal({ Quantity, Price, Discount }: Pick<Cin7PurchaseLine, 'Quantity' | 'Price' | 'Discount'>): string {
  const share = divideAmounts(subtractAmounts('100', Discount), '100', 4);
  return roundAmount(multiplyAmounts(multiplyAmounts(Quantity, Price), share), 2);
}

function amountProblems(name: string, entry: Cin7PurchaseLine | Cin7PurchaseCharge): string[] {
  const wrong = (['Quantity', 'Price', 'Tax', 'Total', 'Discount'] as const).filter((field) => {
    const decimals = field === 'Discount' ? 2 : 4;
    return !isAmount(entry[field]) || compareAmounts(roundAmount(entry[field], decimals), entry[field]) !== 0;
  });
  if (wrong.length > 0)
    return wrong.map((field) => `${name}.${field} ${entry[field]} is no amount of at most ${field === 'Discount' ? 2 : 4} decimals`);
  const { Quantity, Discount, Total } = entry;
  const expected = expectedTotal(entry);
  return [
    ...(compareAmounts(Quantity, '0') > 0 ? [] : [`${name}.Quantity ${Quantity} must be above zero`]),
    ...(compareAmounts(Discount, '0') >= 0 && compareAmounts(Discount, '100') <= 0
      ? []
      : [`${name}.Discount ${Discount} is not from 0 to 100`]),
    ...(compareAmounts(roundAmount(Total, 2), expected) === 0
      ? []
      : [`${name}.Total ${Total} is not quantity times price less discount, ${expected}`]),
  ];
}

function refuse(doing: string, problems: string[]): void {
  if (problems.length === 0) return;
  throw new SystemError('CIN7_FIELD_INVALID', 'refused', `${doing}: ${problems.join('; ')}`, {
    fix: 'Correct the value in the source, or the mapping.',
    facts: { problems },
  });
}
