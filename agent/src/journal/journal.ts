import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { SystemError, type Clock } from '@ml-connector/shared';
import { toEntry, type EntryRow } from './row.ts';
import type { Finish, JournalEntry, NewEntry } from './entry.ts';
import { boundedOutcome } from './outcome.ts';

/**
 * The agent's write-ahead journal of units (`units.db` in the data folder): what was allowed to happen in SAP is on disk before it happens.
 * Every method is synchronous and durable when it returns, and throws JOURNAL_UNAVAILABLE (`retry`) when the file cannot be read or written;
 * the next call tries the file again.
 */
export interface UnitJournal extends Disposable {
  find(unitId: string): JournalEntry | undefined;
  start(entry: NewEntry): void;
  committing(unitId: string, at: number): void;
  finish(unitId: string, finish: Finish): void;
  /** Newest first. */
  list(filter: { onlyOpen: boolean; limit: number }): JournalEntry[];
  countOpen(): number;
  /** Writes something, to see whether it can. */
  probe(): void;
  /** The file was made by this process: it knows of nothing that an earlier journal may have held. */
  readonly isNew: boolean;
  /** Units whose `notAfter` is longer ago may have been forgotten. */
  readonly reachesBackMs: number;
}

export interface JournalDeps {
  dataDir: string;
  clock: Clock;
  /** Finished entries beyond this number go, the oldest first. */
  keepCount?: number | undefined;
  keepMs?: number | undefined;
  /** Looks only, also while the agent runs: nothing is made, changed or removed. The file must exist. */
  isReadOnly?: boolean | undefined;
  /** Pages of 4096 bytes the file may have; for tests of a full disk. */
  mostPages?: number | undefined;
}

export const journalFile = (dataDir: string): string => path.join(dataDir, 'units.db');

const dayMs = 86_400_000;
/** A finished entry is kept so long after its `notAfter`, whatever the count: the relay may still ask. */
const leastMs = dayMs;
const pruneEvery = 200;

export function openJournal(deps: JournalDeps): UnitJournal {
  return new SqliteJournal(deps);
}

class SqliteJournal implements UnitJournal {
  readonly reachesBackMs = leastMs;
  readonly #deps: JournalDeps;
  #database: DatabaseSync | undefined;
  #isNew = false;
  #wasOpen = false;
  #finishes = 0;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#isNew = !existsSync(journalFile(deps.dataDir));
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  find(unitId: string): JournalEntry | undefined {
    const row = this.#use((database) => database.prepare('select * from unit where unit_id = ?').get(unitId));
    return row && toEntry(row as unknown as EntryRow);
  }

