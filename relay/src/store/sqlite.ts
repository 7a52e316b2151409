import path from 'node:path';
import Database from 'better-sqlite3';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
} from 'kysely';
import { withVisibleNul } from './visible-nul.ts';

export type SqliteHandle = Database.Database;

/** WAL with FULL: a commit survives power loss. NORMAL would lose the last commits, and groups make FULL as fast (facts/performance.md 3). */
export function openSqlite(file: string): SqliteHandle {
  const handle = new Database(file);
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.pragma('foreign_keys = ON');
  handle.pragma('busy_timeout = 5000');
  // 32 MB: the index pages of a million records stay at hand. A longer log writes a busy page back once instead of many times.
  handle.pragma('cache_size = -32768');
  handle.pragma('wal_autocheckpoint = 4000');
  // SQLite's own `lower` knows ASCII only, and people search for "söhne".
  handle.function('fold', { deterministic: true }, (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : text));
  return handle;
}

/** Throws when another relay serves the file. The database itself stays open to the command line. */
export function lockSqlite(file: string): Disposable {
  return lock(file, 'or give this one another database file');
}

/**
 * Throws when another relay serves from the folder. For PostgreSQL, which any number of relays may share: but one that comes back is known
 * by its folder, and takes over what it had in hand.
 */
export function lockDataFolder(dataDir: string): Disposable {
  return lock(path.join(dataDir, 'relay'), 'or give this one another data folder');
}

/** Holds `<file>.lock` until closed; the operating system releases it when the process dies. */
function lock(file: string, orElse: string): Disposable {
  const handle = new Database(`${file}.lock`, { timeout: 0 });
  try {
    handle.pragma('journal_mode = DELETE');
    handle.exec('begin exclusive');
  } catch (error) {
    handle.close();
    throw new Error(`another ml-relay is serving ${file}; stop it first, ${orElse}`, { cause: error });
  }
  return { [Symbol.dispose]: () => handle.close() };
}

/** kysely on an open handle, with transactions that take the write lock when they begin. */
export function sqliteDialect(handle: SqliteHandle): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ImmediateDriver({ database: handle }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new VisibleNulCompiler(),
  };
}

class VisibleNulCompiler extends SqliteQueryCompiler {
  protected override addParameter(parameter: unknown): void {
    super.addParameter(withVisibleNul(parameter));
  }
}

// A transaction that reads first and writes later fails at once (SQLITE_BUSY_SNAPSHOT) when another process wrote in between,
// whatever the busy timeout.
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}
