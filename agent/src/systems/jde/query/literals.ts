import { SystemError } from '@ml-connector/shared';

/** How the signed-on user writes dates and decimals: AIS reads literals so (facts/jde-ais.md 3.1). */
export interface UserFormats {
  /** `dd/MM/yyyy`. */
  dateFormat: string;
  decimalFormat: string;
}

const knownParts = new Set(['yyyy', 'yy', 'MM', 'M', 'dd', 'd']);

/** `20250304` in the user's format. */
export function toUserDate(date: string, { dateFormat }: UserFormats): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)];
  const parts = dateFormat.match(/([A-Za-z'])\1*/g) ?? [];
  const isKnown = ['y', 'M', 'd'].every((letter) => dateFormat.includes(letter)) && parts.every((part) => knownParts.has(part));
  if (!isKnown)
    throw new SystemError('JDE_DATE_FORMAT', 'refused', `dates cannot be written in the format of the JD Edwards user ("${dateFormat}")`, {
      fix: 'Set a date format of the user profile (P0092) such as DMY or EMD, which AIS reports as simpleDateFormat.',
    });
  return dateFormat.replaceAll(/y+|M+|d+/g, (part) => {
    if (part.startsWith('y')) return part.length === 2 ? year.slice(2) : year;
    const number = part.startsWith('M') ? month : day;
    return part.length === 1 ? String(Number(number)) : number;
  });
}

/** A plain decimal with the user's decimal point, moved to the left by `shift` digits; anything else stays as it is. */
export function toUserDecimal(value: string, shift: number, { decimalFormat }: UserFormats): string {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return value;
  const shifted = shift === 0 ? value : shiftPoint(value, shift);
  return decimalFormat === '.' ? shifted : shifted.replace('.', decimalFormat);
}

/** Moves the decimal point of a plain decimal to the left (to the right when negative), without losing a digit: `1250`, 2 is `12.50`. */
export function shiftPoint(value: string, shift: number): string {
  const isNegative = value.startsWith('-');
  const [whole = '', fraction = ''] = (isNegative ? value.slice(1) : value).split('.');
  const digits = `${whole}${fraction}`.padStart(shift + fraction.length + 1, '0').padEnd(whole.length - shift, '0');
  const decimals = Math.max(0, fraction.length + shift);
  const kept = (decimals === 0 ? digits : digits.slice(0, -decimals)).replace(/^0+(?=\d)/, '');
  return `${isNegative ? '-' : ''}${kept}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** A JSON number as plain decimal text with its own digits; undefined for one that is out of all proportion. `1.5E3` is `1500`. */
export function toPlain(number: string): string | undefined {
  const [mantissa = '', exponent] = number.split(/[eE]/);
  if (exponent === undefined) return mantissa;
  const power = Number(exponent);
  if (Math.abs(power) > 40) return undefined;
  // Zeros at the end of the mantissa only say that it is a floating-point number: `1.0E7`.
  return shiftPoint(mantissa.replace(/\.0+$/, ''), -power);
}
