import type { LiveChange } from './feed.ts';

/** Beyond so many of one kind it says that many changed, and no longer which. */
const mostIds = 50;

/** What a client has yet to be told: each thing once, and never more than a few of a kind. */
export class Pending {
  readonly #ids = new Map<LiveChange['about'], Set<string> | 'many'>();

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  add({ about, id }: LiveChange): void {
    const ids = this.#ids.get(about) ?? new Set();
    if (ids === 'many') return;
    if (id !== null) ids.add(id);
    this.#ids.set(about, id === null || ids.size > mostIds ? 'many' : ids);
  }

  /** Everything, and none of it is pending any more. */
  take(): LiveChange[] {
    const taken = [...this.#ids].flatMap(([about, ids]) =>
      ids === 'many' ? [{ about, id: null }] : [...ids].map((id): LiveChange => ({ about, id })),
    );
    this.#ids.clear();
    return taken;
  }
}
