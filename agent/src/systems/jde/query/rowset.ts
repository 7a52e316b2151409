import type { PageMemory } from '../page-memory.ts';

/**
 * Rows of a GRID_DATA answer, found in its bytes without making objects or texts of them: where each value stands is all that is kept, and
 * what goes out is copied from there. That is several times as fast as JSON.parse, leaves nothing to the garbage collector, and keeps
 * every digit of a number.
 */
export interface Rowset {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Columns per row, in the order they were asked for. */
  readonly width: number;
  /** Position of the value of column `row * width + column`, behind the quote of a text; 0 where there is none, or null. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Columns that stood in at least one row. */
  readonly seen: readonly boolean[];
  /** Bytes of the longest row. */
  readonly longestRow: number;
  /** Behind the bracket that closes the rows. */
  readonly end: number;
}

/** Why rows could not be read: `cut` for broken or unfinished JSON, `nested` for values that are objects (another output type). */
export type RowsetTrouble = 'cut' | 'nested';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Position behind the bracket that opens the rows; -1 where the answer has none. */
export function findRows(bytes: Buffer): number {
  for (let at = bytes.indexOf('"rowset"'); at >= 0; at = bytes.indexOf('"rowset"', at + 1)) {
    if (bytes[at - 1] === backslash) continue;
    const sign = skipBlanks(bytes, at + 8);
    if (bytes[sign] !== colon) continue;
    const bracket = skipBlanks(bytes, sign + 1);
    if (bytes[bracket] === openBracket) return bracket + 1;
  }
  return -1;
}

export interface Scan {
  /** Behind the bracket that opens the rows. */
  from: number;
  /** Columns wanted; others are passed over. */
  names: readonly string[];
  expectedRows: number;
  /** Its arrays are used for the positions where they are large enough. */
  memory?: PageMemory | undefined;
}

export function scanRows(bytes: Buffer, { from, names, expectedRows, memory }: Scan): Rowset | RowsetTrouble {
  const width = names.length;
  const columnOf = new Map(names.map((name, column) => [name, column]));
  const seen = names.map(() => false);
  const expected = width * Math.max(expectedRows, 1);
  let starts = memory && memory.starts.length >= expected ? memory.starts.fill(0) : new Int32Array(expected);
  let ends = memory && memory.ends.length >= starts.length ? memory.ends : new Int32Array(starts.length);
  if (memory) Object.assign(memory, { starts, ends });
  let rows = 0;
  let longestRow = 0;
  // Members come in the same order in every row, so the name at a place is compared with the one that stood there in the row before.
  const membersBefore: { name: Uint8Array; column: number }[] = [];
  let at = skipBlanks(bytes, from);
  if (bytes[at] === closeBracket) return { bytes, rows, width, starts, ends, seen, longestRow, end: at + 1 };
  for (;;) {
    const rowStart = at;
    if (bytes[at] !== openBrace) return 'cut';
    if ((rows + 1) * width > starts.length) {
      starts = grown(starts);
      ends = grown(ends);
    }
    const base = rows * width;
    at = skipBlanks(bytes, at + 1);
    for (let place = 0; bytes[at] !== closeBrace; place++) {
      if (place > 0) {
        if (bytes[at] !== comma) return 'cut';
        at = skipBlanks(bytes, at + 1);
      }
      if (bytes[at] !== quote) return 'cut';
      let member = membersBefore[place];
      if (!member || !isNamed(bytes, at + 1, member.name)) {
        const nameEnd = endOfText(bytes, at + 1);
        if (nameEnd < 0) return 'cut';
        const column = columnOf.get(bytes.toString('latin1', at + 1, nameEnd)) ?? -1;
        member = { name: bytes.subarray(at + 1, nameEnd), column };
        membersBefore[place] = member;
      }
      const { column } = member;
      at = skipBlanks(bytes, at + member.name.length + 2);
      if (bytes[at] !== colon) return 'cut';
      at = skipBlanks(bytes, at + 1);
      const first = bytes[at];
      let start = at;
      let end: number;
      if (first === quote) {
        start = at + 1;
        end = endOfText(bytes, start);
        at = end + 1;
      } else if (first === openBrace || first === openBracket) {
        if (column >= 0) return 'nested';
        end = endOfNested(bytes, at);
        at = end;
      } else {
        end = endOfWord(bytes, at);
        at = end;
        if (first === 0x6e) start = 0; // null
      }
      if (end < 0 || (end === start && first !== quote)) return 'cut';
      if (column >= 0) {
        starts[base + column] = start;
        ends[base + column] = end;
        seen[column] = true;
      }
      at = skipBlanks(bytes, at);
    }
    at++;
    rows++;
    if (at - rowStart > longestRow) longestRow = at - rowStart;
    at = skipBlanks(bytes, at);
    if (bytes[at] === closeBracket) return { bytes, rows, width, starts, ends, seen, longestRow, end: at + 1 };
    if (bytes[at] !== comma) return 'cut';
    at = skipBlanks(bytes, at + 1);
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) at++;
  return at;
}

/** The text that begins at `from` is this name, up to its closing quote. */
function isNamed(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  const { length } = name;
  if (bytes[from + length] !== quote) return false;
  for (let index = 0; index < length; index++) if (bytes[from + index] !== name[index]) return false;
  return true;
}

/** Position of the quote that ends a text; -1 where none does, or an escape is none of JSON's. */
function endOfText(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at++) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte !== backslash) continue;
    const escape = bytes[++at];
    if (escape === 0x75) {
      for (let digit = 1; digit <= 4; digit++) if (!isHex(bytes[at + digit] ?? 0)) return -1;
      at += 4;
    } else if (escape === undefined || !escapes.has(escape)) return -1;
  }
  return -1;
}
const escapes = new Set(Buffer.from('"\\/bfnrt'));

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** Behind a number, true, false or null; -1 where something else stands there. */
function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; isWord(byte); byte = bytes[at] ?? 0) at++;
  const first = bytes[from] ?? 0;
  const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
  if (isNumber) return at;
  const length = at - from;
  return (length === 4 && (first === 0x6e || first === 0x74)) || (length === 5 && first === 0x66) ? at : -1;
}

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x2b || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45
  );
}

function endOfNested(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfText(bytes, at + 1);
      if (at < 0) return -1;
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at + 1;
  }
  return -1;
}
