import type { Clock } from '@ml-connector/shared';
import type { Pool, PoolClient } from 'pg';
import type { Answer, Job, Sql } from './job.ts';
import { isAnswer, notCommitted, repeated, wasCommitted, type CommitDeps } from './postgres-commits.ts';
import { postgresSql, queryNames, type NamedQuery } from './postgres-sql.ts';

export interface PostgresJobs {
  run<Result>(job: Job<Result>): Promise<Result>;
  /** Waits for the jobs in hand, and takes no more. */
  close(): Promise<void>;
}

/** Each job in a transaction of its own on a connection of the pool, so that jobs wait for each other only where they touch the same rows. */
export function postgresJobs(pool: Pool, clock: Clock): PostgresJobs {
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const deps: JobDeps = { pool, clock, closing: closing.signal, sql: postgresSql(), queryOf: queryNames() };
  return {
    run: (job) => {
      if (closing.signal.aborted) return Promise.reject(new Error('the store is closed'));
      const work = repeated(clock, () => runOnce(deps, job));
      const settled = work.then(
        () => undefined,
        () => undefined,
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return work;
    },
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}

interface JobDeps extends CommitDeps {
  sql: Sql;
  queryOf: (statement: { text: string; values: readonly unknown[] }) => NamedQuery;
}

async function runOnce<Result>(deps: JobDeps, job: Job<Result>): Promise<Result> {
  const client = await deps.pool.connect();
  let fault: unknown;
  try {
    const { transactionId, value } = await work(deps, client, job);
    let command = 'COMMIT';
    try {
      ({ command } = await client.query('commit'));
    } catch (error) {
      fault = error;
      if (isAnswer(error)) throw error;
      if (!(await wasCommitted(deps, transactionId, error))) throw notCommitted(error);
    }
    // A job that caught an error of the database's went on in a transaction that was void by then.
    if (command !== 'COMMIT') throw notCommitted();
    return value;
  } catch (error) {
    fault ??= await client.query('rollback').then(
      () => undefined,
      (broken: unknown) => broken,
    );
    throw error;
  } finally {
    client.release(fault !== undefined);
  }
}

async function work<Result>(
  { sql, queryOf }: JobDeps,
  client: PoolClient,
  job: Job<Result>,
): Promise<{ transactionId: string; value: Result }> {
  // Goes out together with the first statement.
  const begun = client.query('begin; select txid_current()::text as id') as unknown as Promise<{ rows: { id: string }[] }[]>;
  begun.catch(() => undefined);
  const steps = job(sql);
  let turn = steps.next({ rows: [], changes: 0 });
  while (!turn.done) turn = steps.next(await answerTo(client, queryOf(turn.value)));
  const [, current] = await begun;
  return { transactionId: current?.rows[0]?.id ?? '', value: turn.value };
}

async function answerTo(client: PoolClient, query: NamedQuery): Promise<Answer> {
  const { rows, rowCount } = await client.query<object>(query as { name: string; text: string; values: unknown[] });
  return { rows, changes: rowCount ?? 0 };
}
