import { canonicalHash } from '@ml-connector/shared';

/** What a search for changes is about. */
export interface ChangeWindow {
  /** Days before the server's today. */
  days: number;
  /** `YYYYMMDD`, where the user of the agent is. */
  today: string;
  /** The relay's time. */
  now: number;
}

/**
 * The (UPMJ, UPMT or TDAY) stamps of all rows of each key within a window. As long as they are the same, nothing of that key changed: the
 * window is days wide, and its keys need not be read again with every run.
 */
export class Stamps {
  readonly #rows = new Map<string, string[]>();
  readonly #window: ChangeWindow;
  readonly #yesterday: string;

  constructor(window: ChangeWindow) {
    this.#window = window;
    this.#yesterday = dayBefore(window.today);
  }

  /** `row` tells the rows of a key apart; `time` is '' or zeros where a program did not set it. */
  add(key: string, row: string, { date, time }: { date: string; time: string }): void {
    // Without its time, a stamp is the same after a second change on its day: such rows count as changed until that day is over.
    const isVague = /^0*$/.test(time) && date >= this.#yesterday;
    this.note(key, `${row} ${date} ${time}${isVague ? ` ${this.#window.now}` : ''}`);
  }

  /** A fact that makes its key worth reading when it appears, changes or goes. */
  note(key: string, fact: string): void {
    const rows = this.#rows.get(key);
    if (rows) rows.push(fact);
    else this.#rows.set(key, [fact]);
  }

  /** By key, short. */
  signatures(): Map<string, string> {
    return new Map([...this.#rows].map(([key, rows]) => [key, canonicalHash(rows.toSorted()).slice(0, 16)]));
  }
}

/** This many keys are remembered with a cursor; those beyond are read with every run as long as they are in the window. */
const mostSeen = 5000;

/** What was delivered, and whether its stamps were the same a second time: only then can nothing have changed within their last second. */
export class Seen {
  readonly #states: Map<string, string>;

  constructor(states: Readonly<Record<string, string>>) {
    this.#states = new Map(Object.entries(states));
  }

  /** Keys whose stamps are new, or were seen only once; and those that left the window, perhaps because what had changed was deleted. */
  toRead(stamps: ReadonlyMap<string, string>): string[] {
    const fresh = [...stamps].filter(([key, signature]) => this.#states.get(key) !== signature).map(([key]) => key);
    return [...fresh, ...[...this.#states.keys()].filter((key) => !stamps.has(key))];
  }

  /** `signature` as it was before the key was read; undefined when it is not in the window. */
  delivered(key: string, signature: string | undefined): void {
    const once = `${signature}?`;
    if (signature === undefined) this.#states.delete(key);
    else this.#states.set(key, this.#states.get(key) === once ? signature : once);
  }

  states(): Record<string, string> {
    return Object.fromEntries([...this.#states].slice(0, mostSeen));
  }
}

function dayBefore(day: string): string {
  const time = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)) - 1);
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
