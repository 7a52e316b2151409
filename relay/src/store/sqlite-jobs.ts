import type { Statement as Prepared } from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { groupCommit, type GroupCommit, type Outcome } from './group-commit.ts';
import type { Input, Job, Sql, SqlValue, Step } from './job.ts';
import type { Db } from './rows.ts';
import type { SqliteHandle } from './sqlite.ts';
import { withVisibleNul } from './visible-nul.ts';

/**
 * The hot paths' way to the database: jobs as plain prepared statements, in groups that share a transaction. kysely serialises its users on
 * one connection; a statement beside that would join whatever transaction is open, so a group runs inside a slot of kysely's own.
 */
export function sqliteJobs(db: Kysely<Db>, handle: SqliteHandle): GroupCommit<Job<unknown>, unknown> {
  const sql = preparedSql(handle);
  return groupCommit(async (jobs) => db.connection().execute(async () => runTogether(handle, sql, jobs)));
}

function runTogether(handle: SqliteHandle, sql: Sql, jobs: Job<unknown>[]): Outcome<unknown>[] {
  try {
    return handle.transaction(() => jobs.map((job): Outcome<unknown> => ({ ok: true, value: runNow(sql, job) }))).immediate();
  } catch (error) {
    if (jobs.length === 1) return [{ ok: false, error }];
    return runApart(handle, sql, jobs);
  }
}

// Someone in the group is at fault; each in its own savepoint, so that only that one fails.
function runApart(handle: SqliteHandle, sql: Sql, jobs: Job<unknown>[]): Outcome<unknown>[] {
  const alone = handle.transaction((job: Job<unknown>) => runNow(sql, job));
  return handle
    .transaction(() =>
      jobs.map((job): Outcome<unknown> => {
        try {
          return { ok: true, value: alone(job) };
        } catch (error) {
          return { ok: false, error };
        }
      }),
    )
    .immediate();
}

// Every statement has its result at once, so the job never stops at one.
function runNow(sql: Sql, job: Job<unknown>): unknown {
  const end = job(sql).next();
  if (!end.done) throw new Error('a job may yield nothing but its statements');
  return end.value;
}

class SqliteStep<Result> implements Iterator<never, Result> {
  readonly #run: () => Result;
  constructor(run: () => Result) {
    this.#run = run;
  }
  [Symbol.iterator](): this {
    return this;
  }
  next(): IteratorReturnResult<Result> {
    return { done: true, value: this.#run() };
  }
}

/** Statements are prepared once per text. */
function preparedSql(handle: SqliteHandle): Sql {
  const cache = new Map<string, Prepared>();
  const prepare = (text: string): Prepared => {
    const known = cache.get(text);
    if (known) return known;
    const made = handle.prepare(text.replaceAll('?*', '(select value from json_each(?))'));
    cache.set(text, made);
    return made;
  };
  return {
    get: <Row>(text: string, ...values: SqlValue[]) =>
      new SqliteStep(() => prepare(text).get(bound(values)) as Row | undefined) as Step<Row | undefined>,
    all: <Row>(text: string, ...values: SqlValue[]) => new SqliteStep(() => prepare(text).all(bound(values)) as Row[]),
    run: (text, ...values) => new SqliteStep(() => prepare(text).run(bound(values))),
    getEach: <Row>(text: string, inputs: readonly Input[]) =>
      new SqliteStep(() => inputs.map((values) => prepare(text).get(bound(values)) as Row | undefined)),
    insertEach: (text, inputs) =>
      new SqliteStep(() => ({ changes: inputs.reduce((count, values) => count + prepare(text).run(bound(values)).changes, 0) })),
    forShare: '',
  };
}

// Nearly always the values as they are: nothing is copied then.
function bound(values: readonly SqlValue[]): readonly unknown[] {
  return values.every(isPlain) ? values : values.map((value) => stored(withVisibleNul(value)));
}

function isPlain(value: SqlValue): boolean {
  return typeof value === 'string' ? !value.includes('\0') : !Array.isArray(value);
}

function stored(value: SqlValue): unknown {
  return Array.isArray(value) ? JSON.stringify(value) : value;
}
