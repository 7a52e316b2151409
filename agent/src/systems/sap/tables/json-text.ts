/**
 * Writes slots of table rows as JSON strings, straight from UTF-16 code units to UTF-8 bytes: no string is made on the way, which is
 * several times as fast as slicing and JSON.stringify, and leaves nothing to the garbage collector. Every function takes the code units
 * `from` to `to`, writes at `at` and answers the position behind what it wrote.
 */

/** Most bytes one code unit can become: `\u001f`. */
export const mostBytesPerUnit = 6;

const quote = 0x22;
const backslash = 0x5c;
const blank = 0x20;
const zero = 0x30;
const nine = 0x39;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;

/** A text without its trailing blanks. */
export function writeText(units: Uint16Array, from: number, to: number, out: Uint8Array, at: number): number {
  let end = to;
  while (end > from && units[end - 1] === blank) end--;
  out[at++] = quote;
  for (let index = from; index < end; index++) {
    const unit = units[index] as number;
    if (unit < 0x80) {
      if (unit >= blank && unit !== quote && unit !== backslash) out[at++] = unit;
      else at = writeEscaped(unit, out, at);
    } else if (unit < 0x800) {
      out[at++] = 0xc0 | (unit >> 6);
      out[at++] = 0x80 | (unit & 0x3f);
    } else if (unit >= 0xd800 && unit < 0xe000) {
      const low = index + 1 < end ? (units[index + 1] as number) : 0;
      if (unit < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        at = writeAstral(((unit & 0x3ff) << 10) + (low & 0x3ff) + 0x10000, out, at);
        index++;
      } else at = writeThreeBytes(0xfffd, out, at); // half a character
    } else at = writeThreeBytes(unit, out, at);
  }
  out[at++] = quote;
  return at;
}

/**
 * A number as RFC_READ_TABLE prints it (`      12.50-`), as a plain decimal. With `decimals` it is an amount: CURR fields keep their
 * digits with the field's own decimals whatever the currency (1000 JPY stands as 10.00), so the point moves to where the currency has
 * it (facts/sap-ecc.md 3.2). Answers -1 when this is no number: an overflow shows as `*`, and the digits beside it are a neighbour's.
 */
export function writeNumber(units: Uint16Array, from: number, to: number, out: Uint8Array, at: number, decimals?: number): number {
  let start = from;
  let end = to;
  while (start < end && units[start] === blank) start++;
  while (end > start && units[end - 1] === blank) end--;
  let isNegative = false;
  if (end > start && (units[end - 1] === minus || units[end - 1] === plus)) isNegative = units[--end] === minus;
  else if (units[start] === minus && end > start) {
    isNegative = true;
    start++;
  }
  const isEmpty = start === end;
  if (isEmpty && isNegative) return -1;
  let digits = 0;
  let firstNonZero = -1;
  let pointAt = -1;
  for (let index = start; index < end; index++) {
    const unit = units[index] as number;
    if (unit >= zero && unit <= nine) {
      if (unit !== zero && firstNonZero < 0) firstNonZero = digits;
      digits++;
    } else if (unit === point && pointAt < 0 && digits > 0 && index < end - 1) pointAt = digits;
    else return -1;
  }
  out[at++] = quote;
  if (isNegative && firstNonZero >= 0) out[at++] = minus;
  at =
    decimals === undefined
      ? copyNumber(units, start, end, out, at)
      : writeShifted({ units, start, end, digits, firstNonZero, decimals }, out, at);
  out[at++] = quote;
  return at;
}

function copyNumber(units: Uint16Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (start === end) out[at++] = zero;
  for (let index = start; index < end; index++) out[at++] = units[index] as number;
  return at;
}

interface Digits {
  units: Uint16Array;
  start: number;
  end: number;
  digits: number;
  firstNonZero: number;
  decimals: number;
}

function writeShifted({ units, start, end, digits, firstNonZero, decimals }: Digits, out: Uint8Array, at: number): number {
  const whole = digits - decimals;
  // Zeros before the number begins, where it has fewer digits than the currency has decimals.
  if (whole <= 0) {
    out[at++] = zero;
    if (decimals > 0) out[at++] = point;
    for (let missing = whole; missing < 0; missing++) out[at++] = zero;
  }
  const firstWritten = whole <= 0 ? 0 : Math.min(firstNonZero < 0 ? digits : firstNonZero, whole - 1);
  let position = 0;
  for (let index = start; index < end; index++) {
    const unit = units[index] as number;
    if (unit === point) continue;
    if (position >= firstWritten) {
      if (position === whole && whole > 0) out[at++] = point;
      out[at++] = unit;
    }
    position++;
  }
  return at;
}

function writeEscaped(unit: number, out: Uint8Array, at: number): number {
  out[at++] = backslash;
  if (unit === quote || unit === backslash) {
    out[at++] = unit;
    return at;
  }
  for (const character of `u00${unit.toString(16).padStart(2, '0')}`) out[at++] = character.charCodeAt(0);
  return at;
}

function writeThreeBytes(unit: number, out: Uint8Array, at: number): number {
  out[at++] = 0xe0 | (unit >> 12);
  out[at++] = 0x80 | ((unit >> 6) & 0x3f);
  out[at++] = 0x80 | (unit & 0x3f);
  return at;
}

function writeAstral(point: number, out: Uint8Array, at: number): number {
  out[at++] = 0xf0 | (point >> 18);
  out[at++] = 0x80 | ((point >> 12) & 0x3f);
  out[at++] = 0x80 | ((point >> 6) & 0x3f);
  out[at++] = 0x80 | (point & 0x3f);
  return at;
}
