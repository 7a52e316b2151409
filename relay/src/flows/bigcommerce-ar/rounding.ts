import { compareAmounts, multiplyAmounts, roundAmount, type Amount } from '@ml-connector/shared';

/** `0.005`, `0.5`, `0.0005`. */
export function halfCoin(decimals: number): Amount {
  return decimals === 0 ? '0.5' : `0.${'0'.repeat(decimals)}5`;
}

/** How far the store's own sum of these exact amounts may be from theirs: by the tolerance, or by half a coin for each that had to be rounded. */
export function allowedDifference(amounts: readonly Amount[], { decimals, tolerance }: { decimals: number; tolerance: Amount }): Amount {
  const rounded = amounts.filter((amount) => compareAmounts(roundAmount(amount, decimals), amount) !== 0).length;
  const byRounding = multiplyAmounts(halfCoin(decimals), String(rounded));
  return compareAmounts(byRounding, tolerance) > 0 ? byRounding : tolerance;
}
