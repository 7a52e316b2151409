/** ZBULK: up to millions of invented customers that are computed while they are read, so that benches need no memory for them. */
import { tableOf, type FieldDefinition, type Row } from '../dictionary/index.ts';
import { byCodeUnits, isExactRange, keyRangeOf, predicateOf } from './where-meaning.ts';
import type { SapTable, Selection } from './table.ts';

const keyName = 'CUSTNO';
const keyDigits = 10;
/** Everything but the number repeats after so many rows; prime, so that it never lines up with a page. */
const variantCount = 997;

const towns = ['Köln', 'Graz', 'Zürich', 'Málaga', 'Łódź', 'København', 'Thessaloniki', 'Örebro', 'Liège', 'San José'];
const currencies = ['EUR', 'USD', 'JPY', 'KWD', 'CHF'];
const countries = ['DE', 'AT', 'CH', 'ES', 'PL', 'DK', 'GR', 'SE', 'BE', 'US'];

/** A run of rows with consecutive numbers, when a selection can be answered by numbers alone. */
export interface BulkRun {
  first: number;
  count: number;
}

export class BulkTable implements SapTable {
  readonly definition = tableOf('ZBULK');
  readonly size: number;
  private readonly variants: Row[];

  constructor(size: number) {
    this.size = size;
    this.variants = Array.from({ length: Math.min(variantCount, size) }, (_, index) => variantRow(index));
  }

  get([number = '']: readonly string[]): Row | undefined {
    const index = Number(number) - 1;
    return Number.isInteger(index) && index >= 0 && index < this.size && number.length === keyDigits ? this.row(index) : undefined;
  }

  *select({ where, skip = 0, count = 0 }: Selection): Generator<Row> {
    const run = this.runOf(where);
    const matches = where && !isExactRange(where, keyName) ? predicateOf(where) : undefined;
    let left = count === 0 ? Number.MAX_SAFE_INTEGER : count;
    let toSkip = skip;
    for (let index = run.first; index < run.first + run.count && left > 0; index++) {
      const row = this.row(index);
      if (matches && !matches(row)) continue;
      if (toSkip-- > 0) continue;
      left--;
      yield row;
    }
  }

  /** The run that a selection by key asks for; undefined when rows must be looked at. */
  runFor({ where, skip = 0, count = 0 }: Selection): BulkRun | undefined {
    if (!isExactRange(where, keyName)) return undefined;
    const { first, count: available } = this.runOf(where);
    const left = Math.max(0, available - skip);
    return { first: first + skip, count: count === 0 ? left : Math.min(count, left) };
  }

  /**
   * Writes rows as UTF-8: `template` is the text of a row, `keyAt` where its number begins (-1: not read). Only the number differs
   * between rows of one variant, so each variant is encoded once.
   */
  write(run: BulkRun, rowText: (row: Row) => string, keyOffset: number): { bytes: Buffer; ends: Uint32Array } {
    const templates = this.variants.map((row) => templateOf(rowText({ ...row, [keyName]: '0'.repeat(keyDigits) }), keyOffset));
    const longest = Math.max(1, ...templates.map(({ bytes }) => bytes.length));
    const bytes = Buffer.allocUnsafe(longest * run.count);
    const ends = new Uint32Array(run.count);
    let at = 0;
    for (let row = 0; row < run.count; row++) {
      const index = run.first + row;
      const { bytes: text, keyAt } = templates[index % variantCount] as Template;
      bytes.set(text, at);
      if (keyAt >= 0) writeDigits(bytes, at + keyAt, index + 1);
      at += text.length;
      ends[row] = at;
    }
    return { bytes: bytes.subarray(0, at), ends };
  }

  private row(index: number): Row {
    return { ...(this.variants[index % variantCount] as Row), [keyName]: numberOf(index) };
  }

  private runOf(where: Selection['where']): BulkRun {
    const { from, to } = keyRangeOf(where, keyName);
    const first = from === undefined ? 0 : this.lowerBound(from);
    const end = to === undefined ? this.size : this.lowerBound(`${to}\0`);
    return { first, count: Math.max(0, end - first) };
  }

  private lowerBound(key: string): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (byCodeUnits(numberOf(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Template {
  bytes: Buffer;
  keyAt: number;
}

function templateOf(text: string, keyOffset: number): Template {
  const keyAt = keyOffset < 0 ? -1 : Buffer.byteLength(text.slice(0, keyOffset));
  return { bytes: Buffer.from(text), keyAt };
}

function writeDigits(bytes: Buffer, at: number, number: number): void {
  let rest = number;
  for (let place = at + keyDigits - 1; rest > 0; place--) {
    bytes[place] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

function numberOf(index: number): string {
  return String(index + 1).padStart(keyDigits, '0');
}

function variantRow(index: number): Row {
  const pick = <T>(list: readonly T[], step = 1): T => list[Math.floor(index / step) % list.length] as T;
  const town = pick(towns);
  const day = String((index % 28) + 1).padStart(2, '0');
  const month = String((index % 12) + 1).padStart(2, '0');
  const sign = index % 7 === 0 ? '-' : '';
  const given: Row = {
    NAME1: `Großhandel ${town} ${index} GmbH & Co. KG`.slice(0, 35),
    NAME2: index % 3 === 0 ? `Niederlassung ${pick(countries, 5)}` : '',
    STRAS: `Industriestraße ${(index % 250) + 1}`,
    ORT01: town,
    PSTLZ: String(10_000 + ((index * 37) % 89_999)),
    LAND1: pick(countries),
    REGIO: String((index % 16) + 1).padStart(2, '0'),
    TELF1: `+49 221 ${100_000 + index}`,
    STCEG: `DE${100_000_000 + index * 31}`,
    SPRAS: index % 4 === 0 ? 'E' : 'D',
    KTOKD: index % 11 === 0 ? 'CPD' : '0001',
    ERDAT: `20${String((index % 20) + 5).padStart(2, '0')}${month}${day}`,
    LAEDA: `2024${month}${day}`,
    LAETM: `${String(index % 24).padStart(2, '0')}${String(index % 60).padStart(2, '0')}00`,
    WAERS: pick(currencies),
    UMSAT: `${sign}${(index * 7919) % 10_000_000}.${String(index % 100).padStart(2, '0')}`,
    KLIMK: `${((index * 13) % 900) * 1000}.00`,
    SKONT: `${index % 5}.${String((index * 125) % 1000).padStart(3, '0')}`,
    SCORE: String((index % 2000) - 1000),
  };
  const fields: FieldDefinition[] = tableOf('ZBULK').fields;
  return Object.fromEntries(fields.map(({ name }) => [name, given[name] ?? '']));
}
