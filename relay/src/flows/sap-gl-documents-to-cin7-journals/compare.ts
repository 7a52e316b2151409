import { compareAmounts, isAmount, roundAmount } from '@ml-connector/shared';
import type { Cin7Journal, Cin7JournalBody, Cin7JournalLine } from '../../systems/cin7-core/index.ts';

/** Stands in the notes of a journal that was posted later than in SAP, by the posting date rule. */
export const laterMark = 'is locked in Cin7 Core; posted on';

const mostTold = 10;

/**
 * What Cin7 Core holds otherwise than it was sent, a sentence each: currency, day, accounts, amounts in both currencies. Texts do not count,
 * nor the order of lines, nor the digits of the rate: the base amounts are what the ledger gets. A later day is only right where the notes
 * name it.
 */
export function differencesFrom(wanted: Cin7JournalBody, stored: Cin7Journal): string[] {
  const isLater = stored.EffectiveDate > wanted.EffectiveDate && stored.Notes.includes(`${laterMark} ${stored.EffectiveDate}`);
  const [missing, added] = [without(wanted.Lines, stored.Lines), without(stored.Lines, wanted.Lines)];
  const lines = [...missing.map((line) => `line ${line} is missing`), ...added.map((line) => `line ${line} was not sent`)];
  return [
    ...(stored.Currency.toUpperCase() === wanted.Currency.toUpperCase() ? [] : [`currency ${stored.Currency}, not ${wanted.Currency}`]),
    ...(stored.EffectiveDate === wanted.EffectiveDate || isLater ? [] : [`dated ${stored.EffectiveDate}, not ${wanted.EffectiveDate}`]),
    ...(stored.Lines.length === wanted.Lines.length ? [] : [`${stored.Lines.length} lines, not ${wanted.Lines.length}`]),
    ...lines.slice(0, mostTold),
    ...(lines.length > mostTold ? [`and ${lines.length - mostTold} more differences`] : []),
  ];
}

/** Lines of `some` that `others` do not have; equal lines count as often as they are there. */
function without(some: readonly Cin7JournalLine[], others: readonly Cin7JournalLine[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others.map(written)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return some.map(written).filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

/** `433/2990 100.00 (base 92.35)`. */
function written({ Debit, Credit, Amount, BaseAmount }: Cin7JournalLine): string {
  return `${Debit.trim()}/${Credit.trim()} ${twoDecimals(Amount)} (base ${twoDecimals(BaseAmount)})`;
}

/** The API shows two to four decimals; what is not zero beyond the second is left to be seen. */
function twoDecimals(amount: string): string {
  if (!isAmount(amount)) return amount;
  const rounded = roundAmount(amount, 2);
  return compareAmounts(rounded, amount) === 0 ? rounded : amount;
}
