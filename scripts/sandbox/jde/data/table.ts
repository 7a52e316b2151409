import type { Column, TableDefinition } from './dictionary.ts';
import { asStored, compareValues, valueOf, type Row } from './row.ts';

/** Rows `from` up to, and without, `to` in key order. */
export interface Span {
  from: number;
  to: number;
}

/** One table in memory, always in the order of its primary key. */
export class JdeTable {
  readonly definition: TableDefinition;
  #rows: Row[] = [];

  constructor(definition: TableDefinition) {
    this.definition = definition;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  column(alias: string): Column | undefined {
    return this.definition.columns.get(alias);
  }

  /** Many rows at once, as they are stored; keys must be new. */
  load(rows: readonly Row[]): void {
    const isInOrder = rows.every((row, index) => index === 0 || this.#compareKeys(rows[index - 1] ?? row, row) < 0);
    this.#rows = this.#rows.length === 0 ? [...rows] : this.#rows.concat(rows);
    if (!isInOrder || this.#rows.length !== rows.length) this.#rows.sort((one, other) => this.#compareKeys(one, other));
  }

  /** Replaces the row of the same key. Throws where a value does not fit. */
  put(row: Row): Row {
    const stored = asStored(this.definition, row);
    const { index, isThere } = this.#find(stored);
    this.#rows.splice(index, isThere ? 1 : 0, stored);
    return stored;
  }

  /** The row with these key fields. */
  get(key: Row): Row | undefined {
    const { index, isThere } = this.#find(asStored(this.definition, key));
    return isThere ? this.#rows[index] : undefined;
  }

  /** False where there was none. */
  remove(key: Row): boolean {
    const { index, isThere } = this.#find(asStored(this.definition, key));
    if (isThere) this.#rows.splice(index, 1);
    return isThere;
  }

  /** Rows whose fields are all as given. */
  matching(wanted: Row): Row[] {
    const fields = Object.entries(asStored(this.definition, wanted)).flatMap(([alias, value]) => {
      const column = this.column(alias);
      return column ? [{ column, value }] : [];
    });
    const { from, to } = this.#spanOfFirstKey(fields);
    return this.#rows
      .slice(from, to)
      .filter((row) => fields.every(({ column, value }) => compareValues(column, valueOf(row, column), value) === 0));
  }

  /** Of the rows whose first key field is `value`. */
  spanOf(value: string): Span {
    return { from: this.firstNotBelow(value), to: this.firstAbove(value) };
  }

  /** Index of the first row whose first key field is `value` or more. */
  firstNotBelow(value: string): number {
    const column = this.#firstKey();
    return this.#search((row) => compareValues(column, valueOf(row, column), value) >= 0);
  }

  firstAbove(value: string): number {
    const column = this.#firstKey();
    return this.#search((row) => compareValues(column, valueOf(row, column), value) > 0);
  }

  #spanOfFirstKey(fields: readonly { column: Column; value: string }[]): Span {
    const first = fields.find(({ column }) => column === this.#firstKey());
    return first ? this.spanOf(first.value) : { from: 0, to: this.#rows.length };
  }

  #firstKey(): Column {
    const [column] = this.definition.key;
    if (!column) throw new Error(`${this.definition.name} has no key`);
    return column;
  }

  #find(key: Row): { index: number; isThere: boolean } {
    const index = this.#search((row) => this.#compareKeys(row, key) >= 0);
    const found = this.#rows[index];
    return { index, isThere: found !== undefined && this.#compareKeys(found, key) === 0 };
  }

  #search(isReached: (row: Row) => boolean): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#rows[middle];
      if (row && isReached(row)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compareKeys(one: Row, other: Row): number {
    for (const column of this.definition.key) {
      const order = compareValues(column, valueOf(one, column), valueOf(other, column));
      if (order !== 0) return order;
    }
    return 0;
  }
}
