import type { Statement } from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { groupCommit, type GroupCommit, type Outcome } from './group-commit.ts';
import type { Db } from './rows.ts';
import type { SqliteHandle } from './sqlite.ts';

/** Prepared statements of the store's handle, made once per text. Only for use inside a `SqliteJob`. */
export interface Statements {
  prepare(text: string): Statement;
}

/** Reads and writes synchronously, in a transaction shared with other jobs. It may be run a second time, after a neighbour failed. */
export type SqliteJob = (statements: Statements) => unknown;

/**
 * The hot paths' way to the database: jobs as plain prepared statements, in groups. kysely serialises its users on one connection; a
 * statement beside that would join whatever transaction is open, so a group runs inside a slot of kysely's own.
 */
export function sqliteJobs(db: Kysely<Db>, handle: SqliteHandle): GroupCommit<SqliteJob, unknown> {
  const statements = cachedStatements(handle);
  return groupCommit(async (jobs) => db.connection().execute(async () => runTogether(handle, statements, jobs)));
}

function runTogether(handle: SqliteHandle, statements: Statements, jobs: SqliteJob[]): Outcome<unknown>[] {
  try {
    return handle.transaction(() => jobs.map((job): Outcome<unknown> => ({ ok: true, value: job(statements) }))).immediate();
  } catch (error) {
    if (jobs.length === 1) return [{ ok: false, error }];
    return runApart(handle, statements, jobs);
  }
}

// Someone in the group is at fault; each in its own savepoint, so that only that one fails.
function runApart(handle: SqliteHandle, statements: Statements, jobs: SqliteJob[]): Outcome<unknown>[] {
  const alone = handle.transaction((job: SqliteJob) => job(statements));
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

function cachedStatements(handle: SqliteHandle): Statements {
  const cache = new Map<string, Statement>();
  return {
    prepare(text) {
      const known = cache.get(text);
      if (known) return known;
      const made = handle.prepare(text);
      cache.set(text, made);
      return made;
    },
  };
}
