import { absolute, type Cents } from './cents.ts';

/** Units of base currency for one unit of document currency, as a decimal: `digits / 10 ** decimals`. */
export interface Rate {
  digits: bigint;
  decimals: number;
}

export const sameCurrency: Rate = { digits: 1n, decimals: 0 };

/** `0.92345`. */
export function rateText({ digits, decimals }: Rate): string {
  if (decimals === 0) return digits.toString();
  const padded = digits.toString().padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** `base / amount` with so many decimals, rounded half up; the least above zero where that is zero. */
export function rateOf(base: Cents, amount: Cents, decimals: number): Rate {
  const rounded = (2n * absolute(base) * 10n ** BigInt(decimals) + amount) / (2n * amount);
  return { digits: rounded > 0n ? rounded : 1n, decimals };
}

/** How far a base amount is from amount times rate, in units of `10 ** -decimals` cents. */
export function deviation({ amount, base }: { amount: Cents; base: Cents }, { digits, decimals }: Rate): bigint {
  return base * 10n ** BigInt(decimals) - amount * digits;
}

/** Cin7 Core takes a line whose BaseAmount is within a cent of Amount times rate (facts/cin7.md 15, assumed). */
export function isWithinTolerance(line: { amount: Cents; base: Cents }, rate: Rate): boolean {
  return absolute(deviation(line, rate)) <= 10n ** BigInt(rate.decimals);
}

/** Amount times rate in whole cents, half up, at least one: a line of zero does not exist. Always within the tolerance. */
export function converted(amount: Cents, { digits, decimals }: Rate): Cents {
  const scale = 10n ** BigInt(decimals);
  const rounded = (2n * amount * digits + scale) / (2n * scale);
  return rounded > 0n ? rounded : 1n;
}
