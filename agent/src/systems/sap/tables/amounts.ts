/**
 * A number as RFC_READ_TABLE prints it (`      12.50-`) as a plain decimal string, or undefined when it is none (an overflow shows
 * as `*`, and the digits beside it belong to a neighbour).
 */
export function toPlainNumber(printed: string): string | undefined {
  const match = /^(-)?(\d+(?:\.\d+)?)([-+])?$/.exec(printed.trim());
  if (!match) return printed.trim() === '' ? '0' : undefined;
  const [, before, digits = '', after] = match;
  const isNegative = before === '-' || after === '-';
  return isNegative && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** Orders plain decimal strings by value, exactly. */
export function compareNumbers(a: string, b: string): number {
  const scale = Math.max(fractionLength(a), fractionLength(b));
  const [left, right] = [scaled(a, scale), scaled(b, scale)];
  return left < right ? -1 : Number(left > right);
}

function fractionLength(number: string): number {
  return number.includes('.') ? number.length - number.indexOf('.') - 1 : 0;
}

function scaled(number: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = number.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}
