import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock } from '@ml-connector/shared';
import { sql } from 'kysely';
import { startPostgres, type PostgresServer } from '../../../scripts/postgres/index.ts';
import type { Change } from './changes.ts';
import type { Sql, Steps } from './job.ts';
import { migrate } from './migrate.ts';
import { databaseName, openStore, type Store } from './store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server[Symbol.asyncDispose]());

const addTenant = (id: string) =>
  function* (sql: Sql): Steps<string> {
    yield* sql.run('insert into tenant (id, name, created_at) values (?, ?, 0)', id, id);
    return id;
  };
const tenants = async (store: Store): Promise<string[]> =>
  (await store.db.selectFrom('tenant').select('id').orderBy('id').execute()).map((row) => row.id);

/** Resolves with the next change that `store` hears of. */
function nextChange(store: Store, about: Change['about']): Promise<Change> {
  return new Promise((resolve) => {
    const listening = store.listen((change) => {
      if (change.about !== about) return;
      listening[Symbol.dispose]();
      resolve(change);
    });
  });
}

async function emptied(): Promise<Store> {
  const store = await openStore({ url: server.url() });
  await store.db.deleteFrom('tenant').execute();
  return store;
}

test('instances that start at the same time bring an empty database to this level together', async () => {
  const opened = await Promise.all([1, 2, 3].map(() => openStore({ url: server.url(), role: 'serve' })));
  for (const store of opened) {
    expect(await migrate(store.db, systemClock)).toEqual([]);
    await store[Symbol.asyncDispose]();
  }
});

test('text is ordered by its bytes, as on SQLite, whatever the locale of the server', async () => {
  await using store = await emptied();
  for (const id of ['b', 'a', 'B', 'ä', '_', '0000100123']) await store.commit(addTenant(id));
  expect(await tenants(store)).toEqual(['0000100123', 'B', '_', 'a', 'b', 'ä']);
});

test('what one process tells is heard by the others, and by itself once', async () => {
  await using store = await emptied();
  await using other = await openStore({ url: server.url() });
  const own: Change[] = [];
  using _own = store.listen((change) => own.push(change));
  const heard = nextChange(other, 'cancel');
  store.notify({ about: 'cancel', id: 'run_1' });
  expect(await heard).toEqual({ about: 'cancel', id: 'run_1' });
  const answered = nextChange(store, 'settings');
  other.notify({ about: 'settings', tenantId: 'ten_1' });
  await answered;
  expect(own.map(({ about }) => about)).toEqual(['cancel', 'settings']);
});

test('what somebody else says on the channel does no harm: everybody who may connect can speak there', async () => {
  await using store = await emptied();
  await using other = await openStore({ url: server.url() });
  for (const payload of [
    'hello',
    'null',
    '7',
    '{}',
    '{"from":"x","changes":[null,7,{"about":4}]}',
    '{"from":"x","changes":{"about":"work"}}',
  ])
    await sql`select pg_notify('ml_relay_change', ${payload})`.execute(store.db);
  const heard = nextChange(other, 'run');
  store.notify({ about: 'run', id: 'run_3' });
  expect(await heard).toEqual({ about: 'run', id: 'run_3' });
});

test('a server that crashes and comes back: calls fail meanwhile, listeners are woken, everything goes on', async () => {
  await using store = await emptied();
  await using other = await openStore({ url: server.url() });
  await store.commit(addTenant('before'));
  const woken = nextChange(other, 'work');
  await server.stop('immediate');
  await expect(store.commit(addTenant('lost'))).rejects.toThrow(/ECONNREFUSED|terminat/);
  await expect(store.db.selectFrom('tenant').selectAll().execute()).rejects.toThrow(/ECONNREFUSED|terminat/);
  await server.start();
  await woken;
  await store.commit(addTenant('after'));
  expect(await tenants(store)).toEqual(['after', 'before']);
  const heard = nextChange(other, 'run');
  store.notify({ about: 'run', id: 'run_2' });
  expect(await heard).toEqual({ about: 'run', id: 'run_2' });
});

