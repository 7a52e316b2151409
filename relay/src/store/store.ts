import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemClock, type Clock } from '@ml-connector/shared';
import { Kysely } from 'kysely';
import type { Job } from './job.ts';
import { migrate } from './migrate.ts';
import type { Db } from './rows.ts';
import { sqliteJobs } from './sqlite-jobs.ts';
import { lockSqlite, openSqlite, sqliteDialect } from './sqlite.ts';

/** The relay's database. */
export interface Store extends AsyncDisposable {
  /** Queries and transactions; one at a time on SQLite. */
  readonly db: Kysely<Db>;
  /**
   * Runs a job on prepared statements; resolves when it is on disk. On SQLite it shares a transaction with the jobs of other callers. A job
   * that throws fails alone. It may be run twice, so it keeps what it learns in its return value only.
   */
  commit<Result>(job: Job<Result>): Promise<Result>;
  /** Tells the parts of this relay that something changed, so that they look now rather than at their next round. */
  notify(change: Change): void;
  /** `listener` must not throw. Dispose to stop listening. */
  listen(listener: (change: Change) => void): Disposable;
}

/** `work`: something may be due. `cancel`: a person wants the run `id` to end. Ids as far as they are known, for live views. */
export interface Change {
  about: 'work' | 'cancel' | 'record' | 'run' | 'connection' | 'agent' | 'settings';
  tenantId?: string;
  id?: string;
}

export interface StoreSettings {
  /** Path of the SQLite file, or `:memory:`. Its folder is made when missing. */
  file: string;
  /** `serve` locks the file against a second relay; the command line opens it as `tool` beside a running relay. Default `tool`. */
  role?: 'serve' | 'tool';
  clock?: Clock;
}

/** Opens the database at this build's schema level. Rejects when it is newer than this build, or served by another relay. */
export async function openStore({ file, role = 'tool', clock = systemClock }: StoreSettings): Promise<Store> {
  await using opened = new AsyncDisposableStack();
  const isFile = file !== ':memory:';
  if (isFile) mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  if (isFile && role === 'serve') opened.use(lockSqlite(file));
  const handle = openSqlite(file);
  const db = new Kysely<Db>({ dialect: sqliteDialect(handle) });
  opened.defer(() => db.destroy());
  await migrate(db, clock);
  const jobs = sqliteJobs(db, handle);
  opened.defer(() => jobs.idle());
  const listeners = new Set<(change: Change) => void>();
  const held = opened.move();
  return {
    db,
    commit: <Result>(job: Job<Result>) => jobs.run(job) as Promise<Result>,
    notify: (change) => {
      for (const listener of listeners) listener(change);
    },
    listen: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
