import type { Amount } from '@ml-connector/shared';

/** Hundredths of a currency's unit. Cin7 Core keeps two decimals, whatever the currency (facts/cin7.md 8). */
export type Cents = bigint;

/** The amount in hundredths; undefined where two decimals cannot hold it (1.234 KWD): nothing is ever rounded here. */
export function toCents(amount: Amount): Cents | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim()) ?? [];
  if (whole === '') throw new RangeError(`"${amount}" is not an amount`);
  if (/[1-9]/.test(fraction.slice(2))) return undefined;
  return BigInt(`${sign}${whole}${fraction.slice(0, 2).padEnd(2, '0')}`);
}

/** Always two decimals: `119.00`. */
export function fromCents(cents: Cents): Amount {
  const digits = absolute(cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function absolute(cents: Cents): Cents {
  return cents < 0n ? -cents : cents;
}

export function sumOf(amounts: readonly Cents[]): Cents {
  return amounts.reduce((sum, one) => sum + one, 0n);
}
