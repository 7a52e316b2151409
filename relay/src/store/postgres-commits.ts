import type { Clock } from '@ml-connector/shared';
import { CompiledQuery, PostgresDriver, type DatabaseConnection, type TransactionSettings } from 'kysely';
import type { Pool } from 'pg';

/** What it takes to find out what became of a commit. */
export interface CommitDeps {
  pool: Pool;
  clock: Clock;
  /** Aborts when the store closes: then nobody waits for the database any more. */
  closing: AbortSignal;
}

/** What another transaction may have caused, with how often work is tried: one's own mistake would come again. */
const tries: Record<string, number> = {
  '40001': 20, // serialization failure
  '40P01': 20, // deadlock
  '23505': 4, // a unique key that somebody else took since the work looked
};

/** Runs a transaction until no other one is in its way. */
export async function repeated<Result>(clock: Clock, transaction: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= (tries[codeOf(error)] ?? 0)) throw error;
    }
    await clock.wait(Math.random() * 5 * attempt);
  }
}

/** Of a transaction that left nothing behind, through nobody's fault; `repeated` runs it again. */
export function notCommitted(cause?: unknown): Error {
  return Object.assign(new Error('the transaction was not committed', { cause }), { code: '40001' });
}

/**
 * The connection broke while the answer to a commit was under way. The database knows what became of it; until it can be asked nobody does,
 * so this waits for it.
 */
export async function wasCommitted({ pool, clock, closing }: CommitDeps, transactionId: string, cause: unknown): Promise<boolean> {
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
export function isAnswer(error: unknown): boolean {
  return error instanceof Object && 'severity' in error && error.severity === 'ERROR';
}

/** kysely's transactions, whose commits are asked after when the answer is lost. */
export class AskingDriver extends PostgresDriver {
  readonly #deps: CommitDeps;
  readonly #transactionIds = new WeakMap<DatabaseConnection, string>();

  constructor(deps: CommitDeps) {
    super({ pool: deps.pool });
    this.#deps = deps;
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const [, { rows }] = await Promise.all([
      super.beginTransaction(connection, settings),
      connection.executeQuery<{ id: string }>(transactionId), // goes out together with the beginning
    ]);
    this.#transactionIds.set(connection, rows[0]?.id ?? '');
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      if (isAnswer(error) || isAborted(error)) throw error;
      const id = this.#transactionIds.get(connection) ?? '';
      if (!(await wasCommitted(this.#deps, id, error))) throw notCommitted(error);
    }
  }

  // On a broken connection there is nothing to roll back; what broke it is what the caller is to hear.
  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

// Work that caught an error of the database's went on in a transaction that was void by then.
function isAborted(error: unknown): boolean {
  return error instanceof Object && 'name' in error && error.name === 'AbortedTransactionError';
}

const transactionId = CompiledQuery.raw('select txid_current()::text as id');

// Too many connections, starting up, shutting down.
function isPassing(error: unknown): boolean {
  return /^(?:53|57P)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Object && 'code' in error ? String(error.code) : '';
}
