import { randomBytes } from 'node:crypto';
import type { Row } from '../data/index.ts';
import type { JdeClock } from '../jde-clock.ts';
import type { Site } from '../site.ts';
import type { GridShape } from './grid.ts';

/** An open result: its rows as they were at the first call, and how far they were handed out. */
export interface Cursor {
  rid: string;
  token: string;
  shape: GridShape;
  rows: readonly Row[];
  pageSize: number;
  position: number;
  stateId: number;
  lastUsedAt: number;
}

/** Results kept for paging by link; one that nobody asks for expires. */
export class Cursors {
  readonly #site: Site;
  readonly #clock: JdeClock;
  readonly #open = new Map<string, Cursor>();

  constructor(site: Site, clock: JdeClock) {
    this.#site = site;
    this.#clock = clock;
  }

  get size(): number {
    return this.#open.size;
  }

  open(fields: Omit<Cursor, 'rid' | 'stateId' | 'lastUsedAt'>): Cursor {
    const cursor = { ...fields, rid: randomBytes(8).toString('hex').slice(1), stateId: 1, lastUsedAt: this.#clock.now() };
    this.#open.set(cursor.rid, cursor);
    return cursor;
  }

  /** Undefined where it expired, was another session's, or that link was followed before. */
  next({ rid, stateId, token }: { rid: string; stateId: string; token: string }): Cursor | undefined {
    const cursor = this.#open.get(rid);
    if (!cursor || cursor.token !== token || String(cursor.stateId) !== stateId) return undefined;
    if (this.#clock.now() - cursor.lastUsedAt > this.#site.cursorIdleMs) {
      this.#open.delete(rid);
      return undefined;
    }
    cursor.lastUsedAt = this.#clock.now();
    cursor.stateId += 1;
    return cursor;
  }

  close({ rid }: Cursor): void {
    this.#open.delete(rid);
  }

  expireAll(): void {
    this.#open.clear();
  }
}
