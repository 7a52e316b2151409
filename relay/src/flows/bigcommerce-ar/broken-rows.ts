import { SystemError } from '@ml-connector/shared';
import type { UnreadableRow } from '../../systems/bigcommerce/index.ts';

/** A row of a list that is to become a blocked record. */
export type NamedRow = UnreadableRow & { id: number };

/** Broken rows of a list while its neighbours are read: what has an id becomes a record that says so, what has none fails the run at its end. */
export class BrokenRows {
  readonly #waiting = new Map<number, NamedRow>();
  readonly #nameless = new Set<string>();

  readonly unreadable = (one: UnreadableRow): void => {
    if (one.id === undefined) this.#nameless.add(JSON.stringify(one.row));
    else this.#waiting.set(one.id, { ...one, id: one.id });
  };

  /** Those since the last time, each once. */
  take(): NamedRow[] {
    const taken = [...this.#waiting.values()];
    this.#waiting.clear();
    return taken;
  }

  get hasNameless(): boolean {
    return this.#nameless.size > 0;
  }

  /** To be called when everything else was handed on, and before the cursor is: throws where rows had no id. */
  assertAllNamed(what: string): void {
    if (!this.hasNameless) return;
    throw new SystemError(
      'BIGCOMMERCE_ROWS_WITHOUT_ID',
      'refused',
      `reading the ${what}: ${this.#nameless.size} rows of the store's list have no usable id; all others were read`,
      {
        fix: 'Ask the support of BigCommerce, with the answers that the trace of this run shows; until then each run looks at them again.',
      },
    );
  }
}
