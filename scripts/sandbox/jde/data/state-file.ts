import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './row.ts';

export type Change = { table: string; put: Row } | { table: string; remove: Row };

/** What changed since the seed, one JSON line each; the first line says for which day the seed was made. */
export class StateFile {
  readonly seededOn: string;
  readonly changes: readonly Change[];
  readonly #file: string;

  /** Begins the file where there is none. */
  constructor(file: string, today: string) {
    this.#file = file;
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ seededOn: today })}\n`);
    const [first = '{}', ...rest] = readFileSync(file, 'utf8').split('\n');
    this.seededOn = (JSON.parse(first) as { seededOn?: string }).seededOn ?? today;
    this.changes = rest.filter((line) => line !== '').map((line) => JSON.parse(line) as Change);
  }

  add(change: Change): void {
    appendFileSync(this.#file, `${JSON.stringify(change)}\n`);
  }
}
