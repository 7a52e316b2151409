import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@ml-connector/shared';
import type { Sql, Steps } from './job.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openStore, type Store } from './store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'store-'));
  file = path.join(folder, 'relay.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const addTenant = (id: string) =>
  function* (sql: Sql): Steps<void> {
    yield* sql.run('insert into tenant (id, name, created_at) values (?, ?, 0)', id, id);
  };
const tenants = async (store: Store): Promise<string[]> =>
  (await store.db.selectFrom('tenant').select('id').orderBy('id').execute()).map((row) => row.id);

test('a second relay on the same file is refused while the first one serves it, the command line is not', async () => {
  const first = await openStore({ file, role: 'serve' });
  await expect(openStore({ file, role: 'serve' })).rejects.toThrow(/another ml-relay is serving/);
  await using tool = await openStore({ file });
  await tool.commit(addTenant('ten_1'));
  await first[Symbol.asyncDispose]();
  await using next = await openStore({ file, role: 'serve' });
  expect(await tenants(next)).toEqual(['ten_1']);
});

test('a database from a newer build with a breaking change is refused, with a harmless one it opens', async () => {
  await using store = await openStore({ file });
  const harmless = { number: 902, name: 'extra-index', breaking: false, up: async () => {} };
  const breaking = { number: 903, name: 'split-records', breaking: true, up: async () => {} };
  await migrate(store.db, systemClock, [...migrations, harmless]);
  await expect(migrate(store.db, systemClock, migrations)).resolves.toEqual([]);
  await migrate(store.db, systemClock, [...migrations, harmless, breaking]);
  await expect(openStore({ file })).rejects.toThrow(
    /schema level 903 \(split-records\), made by a newer ml-relay; this build knows up to \d+/,
  );
});

test('a migration that fails half way leaves nothing behind', async () => {
  await using store = await openStore({ file });
  const failing = {
    number: 902,
    name: 'failing',
    breaking: false,
    up: async (db: Parameters<(typeof migrations)[0]['up']>[0]) => {
      await db.schema.createTable('half').addColumn('id', 'text').execute();
      throw new Error('power cut');
    },
  };
  await expect(migrate(store.db, systemClock, [...migrations, failing])).rejects.toThrow('power cut');
  const tables = await store.db.introspection.getTables();
  expect(tables.map((table) => table.name)).not.toContain('half');
  expect(await store.db.selectFrom('migration').select('number').execute()).toEqual(migrations.map(({ number }) => ({ number })));
});

test('one bad job fails alone, its neighbours in the group are stored', async () => {
  await using store = await openStore({ file });
  const outcomes = await Promise.allSettled(['ten_1', 'ten_1', 'ten_2'].map((id) => store.commit(addTenant(id))));
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await tenants(store)).toEqual(['ten_1', 'ten_2']);
});

test('a group never joins the open transaction of another caller', async () => {
  await using store = await openStore({ file });
  let job: Promise<unknown> | undefined;
  const rolledBack = store.transaction(async (transaction) => {
    await transaction.insertInto('tenant').values({ id: 'ten_lost', name: 'lost', created_at: 0 }).execute();
    job = store.commit(addTenant('ten_kept'));
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('changed my mind');
  });
  await expect(rolledBack).rejects.toThrow('changed my mind');
  await job;
  expect(await tenants(store)).toEqual(['ten_kept']);
});

test('what commit answered for is in the file when the process dies at once', async () => {
  await (await openStore({ file }))[Symbol.asyncDispose]();
  const script = `
    const { openStore } = await import(${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))});
    const store = await openStore({ file: ${JSON.stringify(file)} });
    await Promise.all(Array.from({ length: 100 }, (_, n) => store.commit(function* (sql) {
      yield* sql.run('insert into tenant (id, name, created_at) values (?, ?, 0)', 'ten_' + n, 'tenant ' + n);
    })));
    process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
  await using store = await openStore({ file });
  expect(await tenants(store)).toHaveLength(100);
});

test('closing waits for the jobs in hand', async () => {
  const store = await openStore({ file });
  const job = store.commit(addTenant('ten_1'));
  await store[Symbol.asyncDispose]();
  await job;
  await using again = await openStore({ file });
  expect(await tenants(again)).toEqual(['ten_1']);
});
