import { SystemError } from '@ml-connector/shared';
import type { RowSource } from '../../chunks.ts';
import type { Column } from './columns.ts';
import { shiftPoint, toPlain } from './literals.ts';
import type { Page } from './page.ts';

const quote = 0x22;
const blank = 0x20;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
/** What a number may grow by when it is written in plain digits, and the quotes around any value. */
const mostExtraBytes = 64;

/** Writes rows of a page as JSON arrays of texts: those of `order`, or the first `rows` as they came. */
export function openRowSource(
  page: Page,
  columns: readonly Column[],
  { rows, order }: { rows: number; order?: Uint32Array | undefined },
): RowSource {
  const { rowset, delivers } = page;
  const { bytes, width, starts, ends } = rowset;
  const delivered = columns.flatMap((column, index) => (delivers[index] ? [{ column, index }] : []));
  return {
    rows,
    // A control character takes six bytes when it is escaped.
    mostBytes: 2 + rowset.longestRow * 6 + delivered.length * mostExtraBytes,
    write: (position, out, from) => {
      const base = (order ? (order[position] as number) : position) * width;
      let at = from;
      out[at++] = 0x5b;
      for (let number = 0; number < delivered.length; number++) {
        const { column, index } = delivered[number] as (typeof delivered)[number];
        if (number > 0) out[at++] = comma;
        out[at++] = quote;
        const start = starts[base + index] as number;
        if (start > 0) at = writeValue(bytes, start, ends[base + index] as number, column, out, at);
        out[at++] = quote;
      }
      out[at++] = 0x5d;
      return at;
    },
  };
}

/** A value as it goes into keys: plain digits, or a text without blanks at its end (those before it belong to it, as in MCU). */
export function keyAt({ rowset }: Page, row: number, column: number): { text: string; isNumber: boolean } {
  const { bytes, width, starts, ends } = rowset;
  const start = starts[row * width + column] as number;
  const end = ends[row * width + column] as number;
  if (start === 0) return { text: '', isNumber: false };
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  if (bytes[start - 1] !== quote) return { text: toPlain(written) ?? written, isNumber: true };
  const text = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
  return { text: text.trimEnd(), isNumber: false };
}

function writeValue(bytes: Uint8Array, start: number, end: number, column: Column, out: Uint8Array, at: number): number {
  const isText = bytes[start - 1] === quote;
  if (column.isTime) return writeTime(bytes, start, end, isText, out, at);
  // true and false are words, and go out as they came.
  if (isText || (bytes[start] as number) > nine) return writeText(bytes, start, end, out, at);
  return writeNumber(bytes, start, end, column, out, at);
}

/** Without blanks at both ends; escapes go out as they came. */
function writeText(bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number {
  let start = from;
  let end = to;
  while (start < end && bytes[start] === blank) start++;
  while (end > start && bytes[end - 1] === blank) end--;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte >= blank) out[at++] = byte;
    else at = writeAscii(`\\u00${byte.toString(16).padStart(2, '0')}`, out, at); // what no JSON writer should let through
  }
  return at;
}

function writeNumber(bytes: Uint8Array, start: number, end: number, column: Column, out: Uint8Array, at: number): number {
  if (column.shift !== 0 || hasExponent(bytes, start, end)) {
    const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const plain = toPlain(written);
    if (plain === undefined || !/^-?\d+(\.\d+)?$/.test(plain))
      throw new SystemError(
        'JDE_NUMBER_UNREADABLE',
        'refused',
        `column ${column.controlId} holds ${written.slice(0, 60)}, which is no number to work with`,
      );
    return writeAscii(column.shift === 0 ? plain : shiftPoint(plain, column.shift), out, at);
  }
  for (let index = start; index < end; index++) out[at++] = bytes[index] as number;
  return at;
}

function hasExponent(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] === 0x45 || bytes[index] === 0x65) return true;
  return false;
}

/** `93015` is 09:30:15: six digits. What is no time goes out as it came. */
function writeTime(bytes: Uint8Array, start: number, end: number, isText: boolean, out: Uint8Array, at: number): number {
  let digits = 0;
  while (start + digits < end && (bytes[start + digits] as number) >= zero && (bytes[start + digits] as number) <= nine) digits++;
  if (digits > 0 && (start + digits === end || (!isText && isZeroFraction(bytes, start + digits, end)))) {
    for (let missing = digits; missing < 6; missing++) out[at++] = zero;
    for (let index = start; index < start + digits; index++) out[at++] = bytes[index] as number;
    return at;
  }
  return writeText(bytes, start, end, out, at);
}

function isZeroFraction(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== 0x2e) return false;
  for (let index = from + 1; index < to; index++) if (bytes[index] !== zero) return false;
  return true;
}

function writeAscii(text: string, out: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}
