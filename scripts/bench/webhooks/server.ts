/** A server that the benchmark sends to, in a process of its own: `bare`, `single` or `relay`, with a database file. Tells its target when it listens. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { silentLog, systemClock } from '@ml-connector/shared';
import { openStore, type ConnectionRow, type Store } from '../../../relay/src/store/index.ts';
import { bigCommerce } from '../../../relay/src/systems/bigcommerce/index.ts';
import { openVault } from '../../../relay/src/vault/index.ts';
import { endpointOf, ensureEndpoint, openWebhooks } from '../../../relay/src/webhooks/index.ts';
import { countMetrics, countWebhook, httpCounters } from '../../../relay/src/http/index.ts';
import { clientSecret, storeHash } from './deliveries.ts';

// Not longer than the benchmark.
process.once('disconnect', () => process.exit());

const [kind = '', file = ''] = process.argv.slice(2);
const bareTarget = { path: '/webhooks/bigcommerce/bare', headerSecret: 'bare' };

const served = kind === 'relay' ? await relay() : { listener: kind === 'bare' ? bare() : single(file), ...bareTarget };
const server = createServer(served.listener);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port, path: served.path, headerSecret: served.headerSecret });
});

/** Checks the signature, stores nothing. */
function bare(): RequestListener {
  return (request, response) => {
    checked(request, (isRight) => response.writeHead(isRight ? 200 : 401, { 'Content-Length': '0' }).end());
  };
}

/** The same, and puts each event on disk with a commit of its own. */
function single(path: string): RequestListener {
  const handle = new Database(path);
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.exec(
    `create table if not exists event (id text primary key, deduplication_key text unique, topic text, body text, received_at integer)`,
  );
  const insert = handle.prepare('insert into event values (?, ?, ?, ?, ?) on conflict do nothing');
  return (request, response) => {
    checked(request, (isRight, body) => {
      if (isRight) insert.run(randomBytes(16).toString('hex'), request.headers['webhook-id'], 'topic', body.toString(), Date.now());
      response.writeHead(isRight ? 200 : 401, { 'Content-Length': '0' }).end();
    });
  };
}

function checked(request: IncomingMessage, tell: (isRight: boolean, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature = '' } = request.headers;
    const right = createHmac('sha256', clientSecret)
      .update(`${String(id)}.${String(at)}.`)
      .update(body)
      .digest();
    const given = Buffer.from(String(signature).slice(3), 'base64');
    tell(given.length === right.length && timingSafeEqual(given, right), body);
  });
}

/** The relay's own receiver, with a connection to a BigCommerce store. */
async function relay(): Promise<typeof bareTarget & { listener: RequestListener }> {
  const url = process.env['BENCH_DATABASE_URL'];
  const clock = systemClock;
  const store = await openStore(url === undefined ? { file } : { url, poolSize: 10, statementTimeoutMs: 60_000 });
  const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
  const connection = await addConnection(store);
  const row = await ensureEndpoint({ store, vault, clock }, connection);
  const { headerSecret } = endpointOf({ vault, publicUrl: 'https://relay.example.com' }, row, bigCommerce.id);
  const metrics = countMetrics(httpCounters);
  const settings = bigCommerce.settings.parse({ storeHash, accessToken: 'x', clientId: 'x', clientSecret });
  const receiver = await openWebhooks({
    store,
    vault,
    clock,
    log: silentLog,
    systems: [bigCommerce],
    readSettings: () => settings,
    count: (delivery) => countWebhook(metrics, delivery),
  });
  const listener: RequestListener = (request, response) => {
    if (!receiver.handle(request, response)) response.writeHead(404).end();
  };
  return { listener, path: `/webhooks/bigcommerce/${row.key}`, headerSecret };
}

async function addConnection(store: Store): Promise<ConnectionRow> {
  const present = await store.db.selectFrom('connection').selectAll().executeTakeFirst();
  if (present) return present;
  const times = { created_at: 0, changed_at: 0 };
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Onlinehaus', created_at: 0 }).execute();
  const row = {
    id: 'con_1',
    tenant_id: 'ten_1',
    system: 'bigcommerce',
    name: 'Shop',
    site_id: null,
    settings_json: '{}',
    secrets: null,
    ...times,
  };
  const connection: ConnectionRow = { ...row, version: 1, halted_json: null, check_json: null };
  await store.db.insertInto('connection').values(connection).execute();
  return connection;
}
