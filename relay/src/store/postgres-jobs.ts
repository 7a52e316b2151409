import type { Clock } from '@ml-connector/shared';
import type { Pool, PoolClient } from 'pg';
import type { Answer, Job, Sql } from './job.ts';
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
      const work = repeated(deps, job);
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

interface JobDeps {
  pool: Pool;
  clock: Clock;
  closing: AbortSignal;
  sql: Sql;
  queryOf: (statement: { text: string; values: readonly unknown[] }) => NamedQuery;
}

/** What another transaction may have caused, with how often a job is tried: one's own mistake would come again. */
const tries: Record<string, number> = {
  '40001': 20, // serialization failure
  '40P01': 20, // deadlock
  '23505': 4, // a unique key that somebody else took since the job looked
};

async function repeated<Result>(deps: JobDeps, job: Job<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await runOnce(deps, job);
      if (outcome.isCommitted) return outcome.value;
    } catch (error) {
      if (attempt >= (tries[codeOf(error)] ?? 0)) throw error;
    }
    await deps.clock.wait(Math.random() * 5 * attempt);
  }
}

async function runOnce<Result>(deps: JobDeps, job: Job<Result>): Promise<{ isCommitted: boolean; value: Result }> {
  const client = await deps.pool.connect();
  let fault: unknown;
  try {
    const { transactionId, value } = await work(deps, client, job);
    try {
      const { command } = await client.query('commit');
      return { isCommitted: command === 'COMMIT', value };
    } catch (error) {
      fault = error;
      if (isAnswer(error)) throw error;
      return { isCommitted: await wasCommitted(deps, transactionId, error), value };
    }
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

/**
 * The connection broke while the answer to a commit was under way. The database knows what became of it; until it can be asked nobody does,
 * so this waits for it.
 */
async function wasCommitted({ pool, clock, closing }: JobDeps, transactionId: string, cause: unknown): Promise<boolean> {
  for (;;) {
    const status = await pool.query<{ status: string | null }>('select txid_status($1::bigint) as status', [transactionId]).then(
      ({ rows }) => rows[0]?.status ?? 'unknown',
      (error: unknown) => (isAnswer(error) && !isPassing(error) ? 'unknown' : undefined),
    );
    if (status === 'committed') return true;
    if (status === 'aborted') return false;
    if (status === 'unknown' || closing.aborted)
      throw new Error('the database went away during a commit and cannot say what became of it', { cause });
    await clock.wait(200, closing).catch(() => undefined);
  }
}

/** The database refused it, rather than the connection to it being lost. */
function isAnswer(error: unknown): boolean {
  return error instanceof Object && 'severity' in error && error.severity === 'ERROR';
}

// Too many connections, starting up, shutting down.
function isPassing(error: unknown): boolean {
  return /^(?:53|57P)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Object && 'code' in error ? String(error.code) : '';
}
