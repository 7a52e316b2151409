import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { sharedPostgres } from '../../../../scripts/postgres/index.ts';
import type { Clock } from '@ml-connector/shared';
import { openStore, type DatabaseSettings, type Store } from '../store.ts';

export const databaseKinds = ['SQLite', 'PostgreSQL'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

/** An empty database for the tests of one file; gone when disposed of. Several stores may be open on it. */
export interface TestDatabase extends AsyncDisposable {
  readonly settings: DatabaseSettings;
  /** Takes every row away; no store may be open, and `settings` are to be read anew. */
  clear(): Promise<void>;
}

/** What tests of this run use that do not care: SQLite, or PostgreSQL where jest runs a suite once more (jest.config.js). */
export const usualKind: DatabaseKind = process.env['TEST_DATABASE'] === 'PostgreSQL' ? 'PostgreSQL' : 'SQLite';

export function openTestDatabase(kind: DatabaseKind = usualKind): Promise<TestDatabase> {
  return kind === 'SQLite' ? sqliteDatabase() : postgresDatabase();
}

/** A store on a database of its own, which goes with it; SQLite's is in memory. */
export async function openTestStore(clock: Clock): Promise<Store> {
  if (usualKind === 'SQLite') return openStore({ file: ':memory:', clock });
  const database = await openTestDatabase();
  const store = await openStore({ ...database.settings, clock });
  const dispose = async (): Promise<void> => {
    await store[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
  return { ...store, [Symbol.asyncDispose]: dispose };
}

async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'database-'));
  let number = 1;
  const settings = { file: path.join(folder, '1.sqlite') };
  return {
    settings,
    clear: async () => {
      settings.file = path.join(folder, `${++number}.sqlite`);
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  };
}

async function postgresDatabase(): Promise<TestDatabase> {
  const url = await sharedPostgres();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(url, async (client) => {
    await ensureTemplate(client, url);
    await client.query(`create database ${name} template migrated`);
  });
  return {
    settings: { url: urlOf(url, name) },
    clear: () => withClient(urlOf(url, name), clear),
    [Symbol.asyncDispose]: () => withClient(url, (client) => client.query(`drop database ${name} with (force)`)),
  };
}

/** A database at the newest schema level to copy from, made once per server. */
async function ensureTemplate(client: Client, url: string): Promise<void> {
  await client.query('select pg_advisory_lock(1)');
  const { rowCount } = await client.query(`select from pg_database where datname = 'migrated'`);
  if (rowCount === 0) {
    await client.query('create database migrating');
    await (await openStore({ url: urlOf(url, 'migrating') }))[Symbol.asyncDispose]();
    await client.query('alter database migrating rename to migrated');
  }
  await client.query('select pg_advisory_unlock(1)');
}

async function clear(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
  );
  // Without the order that foreign keys ask for.
  await client.query(`set session_replication_role = replica; ${rows.map(({ name }) => `delete from ${name}`).join('; ')}`);
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}
