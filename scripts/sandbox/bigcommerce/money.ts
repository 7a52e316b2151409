/** Amounts as whole ten-thousandths, the places that v2 writes: exact, and independent of what the product counts with. */
export type Units = bigint;

/** `12.5` is 125000n. Throws where the text is no decimal or has more than four places. */
export function units(value: string | number): Units {
  const match = /^(-?)(\d+)(?:\.(\d{1,4})0*)?$/.exec(String(value));
  if (!match) throw new RangeError(`${JSON.stringify(value)} is not an amount of at most four decimals`);
  const [, sign, whole = '0', fraction = ''] = match;
  const size = BigInt(whole + fraction.padEnd(4, '0'));
  return sign ? -size : size;
}

/** As v2 writes amounts: `12.5000`. */
export function fourDecimals(amount: Units): string {
  const size = String(amount < 0n ? -amount : amount).padStart(5, '0');
  return `${amount < 0n ? '-' : ''}${size.slice(0, -4)}.${size.slice(-4)}`;
}

/** As v3 writes amounts: a JSON number. */
export function jsonNumber(amount: Units): number {
  return Number(fourDecimals(amount));
}

/** Half away from zero, to the decimals of a currency. */
export function roundUnits(amount: Units, decimals: number): Units {
  return proportion({ of: amount, times: 1n, by: 1n, decimals });
}

/** `of` times `times` divided by `by`, rounded half away from zero to the decimals of a currency. */
export function proportion({ of, times, by, decimals }: { of: Units; times: bigint; by: bigint; decimals: number }): Units {
  const step = 10n ** BigInt(4 - decimals);
  const [top, bottom] = [of * times, by * step];
  const size = ((top < 0n ? -top : top) * 2n + bottom) / (bottom * 2n);
  return (top < 0n ? -size : size) * step;
}

export function sum(amounts: Iterable<Units>): Units {
  let total = 0n;
  for (const one of amounts) total += one;
  return total;
}

/** Splits an amount over weights so that the parts add up to it; the last weight that is not zero takes the rest. */
export function apportion(amount: Units, weights: readonly Units[], decimals: number): Units[] {
  const whole = sum(weights);
  if (whole === 0n) return weights.map(() => 0n);
  const last = weights.findLastIndex((one) => one !== 0n);
  const parts = weights.map((weight) => proportion({ of: amount, times: weight, by: whole, decimals }));
  parts[last] = amount - sum(parts.filter((_, at) => at !== last));
  return parts;
}

const decimalsByCurrency: Record<string, number> = { JPY: 0, KRW: 0, KWD: 3, TND: 3 };

export function decimalsOf(currency: string): number {
  return decimalsByCurrency[currency] ?? 2;
}
