import { tableDefinitions } from './dictionary.ts';
import type { Row } from './row.ts';
import type { Change, StateFile } from './state-file.ts';
import { JdeTable } from './table.ts';

/** All tables. Changes go through it, so that they are on disk before anybody can read them. */
export class Database {
  readonly #tables = new Map(tableDefinitions.map((definition) => [definition.name, new JdeTable(definition)]));
  readonly #stateFile: StateFile | undefined;

  constructor(seed: Readonly<Record<string, readonly Row[]>>, stateFile?: StateFile) {
    this.#stateFile = stateFile;
    for (const [name, rows] of Object.entries(seed)) this.table(name).load(rows);
    for (const change of stateFile?.changes ?? []) this.#apply(change);
  }

  find(name: string): JdeTable | undefined {
    return this.#tables.get(name);
  }

  /** Throws where there is no such table. */
  table(name: string): JdeTable {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`there is no table ${name}; known: ${[...this.#tables.keys()].join(', ')}`);
    return table;
  }

  put(table: string, row: Row): void {
    this.#apply({ table, put: row });
    this.#save({ table, put: row });
  }

  remove(table: string, row: Row): void {
    const key = keyOf(this.table(table), row);
    this.#apply({ table, remove: key });
    this.#save({ table, remove: key });
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#tables].map(([name, { rows }]) => [name, rows.length]));
  }

  #apply(change: Change): void {
    const table = this.table(change.table);
    if ('put' in change) table.put(change.put);
    else table.remove(change.remove);
  }

  #save(change: Change): void {
    this.#stateFile?.add(change);
  }
}

function keyOf({ definition }: JdeTable, row: Row): Row {
  return Object.fromEntries(definition.key.flatMap(({ alias }) => (row[alias] === undefined ? [] : [[alias, row[alias]]])));
}
