import { PostgresAdapter, PostgresDialect, PostgresQueryCompiler, sql, type DataTypeNode, type Dialect, type Kysely } from 'kysely';
import { Pool, types, type ClientConfig, type PoolConfig } from 'pg';
import { AskingDriver, type CommitDeps } from './postgres-commits.ts';
import { withVisibleNul } from './visible-nul.ts';

export interface PostgresSettings {
  /** `postgres://user:password@host/database?sslmode=…`. */
  url: string;
  /** Connections of this process; default 10. */
  poolSize?: number | undefined;
  /** After this long a statement is given up; default 60,000. */
  statementTimeoutMs?: number | undefined;
}

/** Where a database is, without its password. */
export function postgresName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? `postgres://${parsed.host}${parsed.pathname}` : 'PostgreSQL';
}

const int8 = 20;
const numeric = 1700;

/** Settings of every connection. Whole numbers of 8 bytes and sums of them come as numbers: the schema holds times and counts only. */
export function clientConfig({ url, statementTimeoutMs = 60_000 }: PostgresSettings): ClientConfig {
  return {
    connectionString: url,
    application_name: 'ml-relay',
    statement_timeout: statementTimeoutMs,
    // A server that is gone without a word.
    query_timeout: statementTimeoutMs + 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: (oid: number) => (oid === int8 || oid === numeric ? Number : types.getTypeParser(oid)) },
  };
}

/** A pool whose connections may die at any moment: the next use opens others. */
export function openPool(settings: PostgresSettings): Pool {
  const pipelined: PoolConfig & { pipeline: boolean } = {
    ...clientConfig(settings),
    max: settings.poolSize ?? 10,
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: 30_000,
    pipeline: true,
  };
  const pool = new Pool(pipelined);
  // Whoever uses the connection hears of it through its query; without a listener Node ends the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** Rejects when the database is not fit for the ledger, and says what to do. */
export async function checkServer(pool: Pool, name: string): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string; synchronous: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
       current_setting('synchronous_commit') as synchronous`,
  );
  const [server] = rows;
  if (!server || server.version < 130_000) throw new Error(`${name} is older than PostgreSQL 13`);
  if (server.encoding !== 'UTF8') throw new Error(`${name} is encoded in ${server.encoding}; create the database with encoding UTF8`);
  if (server.synchronous === 'off')
    throw new Error(`${name} answers commits before they are on disk (synchronous_commit is off); set it to on for the relay's user`);
}

/** kysely on a pool; text is ordered by its bytes, as SQLite does it, so that pages and keys have the same order on both. */
export function postgresDialect(deps: CommitDeps): Dialect {
  const dialect = new PostgresDialect({ pool: deps.pool });
  return {
    createAdapter: () => new LockingAdapter(),
    createDriver: () => new AskingDriver(deps),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => new ByteOrderCompiler(),
  };
}

class ByteOrderCompiler extends PostgresQueryCompiler {
  protected override addParameter(parameter: unknown): void {
    super.addParameter(withVisibleNul(parameter));
  }

  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (node.dataType === 'text' && this.parentNode?.kind === 'ColumnDefinitionNode') this.append(' collate "C"');
  }
}

// Any number that no other program takes.
const migrationLock = 7_205_513_881;

class LockingAdapter extends PostgresAdapter {
  /** Holds it until the transaction ends; waits for another instance, and for as long as a migration takes. */
  override async acquireMigrationLock(transaction: Kysely<never>): Promise<void> {
    await sql`set local statement_timeout = 0`.execute(transaction);
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(transaction);
  }
}
