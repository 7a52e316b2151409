import { SystemError } from '@ml-connector/shared';

/** So many that cannot be understood are no longer single cases: something else is wrong, and the reading must not go on. */
const mostUnread = 200;
const mostNamed = 10;

/** What could not be understood, by key. Each blocks only itself: all others are delivered first. */
export class Problems {
  readonly #of: { what: string; code: string };
  readonly #open = new Map<string, string | undefined>();

  constructor(of: { what: string; code: string }) {
    this.#of = of;
  }

  add(key: string, why: string): void {
    this.#open.set(key, why);
  }

  /** Known from an earlier reading and not tried in this one. */
  keep(keys: readonly string[]): void {
    for (const key of keys) this.#open.set(key, undefined);
  }

  solved(key: string): void {
    this.#open.delete(key);
  }

  has(key: string): boolean {
    return this.#open.has(key);
  }

  keys(): string[] {
    return [...this.#open.keys()];
  }

  refuseTooMany(): void {
    if (this.#open.size > mostUnread) this.throwIfAny();
  }

  throwIfAny(): void {
    const found = [...this.#open].flatMap(([key, why]) => (why === undefined ? [] : [`${key}: ${why}`]));
    if (found.length === 0) return;
    const more = found.length > mostNamed ? `; and ${found.length - mostNamed} more` : '';
    const { what, code } = this.#of;
    throw new SystemError(
      `JDE_${code}_UNREADABLE`,
      'refused',
      `${found.length} ${what} could not be understood: ${found.slice(0, mostNamed).join('; ')}${more}`,
      { fix: 'Correct them in JD Edwards, or what its user may see. They are tried again with every run; all others were read.' },
    );
  }
}