  start(entry: NewEntry): void {
    const { unitId, contentHash, system, functions, callId, recordId = null, runId = null, flowId = null, notAfter, startedAt } = entry;
    this.#run(
      `insert into unit (unit_id, content_hash, system, functions, call_id, record_id, run_id, flow_id, not_after, started_at, state)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'started')`,
      [unitId, contentHash, system, JSON.stringify(functions), callId, recordId, runId, flowId, notAfter, startedAt],
    );
  }

  committing(unitId: string, at: number): void {
    const sql = `update unit set state = 'committing', committing_at = ? where unit_id = ? and state = 'started'`;
    if (!this.#run(sql, [at, unitId])) throw this.#lost(unitId);
  }

  finish(unitId: string, { outcome, ending, finishedAt }: Finish): void {
    const { verdict, code } = 'error' in outcome ? outcome.error : { verdict: 'ok', code: null };
    const isWritten = this.#run(
      `update unit set state = 'finished', outcome = ?, ending = ?, verdict = ?, code = ?, finished_at = ?
       where unit_id = ? and state in ('started', 'committing')`,
      [JSON.stringify(boundedOutcome(outcome)), ending, verdict, code, finishedAt, unitId],
    );
    if (!isWritten && this.find(unitId)?.state !== 'finished') throw this.#lost(unitId);
    this.#finishes += 1;
    if (this.#finishes % pruneEvery === 0) this.#pruneIfPossible();
  }

  list({ onlyOpen, limit }: { onlyOpen: boolean; limit: number }): JournalEntry[] {
    const which = onlyOpen ? `where state in ('started', 'committing')` : '';
    const rows = this.#use((database) => database.prepare(`select * from unit ${which} order by started_at desc limit ?`).all(limit));
    return (rows as unknown as EntryRow[]).map(toEntry);
  }

  countOpen(): number {
    const row = this.#use((database) => database.prepare(`select count(*) as n from unit where state in ('started', 'committing')`).get());
    return Number(row?.['n'] ?? 0);
  }

  probe(): void {
    this.#run('insert into probe (id, at) values (1, ?) on conflict (id) do update set at = excluded.at', [this.#deps.clock.now()]);
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** False when no row was meant. */
  #run(sql: string, values: SQLInputValue[]): boolean {
    return this.#use((database) => database.prepare(sql).run(...values).changes > 0);
  }

  /** An entry that is not there any more: somebody else has the file in his hands. */
  #lost(unitId: string): SystemError {
    return unavailable(this.#deps.dataDir, `it has no open entry of unit ${unitId} any more`, undefined);
  }

  #use<Result>(work: (database: DatabaseSync) => Result): Result {
    try {
      // An empty one in its place would say of every unit that it was never executed.
      if (this.#wasOpen && !existsSync(journalFile(this.#deps.dataDir)))
        throw new Error('the file was removed while the agent runs; restart the agent');
      this.#database ??= this.#open();
      return work(this.#database);
    } catch (error) {
      if (!isPassing(error)) this.#close();
      throw unavailable(this.#deps.dataDir, messageOf(error), error);
    }
  }

  #open(): DatabaseSync {
    const file = journalFile(this.#deps.dataDir);
    const { isReadOnly = false } = this.#deps;
    const database = new DatabaseSync(file, { timeout: 5000, readOnly: isReadOnly });
    try {
      if (isReadOnly) return checkVersion(database);
      // FULL: with WAL, a commit is on disk when it returns, also when the power goes.
      database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma journal_size_limit = 4194304');
      if (this.#deps.mostPages !== undefined) database.exec(`pragma max_page_count = ${this.#deps.mostPages}`);
      makeTables(database);
      this.#prune(database);
      if (this.#isNew) syncFolder(this.#deps.dataDir);
      this.#wasOpen = true;
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Open entries stay, whatever their age. */
  #prune(database: DatabaseSync): void {
    const { clock, keepMs = 30 * dayMs, keepCount = 10_000 } = this.#deps;
    const now = clock.now();
    database
      .prepare(
        `delete from unit where state = 'finished' and not_after < ? and (finished_at < ? or finished_at <
         coalesce((select finished_at from unit where state = 'finished' order by finished_at desc limit 1 offset ?), 0))`,
      )
      .run(now - leastMs, now - keepMs, Math.max(0, keepCount - 1));
  }

  #pruneIfPossible(): void {
    try {
      this.#use((database) => this.#prune(database));
    } catch {
      // What is too old goes another time.
    }
  }

  #close(): void {
    const database = this.#database;
    this.#database = undefined;
    try {
      database?.close();
    } catch {
      // The error that made us close it is the one to report.
    }
  }
}

const version = 1;

function versionOf(database: DatabaseSync): number {
  const found = Number(database.prepare('pragma user_version').get()?.['user_version'] ?? 0);
  if (found > version) throw new Error(`it was written by a newer agent (version ${found})`);
  return found;
}

function checkVersion(database: DatabaseSync): DatabaseSync {
  if (versionOf(database) === version) return database;
  throw new Error('it is empty; the agent has not run with it yet');
}

function makeTables(database: DatabaseSync): void {
  if (versionOf(database) === version) return;
  database.exec(`begin immediate;
    create table if not exists unit (
      unit_id text primary key, content_hash text not null, system text not null, functions text not null, call_id text not null,
      record_id text, run_id text, flow_id text, not_after integer not null, started_at integer not null, committing_at integer,
      finished_at integer, state text not null check (state in ('started', 'committing', 'finished')),
      ending text, verdict text, code text, outcome text
    ) strict, without rowid;
    create index if not exists unit_open on unit (started_at) where state in ('started', 'committing');
    create index if not exists unit_finished on unit (finished_at) where state = 'finished';
    create table if not exists probe (id integer primary key, at integer not null) strict;
    pragma user_version = ${version};
    commit`);
}

/** The new file's name must survive a power cut as its content does. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function unavailable(dataDir: string, why: string, cause: unknown): SystemError {
  return new SystemError('JOURNAL_UNAVAILABLE', 'retry', `the journal of units (${journalFile(dataDir)}) cannot be used: ${why}`, {
    cause,
    fix: 'Make room on the disk of the data folder and see that the agent may write there; units wait until then. Never delete the file while units are open.',
  });
}

/** Busy, input or output error, full, constraint: the open file can still be read, which opening it again on a full disk could not. */
function isPassing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return [5, 10, 13, 19].includes(code);
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
