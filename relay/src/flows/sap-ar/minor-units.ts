import type { Amount } from '@ml-connector/shared';

/** Whole units of a currency's smallest coin: cents, yen, fils. */
export type MinorUnits = bigint;

/** Rounded half away from zero. */
export function toMinor(amount: Amount, decimals: number): MinorUnits {
  const { digits, scale } = read(amount);
  return scale <= decimals ? digits * 10n ** BigInt(decimals - scale) : divideRounded(digits, 10n ** BigInt(scale - decimals));
}

/** Always with the currency's decimals: `119.00`, `1000`. */
export function fromMinor(minor: MinorUnits, decimals: number): Amount {
  const text = absolute(minor)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return decimals === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

export function absolute(minor: MinorUnits): MinorUnits {
  return minor < 0n ? -minor : minor;
}

export function sumOf(amounts: readonly MinorUnits[]): MinorUnits {
  return amounts.reduce((sum, one) => sum + one, 0n);
}

/**
 * Exact amounts, rounded so that they sum to `total`: each becomes one of its two neighbours, those with the largest remainder the upper one.
 * What is zero stays zero. Where the exact sum is further from `total` than the rounding of each explains, the largest amount takes the rest.
 */
export function apportion(total: MinorUnits, amounts: readonly Amount[], decimals: number): MinorUnits[] {
  const exact = amounts.map(read);
  const scale = Math.max(decimals, ...exact.map((one) => one.scale));
  const unit = 10n ** BigInt(scale - decimals);
  const scaled = exact.map((one) => one.digits * 10n ** BigInt(scale - one.scale));
  const shares = scaled.map((one) => floorDivide(one, unit));
  const remainders = scaled.map((one, place) => ({ place, remainder: one - (shares[place] ?? 0n) * unit }));
  let rest = total - sumOf(shares);
  for (const { place } of remainders.filter(({ remainder }) => remainder > 0n).toSorted(byRemainder)) {
    if (rest <= 0n) break;
    shares[place] = (shares[place] ?? 0n) + 1n;
    rest--;
  }
  const [largest] = [...shares.keys()].toSorted((one, other) => (absolute(shares[one] ?? 0n) < absolute(shares[other] ?? 0n) ? 1 : -1));
  if (rest !== 0n && largest !== undefined) shares[largest] = (shares[largest] ?? 0n) + rest;
  return shares;
}

function byRemainder(one: { remainder: bigint }, other: { remainder: bigint }): number {
  return one.remainder < other.remainder ? 1 : one.remainder > other.remainder ? -1 : 0;
}

function read(amount: Amount): { digits: bigint; scale: number } {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '') throw new RangeError(`"${amount}" is not an amount`);
  return { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function divideRounded(value: bigint, by: bigint): bigint {
  const half = by / 2n;
  return value < 0n ? -((-value + half) / by) : (value + half) / by;
}
