import { addAmounts, compareAmounts, isAmount } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import { fits, isZero, priceDecimals, quantityDecimals, totalOf } from './amounts.ts';
import { firstLine } from './mark.ts';
import { longest } from './notes.ts';
import type { PurchaseBody, PutBody, WantedCharge, WantedLine } from './payload.ts';

/** What field overrides may have done: the mark must stay the first line of the note, and the sums those of JD Edwards. */
export function checkPurchase(body: PurchaseBody): BlockReason[] {
  if (body.action === 'cancel') return [];
  const { header, Memo, Lines, AdditionalCharges } = body.purchase;
  const all = [...Lines, ...AdditionalCharges];
  const invalid = all.flatMap((line, index) => lineProblems(line, index < Lines.length ? `line ${index + 1}` : 'an additional charge'));
  return [
    ...(firstLine(header.Note) === body.mark
      ? []
      : [broken(`Note must begin with the line "${body.mark}", by which the purchase is found again`)]),
    ...tooLong({ Note: header.Note, Memo }),
    ...(header.RequiredBy === undefined || isDay(header.RequiredBy)
      ? []
      : [broken(`RequiredBy "${header.RequiredBy}" is no day like 2026-05-31`)]),
    ...(header.Location.trim() === '' ? [broken('Location is empty')] : []),
    ...(header.TaxCalculation === 'Exclusive'
      ? []
      : [broken('TaxCalculation must be Exclusive: the amounts of JD Edwards are without tax')]),
    ...invalid,
    ...(invalid.length > 0 ? [] : sumProblems(body)),
  ];
}

function lineProblems(line: WantedLine | WantedCharge, what: string): BlockReason[] {
  const { Quantity, Price, Discount, Total, TaxRule } = line;
  if (![Quantity, Price, Discount, Total].every(isAmount)) return [broken(`${what} has an amount that is no plain decimal text`)];
  const name = 'SKU' in line ? line.SKU : line.Description;
  return [
    ...(name.trim() === '' ? [broken(`${what} has no ${'SKU' in line ? 'SKU' : 'Description'}`)] : []),
    ...(TaxRule.trim() === '' ? [broken(`${what} has no tax rule`)] : []),
    ...(isZero(Discount) ? [] : [broken(`${what} has a discount: prices are what JD Edwards pays`)]),
    ...(compareAmounts(Quantity, '0') > 0 ? [] : [broken(`${what} has quantity ${Quantity}`)]),
    ...(fits(Quantity, quantityDecimals) && fits(Price, priceDecimals) ? [] : [broken(`${what} has more than four decimals`)]),
    ...(compareAmounts(totalOf(Price, Quantity), Total) === 0 ? [] : [broken(`${what}: ${Quantity} x ${Price} is not ${Total}`)]),
  ];
}

function sumProblems({ total, purchase: { Lines, AdditionalCharges } }: PutBody): BlockReason[] {
  const sum = addAmounts('0', ...[...Lines, ...AdditionalCharges].map(({ Total }) => Total));
  return compareAmounts(sum, total) === 0
    ? []
    : [{ code: 'SUM_DIFFERS', message: `its lines come to ${sum}, and to ${total} in JD Edwards` }];
}

function tooLong(texts: Record<'Note' | 'Memo', string>): BlockReason[] {
  const limits = { Note: longest.note, Memo: longest.memo };
  return (['Note', 'Memo'] as const)
    .filter((field) => texts[field].length > limits[field])
    .map((field) => broken(`${field} has ${texts[field].length} characters, ${limits[field]} are allowed`));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

function broken(message: string): BlockReason {
  return { code: 'FIELD_INVALID', message };
}
