import type { Row } from './data/index.ts';
import type { SimParts } from './parts.ts';

/** Who changes a row, and when: what is left out is a person at the server's time. */
export interface Stamp {
  USER?: string;
  PID?: string;
  UPMJ?: string;
  /** UPMT or TDAY, whichever the table has. */
  time?: string;
}

/** What people and programs do inside JD Edwards. Rows are named by some of their fields, which must find at least one. */
export class Person {
  readonly #parts: Pick<SimParts, 'database' | 'clock'>;

  constructor(parts: Pick<SimParts, 'database' | 'clock'>) {
    this.#parts = parts;
  }

  /** Throws where the key is there already. `stamp: 'none'` leaves UPMJ and time as they are, as a correction by SQL does. */
  insert(table: string, row: Row, stamp: Stamp | 'none' = {}): void {
    if (this.#parts.database.table(table).get(row)) throw new Error(`${table} has a row of this key already: ${JSON.stringify(row)}`);
    this.#parts.database.put(table, { ...row, ...this.#stamped(table, stamp) });
  }

  /** How many rows were changed. */
  update(table: string, where: Row, change: Row, stamp: Stamp | 'none' = {}): number {
    const rows = this.rows(table, where);
    for (const row of rows) {
      const changed = { ...row, ...change, ...this.#stamped(table, stamp) };
      if (this.#hasOtherKey(table, row, changed)) this.#parts.database.remove(table, row);
      this.#parts.database.put(table, changed);
    }
    return rows.length;
  }

  /** How many rows are gone. */
  remove(table: string, where: Row): number {
    const rows = this.rows(table, where);
    for (const row of rows) this.#parts.database.remove(table, row);
    return rows.length;
  }

  today(): string {
    return this.#parts.clock.today();
  }

  find(table: string, where: Row): Row[] {
    return this.#parts.database.table(table).matching(where);
  }

  /** In key order; throws where there is none. */
  first(table: string, where: Row = {}): Row {
    const [row] = this.rows(table, where);
    return row ?? {};
  }

  last(table: string): Row | undefined {
    return this.#parts.database.table(table).rows.at(-1);
  }

  /** Throws where there is none. */
  rows(table: string, where: Row): Row[] {
    const rows = this.find(table, where);
    if (rows.length === 0) throw new Error(`no row of ${table} has ${JSON.stringify(where)}`);
    return rows;
  }

  #hasOtherKey(table: string, one: Row, other: Row): boolean {
    return this.#parts.database.table(table).definition.key.some(({ alias }) => one[alias] !== other[alias]);
  }

  #stamped(table: string, stamp: Stamp | 'none'): Row {
    if (stamp === 'none') return {};
    const { clock, database } = this.#parts;
    const { timeColumn } = database.table(table).definition;
    return {
      USER: stamp.USER ?? 'JSMITH',
      PID: stamp.PID ?? 'EP01012',
      UPMJ: stamp.UPMJ ?? clock.today(),
      [timeColumn]: stamp.time ?? clock.timeOfDay(),
    };
  }
}