test.each([
  ['after the server has it', 'committed' as const],
  ['before the server has it', 'not committed' as const],
])('a connection that breaks during a commit, %s: the job is done once', async (_what, when) => {
  await (await emptied())[Symbol.asyncDispose]();
  await using link = await breakableLink(server.url(), when);
  await using store = await openStore({ url: link.url });
  link.breakNextCommit();
  expect(await store.commit(addTenant('once'))).toBe('once');
  expect(link.broken).toBe(1);
  expect(await tenants(store)).toEqual(['once']);
});

test.each([
  ['after the server has it', 'committed' as const],
  ['before the server has it', 'not committed' as const],
])('a connection that breaks during the commit of a transaction of queries, %s: it is done once', async (_what, when) => {
  await (await emptied())[Symbol.asyncDispose]();
  await using link = await breakableLink(server.url(), when);
  await using store = await openStore({ url: link.url });
  link.breakNextCommit();
  const row = { id: 'once', name: 'once', created_at: 0 };
  const add = () => store.transaction((transaction) => transaction.insertInto('tenant').values(row).execute());
  await add();
  expect(link.broken).toBe(1);
  expect(await tenants(store)).toEqual(['once']);
  await expect(add()).rejects.toMatchObject({ code: '23505' });
});

test('transactions of queries that wait for each other are repeated until all of them are done', async () => {
  await using store = await emptied();
  for (const id of ['a', 'b']) await store.commit(addTenant(id));
  const touch = (...ids: string[]) =>
    store.transaction(async (transaction) => {
      for (const id of ids) {
        const tenant = transaction.updateTable('tenant').where('id', '=', id);
        await tenant.set((row) => ({ created_at: row('created_at', '+', 1) })).execute();
      }
    });
  await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? touch('a', 'b') : touch('b', 'a'))));
  const rows = await store.db.selectFrom('tenant').select('created_at').execute();
  expect(rows).toEqual([{ created_at: 8 }, { created_at: 8 }]);
});

test('of transactions that look alone before they write, one sees what the other wrote', async () => {
  await using store = await emptied();
  const addFirst = (id: string) =>
    store.transaction(
      async (transaction) => {
        const found = await transaction.selectFrom('tenant').select('id').execute();
        if (found.length === 0) await transaction.insertInto('tenant').values({ id, name: id, created_at: 0 }).execute();
      },
      { alone: true },
    );
  await Promise.all(['a', 'b', 'c', 'd'].map(addFirst));
  expect(await tenants(store)).toHaveLength(1);
});

test('jobs that wait for each other are repeated until all of them are done', async () => {
  await using store = await emptied();
  for (const id of ['a', 'b']) await store.commit(addTenant(id));
  const touch = (first: string, second: string) =>
    store.commit(function* (sql) {
      for (const id of [first, second]) yield* sql.run('update tenant set created_at = created_at + 1 where id = ?', id);
    });
  await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? touch('a', 'b') : touch('b', 'a'))));
  const rows = await store.db.selectFrom('tenant').select('created_at').execute();
  expect(rows).toEqual([{ created_at: 8 }, { created_at: 8 }]);
});

test('the name of a database does not tell the password', () => {
  expect(databaseName({ url: 'postgres://relay:Geheim%401@db.example:5433/relay?sslmode=verify-full' })).toBe(
    'postgres://db.example:5433/relay',
  );
});

/** A way to the server that breaks at a commit when asked to, before or after passing it on. */
async function breakableLink(url: string, when: 'committed' | 'not committed') {
  const target = new URL(url);
  let isArmed = false;
  const state = { broken: 0 };
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    far.on('data', (data) => near.write(data));
    near.on('data', (data) => {
      const isHit = isArmed && data.includes('commit');
      if (!isHit) return far.write(data);
      isArmed = false;
      state.broken++;
      if (when === 'not committed') return near.destroy();
      // The server's answer shows that it has committed; it is not passed on.
      far.removeAllListeners('data').once('data', () => near.destroy());
      return far.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: Object.assign(new URL(url), { port: String((proxy.address() as AddressInfo).port) }).href,
    get broken() {
      return state.broken;
    },
    breakNextCommit: () => {
      isArmed = true;
    },
    async [Symbol.asyncDispose]() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, 'close');
    },
  };
}
