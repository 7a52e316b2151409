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

/**
 * CURR fields keep their digits with the field's decimals, whatever the currency: 1000 JPY stands as 10.00. The digits are right, the
 * point is moved to where the currency has it (facts/sap-ecc.md 3.2).
 */
export function toRealAmount(stored: string, currencyDecimals: number): string {
  const isNegative = stored.startsWith('-');
  const digits = stored.replace(/[-.]/g, '').padStart(currencyDecimals + 1, '0');
  const whole = digits.slice(0, digits.length - currencyDecimals).replace(/^0+(?=\d)/, '');
  const fraction = currencyDecimals === 0 ? '' : `.${digits.slice(digits.length - currencyDecimals)}`;
  return `${isNegative ? '-' : ''}${whole}${fraction}`;
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
