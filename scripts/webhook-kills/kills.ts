import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@ml-connector/shared';
import { connectionSecret, openStore, type ConnectionRow, type DatabaseSettings } from '../../relay/src/store/index.ts';
import { openVault } from '../../relay/src/vault/index.ts';
import { endpointOf, ensureEndpoint } from '../../relay/src/webhooks/index.ts';
import { freePort, startRelay, type RelayProcess } from '../landscape/index.ts';
import { Random } from '../sandbox/sap/seed/random.ts';

export interface Kills {
  kills: number;
  seed: number;
  /** Default: an SQLite file. */
  databaseUrl?: string;
  onKill?: (number: number, answered: number) => void;
}

export interface KillsOutcome {
  /** Deliveries answered 200. */
  answered: number;
  /** Of those, the ones that are not in the database: there must be none. */
  lost: string[];
  /** Deliveries of which no answer came, or another one, at least once; they were sent again. */
  repeated: number;
  /** Stored more than once: there must be none. */
  twice: number;
}

const senders = 16;
const storeHash = 'abc123';
const clientSecret = 'client-secret';

/** A real relay takes signed webhooks from several senders at once, and is killed with `kill -9` at any moment, again and again. */
export async function killWhileReceiving({ kills, seed, databaseUrl, onKill }: Kills): Promise<KillsOutcome> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'webhook-kills-'));
  try {
    const database: DatabaseSettings =
      databaseUrl === undefined
        ? { file: path.join(dataDir, 'relay.sqlite') }
        : { url: databaseUrl, poolSize: 4, statementTimeoutMs: 60_000 };
    const endpoint = await prepare(dataDir, database);
    const ports = { httpPort: await freePort(), tunnelPort: await freePort() };
    const env = databaseUrl === undefined ? {} : { ML_RELAY_DATABASE_URL: databaseUrl };
    const start = (): Promise<RelayProcess> =>
      startRelay({ dataDir, ...ports, publicAddress: `127.0.0.1:${ports.tunnelPort}`, env: { ...env, ML_RELAY_LOGS_LEVEL: 'fatal' } });
    const shop = new Shop(`http://127.0.0.1:${ports.httpPort}${endpoint.path}`, endpoint.headerSecret);
    const random = new Random(seed);
    const sending = Array.from({ length: senders }, () => shop.keepSending());
    try {
      for (let number = 1; number <= kills; number++) {
        const relay = await start();
        await shop.answeredMore(random.between(1, 300));
        await sleep(random.between(0, 15));
        relay.child.kill('SIGKILL');
        await relay.child.ended;
        onKill?.(number, shop.answered.size);
      }
    } finally {
      shop.stop();
      await Promise.all(sending);
    }
    return { ...(await compare(database, shop.answered)), answered: shop.answered.size, repeated: shop.repeated };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A connection to a store with an address for its webhooks, as a relay has it that has served before. */
async function prepare(dataDir: string, database: DatabaseSettings): Promise<{ path: string; headerSecret: string }> {
  await using store = await openStore(database);
  const vault = openVault({ file: path.join(dataDir, 'master.key') });
  const times = { created_at: 0, changed_at: 0 };
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Onlinehaus Müller', created_at: 0 }).execute();
  const connection: ConnectionRow = {
    id: 'con_1',
    tenant_id: 'ten_1',
    system: 'bigcommerce',
    name: 'Shop',
    site_id: null,
    settings_json: JSON.stringify({ storeHash, clientId: 'client' }),
    secrets: vault.encrypt(JSON.stringify({ accessToken: 'token', clientSecret }), connectionSecret('con_1')),
    version: 1,
    halted_json: null,
    check_json: null,
    ...times,
  };
  await store.db.insertInto('connection').values(connection).execute();
  const row = await ensureEndpoint({ store, vault, clock: systemClock }, connection);
  const { url, headerSecret } = endpointOf({ vault, publicUrl: 'https://relay.example.com' }, row, 'bigcommerce');
  return { path: new URL(url).pathname, headerSecret };
}

/** Sends each event until it is answered 200, as a shop does, only sooner. */
class Shop {
  readonly answered = new Set<string>();
  repeated = 0;
  readonly #url: string;
  readonly #headerSecret: string;
  #isStopped = false;
  #number = 0;

  constructor(url: string, headerSecret: string) {
    this.#url = url;
    this.#headerSecret = headerSecret;
  }

  async keepSending(): Promise<void> {
    while (!this.#isStopped) {
      const id = `evt_${++this.#number}`;
      while (!this.#isStopped && !(await this.#send(id))) {
        this.repeated++;
        await sleep(5);
      }
    }
  }

  async answeredMore(count: number): Promise<void> {
    const until = this.answered.size + count;
    for (const end = Date.now() + 60_000; this.answered.size < until; await sleep(1))
      if (Date.now() > end) throw new Error('the relay answers no webhooks');
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #send(id: string): Promise<boolean> {
    const body = JSON.stringify({
      scope: 'store/order/updated',
      store_id: '1025646',
      data: { type: 'order', id: Number(id.slice(4)) },
      hash: '7ee67cd1cf2ca60bc1aa9e5fe957d2de373be4ca',
      created_at: Math.floor(Date.now() / 1000),
      producer: `stores/${storeHash}`,
    });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', clientSecret).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'x-relay-key': this.#headerSecret,
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    try {
      const response = await fetch(this.#url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      if (response.status !== 200) return false;
      this.answered.add(id);
      return true;
    } catch {
      return false;
    }
  }
}

async function compare(database: DatabaseSettings, answered: ReadonlySet<string>): Promise<{ lost: string[]; twice: number }> {
  await using store = await openStore(database);
  const rows = await store.db.selectFrom('webhook_event').select('body').execute();
  const numbers = rows.map(({ body }) => `evt_${(JSON.parse(body) as { data: { id: number } }).data.id}`);
  const stored = new Set(numbers);
  return { lost: [...answered].filter((id) => !stored.has(id)), twice: numbers.length - stored.size };
}
