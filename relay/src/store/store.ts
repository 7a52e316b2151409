import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemClock, type Clock, type Log } from '@ml-connector/shared';
import { Kysely, type Transaction } from 'kysely';
import { createListeners, type Change } from './changes.ts';
import type { Job } from './job.ts';
import { migrate } from './migrate.ts';
import { repeated } from './postgres-commits.ts';
import { openPostgresChanges } from './postgres-changes.ts';
import { postgresJobs } from './postgres-jobs.ts';
import { checkServer, clientConfig, openPool, postgresDialect, postgresName, type PostgresSettings } from './postgres.ts';
import type { Db } from './rows.ts';
import { sqliteJobs } from './sqlite-jobs.ts';
import { lockSqlite, openSqlite, sqliteDialect } from './sqlite.ts';

/** The relay's database. */
export interface Store extends AsyncDisposable {
  /** Whether other relays may be connected: on PostgreSQL. */
  readonly isShared: boolean;
  /** Queries; one at a time on SQLite. */
  readonly db: Kysely<Db>;
  /**
   * Runs `work` in a transaction; resolves when it is on disk. On PostgreSQL it is run again after a deadlock or when somebody else was
   * first, so it keeps what it learns in its return value only. There two of them see what the other one has committed meanwhile;
   * `alone` is for work that looks before it writes: two such transactions come out as if one had begun after the other had ended.
   */
  transaction<Result>(work: (transaction: Transaction<Db>) => Promise<Result>, options?: { alone?: boolean }): Promise<Result>;
  /**
   * Runs a job on prepared statements; resolves when it is on disk. On SQLite it shares a transaction with the jobs of other callers. A job
   * that throws fails alone. It may be run twice, so it keeps what it learns in its return value only.
   */
  commit<Result>(job: Job<Result>): Promise<Result>;
  /** Tells the parts of this relay, and on PostgreSQL the other relays, that something changed: they look now rather than at their next round. */
  notify(change: Change): void;
  /** `listener` must not throw. Dispose to stop listening. */
  listen(listener: (change: Change) => void): Disposable;
}

/** Path of the SQLite file, or `:memory:`; its folder is made when missing. Or a database on PostgreSQL. */
export type DatabaseSettings = { file: string; url?: undefined } | (PostgresSettings & { file?: undefined });

export type StoreSettings = DatabaseSettings & {
  /** `serve` locks an SQLite file against a second relay; the command line opens it as `tool` beside a running relay. Default `tool`. */
  role?: 'serve' | 'tool';
  clock?: Clock;
  log?: Log;
};

/** Where a database is, for people: a path, or a URL without the password. */
export function databaseName(database: DatabaseSettings): string {
  return database.url === undefined ? database.file : postgresName(database.url);
}

/** Opens the database at this build's schema level. Rejects when it is newer than this build, or served by another relay. */
export function openStore(settings: StoreSettings): Promise<Store> {
  return settings.url === undefined ? openSqliteStore(settings) : openPostgresStore(settings);
}

async function openSqliteStore({ file, role = 'tool', clock = systemClock }: Extract<StoreSettings, { url?: undefined }>): Promise<Store> {
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
  const { hear, listen } = createListeners();
  const held = opened.move();
  return {
    isShared: false,
    db,
    transaction: (work) => db.transaction().execute(work),
    commit: <Result>(job: Job<Result>) => jobs.run(job) as Promise<Result>,
    notify: hear,
    listen,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function openPostgresStore({ clock = systemClock, log, ...settings }: Extract<StoreSettings, { url: string }>): Promise<Store> {
  await using opened = new AsyncDisposableStack();
  const pool = openPool(settings);
  const closing = new AbortController();
  const db = new Kysely<Db>({ dialect: postgresDialect({ pool, clock, closing: closing.signal }) });
  opened.defer(async () => {
    await db.destroy();
    // kysely leaves a pool alone that it has not used yet.
    if (!pool.ended) await pool.end();
  });
  opened.defer(() => closing.abort());
  await checkServer(pool, postgresName(settings.url));
  await migrate(db, clock);
  const { hear, listen } = createListeners();
  const changes = opened.use(await openPostgresChanges({ pool, config: clientConfig(settings), clock, log, hear }));
  const jobs = postgresJobs(pool, clock);
  opened.defer(() => jobs.close());
  const held = opened.move();
  return {
    isShared: true,
    db,
    transaction: (work, { alone = false } = {}) =>
      repeated(clock, () => (alone ? db.transaction().setIsolationLevel('serializable') : db.transaction()).execute(work)),
    commit: (job) => jobs.run(job),
    notify: (change) => {
      hear(change);
      changes.tell(change);
    },
    listen,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
