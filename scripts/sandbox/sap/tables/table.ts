import { completeRow, fieldOf, keyFieldsOf, tableOf, type Row, type TableDefinition } from '../dictionary/index.ts';
import { byCodeUnits, isExactRange, keyRangeOf, predicateOf, type KeyRange } from './where-meaning.ts';
import type { Expression } from './where.ts';

/** In which order the database hands out rows when nobody asked for one. */
export type RowOrder = 'primary-key' | 'heap';

export interface Selection {
  where?: Expression | undefined;
  skip?: number;
  /** 0: all. */
  count?: number;
  sorted?: boolean;
  /** Order of a page that begins at the first row and has no restriction on the leading key. */
  order?: RowOrder;
}

/** Rows of one table in internal format, the client left out of every key. */
export interface SapTable {
  readonly definition: TableDefinition;
  readonly size: number;
  select(selection: Selection): Iterable<Row>;
  get(key: readonly string[]): Row | undefined;
}

/**
 * A table that keeps its rows. Order as on a real database: a restriction on the leading key field is served by the primary index, in
 * key order; a whole read and a read with ROWSKIPS come as they lie on disk, which is the same every time but not sorted.
 */
export class StoredTable implements SapTable {
  readonly definition: TableDefinition;
  private readonly keyFields: { name: string; length: number }[];
  private rows: Row[] = [];
  private keys: string[] = [];

  constructor(definition: TableDefinition) {
    this.definition = definition;
    this.keyFields = keyFieldsOf(definition);
  }

  static of(name: string): StoredTable {
    return new StoredTable(tableOf(name));
  }

  get size(): number {
    return this.rows.length;
  }

  get(key: readonly string[]): Row | undefined {
    const text = this.keyText(key);
    const at = this.lowerBound(text);
    return this.keys[at] === text ? this.rows[at] : undefined;
  }

  /** All rows in key order. */
  all(): readonly Row[] {
    return this.rows;
  }

  /** Replaces everything; throws on a duplicate key. */
  load(given: readonly Row[]): void {
    const entries = given.map((one) => {
      const row = completeRow(this.definition, one);
      return { row, key: this.keyOf(row) };
    });
    entries.sort((a, b) => byCodeUnits(a.key, b.key));
    const duplicate = entries.find(({ key }, index) => index > 0 && entries[index - 1]?.key === key);
    if (duplicate) throw new Error(`${this.definition.name}: key ${duplicate.key} twice`);
    this.rows = entries.map(({ row }) => row);
    this.keys = entries.map(({ key }) => key);
  }

  insert(given: Row): Row {
    const row = completeRow(this.definition, given);
    const key = this.keyOf(row);
    const at = this.lowerBound(key);
    if (this.keys[at] === key) throw new Error(`${this.definition.name}: key ${key} exists`);
    this.rows.splice(at, 0, row);
    this.keys.splice(at, 0, key);
    return row;
  }

  /** Many rows at once; throws on a duplicate key. */
  insertAll(given: readonly Row[]): void {
    if (given.length > 0) this.load([...this.rows, ...given]);
  }

  /** The rows whose key begins with these values, in key order. */
  withPrefix(values: readonly string[]): Row[] {
    const text = this.keyFields
      .slice(0, values.length)
      .map(({ length }, index) => (values[index] ?? '').padEnd(length))
      .join('');
    const begin = this.lowerBound(text);
    return this.rows.slice(begin, this.lowerBound(`${text}\uffff`));
  }

  /** Changes non-key fields; throws when there is no such row. */
  update(key: readonly string[], changes: Row): { before: Row; after: Row } {
    const at = this.lowerBound(this.keyText(key));
    const before = this.rows[at];
    if (!before || this.keys[at] !== this.keyText(key)) throw new Error(`${this.definition.name} has no row ${key.join('/')}`);
    for (const name of Object.keys(changes)) {
      if (fieldOf(this.definition, name).key) throw new Error(`${this.definition.name}-${name} is a key field`);
    }
    const after = completeRow(this.definition, { ...before, ...changes });
    this.rows[at] = after;
    return { before, after };
  }

  delete(key: readonly string[]): boolean {
    const at = this.lowerBound(this.keyText(key));
    if (this.keys[at] !== this.keyText(key)) return false;
    this.rows.splice(at, 1);
    this.keys.splice(at, 1);
    return true;
  }

  *select({ where, skip = 0, count = 0, sorted = false, order = 'primary-key' }: Selection): Generator<Row> {
    const leading = this.keyFields[0]?.name;
    const range = keyRangeOf(where, leading);
    const isIndexed = range.from !== undefined || range.to !== undefined;
    const inKeyOrder = sorted || isIndexed || (skip === 0 && count > 0 && order === 'primary-key');
    const matches = where && !(leading && isExactRange(where, leading)) ? predicateOf(where) : undefined;
    const { begin, end } = this.spanOf(where, range);
    let left = count === 0 ? Number.MAX_SAFE_INTEGER : count;
    let toSkip = skip;
    for (const index of inKeyOrder ? upwards(begin, end) : asOnDisk(this.rows.length)) {
      const row = this.rows[index] as Row;
      if (leading && range.to !== undefined && inKeyOrder && (row[leading] ?? '') > range.to) return;
      if (matches && !matches(row)) continue;
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      yield row;
      if (--left === 0) return;
    }
  }

  /** Behind one value of the leading key field, the index serves the next one too. */
  private spanOf(where: Expression | undefined, { from, to }: KeyRange): { begin: number; end: number } {
    const begin = from === undefined ? 0 : this.lowerBound(from);
    const [first, second] = this.keyFields;
    if (!first || !second || from === undefined || from !== to) return { begin, end: this.rows.length };
    const next = keyRangeOf(where, second.name);
    return {
      begin: next.from === undefined ? begin : this.lowerBound(from.padEnd(first.length) + next.from),
      end: next.to === undefined ? this.rows.length : this.lowerBound(`${from.padEnd(first.length)}${next.to.padEnd(second.length)}\uffff`),
    };
  }

  /** Values of the key fields. */
  keyValuesOf(row: Row): string[] {
    return this.keyFields.map(({ name }) => row[name] ?? '');
  }

  private keyOf(row: Row): string {
    return this.keyText(this.keyValuesOf(row));
  }

  private keyText(values: readonly string[]): string {
    return this.keyFields.map(({ length }, index) => (values[index] ?? '').padEnd(length)).join('');
  }

  private lowerBound(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function* upwards(begin: number, end: number): Generator<number> {
  for (let index = begin; index < end; index++) yield index;
}

/** Every row once, in an order that looks like no order and is the same each time. */
function* asOnDisk(size: number): Generator<number> {
  if (size === 0) return;
  let stride = Math.max(1, Math.floor(size * 0.618));
  while (greatestCommonDivisor(stride, size) !== 1) stride++;
  for (let step = 0, index = Math.floor(size / 2); step < size; step++, index = (index + stride) % size) yield index;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
