import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { CompiledQuery } from 'kysely';
import { startPostgres, type PostgresServer } from '../../../scripts/postgres/index.ts';
import { checkChain } from '../ledger/index.ts';
import { openStore, type RecordRow, type Store } from '../store/index.ts';
import { openVault } from '../vault/index.ts';
import { runEngine } from './engine.ts';
import { openSessions } from './sessions.ts';
import { defaultEngineSettings, type EngineSettings } from './settings.ts';
import { seedIntegration, tenfoldClock } from './testing/engine-bench.ts';
import { fakeFlow, fakeSystems, FakeSource, FakeTarget } from './testing/fake-systems.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server[Symbol.asyncDispose]());

const clock = tenfoldClock();
const settings: Partial<EngineSettings> = {
  ...defaultEngineSettings,
  pollMs: 100,
  postTimeoutMs: 600_000,
  drainMs: 0,
  retry: { firstMs: 10, capMs: 50 },
  extractionRetry: { firstMs: 10, capMs: 50 },
  lookup: { firstMs: 10, capMs: 50, marginMs: 400, personAfterMs: 60_000 },
  breaker: { after: 1000, firstMs: 50, capMs: 100 },
  nodes: { beatMs: 500, deadAfterMs: 3000 },
};

/** Relays on one database, with one source and one target. */
class Landscape implements AsyncDisposable {
  readonly source = new FakeSource();
  readonly target = new FakeTarget(clock);
  readonly flow = fakeFlow('document');
  readonly store: Store;
  readonly #relays: Relay[] = [];

  readonly #url: string;

  private constructor(url: string, store: Store) {
    this.#url = url;
    this.store = store;
  }

  static async open(name: string): Promise<Landscape> {
    const admin = await openStore({ url: server.url() });
    await admin.db.executeQuery(CompiledQuery.raw(`create database ${name}`));
    await admin[Symbol.asyncDispose]();
    const url = server.url(name);
    const landscape = new Landscape(url, await openStore({ url, clock }));
    await seedIntegration(landscape.store, landscape.flow.id);
    return landscape;
  }

  async start(name: string): Promise<Relay> {
    const store = await openStore({ url: this.#url, clock });
    const relay = startRelay(this, store, name);
    this.#relays.push(relay);
    return relay;
  }

  records(): Promise<RecordRow[]> {
    return this.store.db.selectFrom('record').selectAll().orderBy('key').execute();
  }

  async until(what: string, isTrue: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!(await Promise.resolve(isTrue()).catch(() => false))) {
      if (performance.now() > end) throw new Error(`never came: ${what}`);
      await sleep(5);
    }
  }

  async untilAllSucceeded(count: number): Promise<void> {
    await this.until('everything succeeded', async () => {
      const records = await this.records();
      return records.length === count && records.every(({ state }) => state === 'succeeded');
    });
  }

  async expectOnce(count: number): Promise<void> {
    const records = await this.records();
    expect(records.map(({ key }) => [key, this.target.creations(key)])).toEqual(records.map(({ key }) => [key, 1]));
    expect(records).toHaveLength(count);
    const events = await this.store.db.selectFrom('event').selectAll().orderBy('subject_id').orderBy('seq').execute();
    for (const chain of Map.groupBy(events, ({ subject_id: id }) => id).values()) expect(checkChain(chain)).toBeUndefined();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const relay of this.#relays) await relay.stop();
    await this.store[Symbol.asyncDispose]();
  }
}

interface Relay {
  stop(): Promise<void>;
  /** From now on nothing it does reaches the database, as of a process that is gone. */
  kill(): void;
}

function startRelay({ source, target, flow }: Landscape, store: Store, nodeName: string): Relay {
  const stop = new AbortController();
  let isDead = false;
  const alive = (): Store => {
    if (isDead) throw new Error('the process is dead');
    return store;
  };
  const mortal: Store = {
    ...store,
    get db() {
      return alive().db;
    },
    commit: async (job) => alive().commit(job),
    notify: (change) => {
      if (!isDead) store.notify(change);
    },
  };
  const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
  const systems = fakeSystems(source, target);
  const run = async (): Promise<void> => {
    await using _store = store;
    await using sessions = openSessions({
      store: mortal,
      vault,
      systems,
      agents: {} as AgentCalls,
      addresses: { loopback: true, privateNetworks: false },
      clock,
      log: silentLog,
    });
    await runEngine({ store: mortal, flows: [flow], sessions, clock, log: silentLog, settings, nodeName }, stop.signal);
  };
  const done = run();
  return {
    stop: async () => {
      stop.abort();
      await done;
    },
    kill: () => {
      isDead = true;
      stop.abort();
    },
  };
}

const documents = (count: number): { key: string; name: string }[][] => {
  const all = Array.from({ length: count }, (_, number) => ({ key: String(number + 1).padStart(4, '0'), name: `Beleg ${number + 1}` }));
  return Array.from({ length: Math.ceil(count / 50) }, (_, batch) => all.slice(batch * 50, batch * 50 + 50));
};

test('PostgreSQL that crashes twice under a working engine: every document is posted once', async () => {
  await using landscape = await Landscape.open('crashes');
  landscape.source.batches = documents(200);
  await landscape.start('a');
  for (const posted of [30, 100]) {
    await landscape.until('some posted', () => landscape.target.objects.length >= posted);
    await server.stop('immediate');
    await server.start();
  }
  await landscape.untilAllSucceeded(200);
  await landscape.expectOnce(200);
}, 60_000);

test('two relays on one database: every document is posted once', async () => {
  await using landscape = await Landscape.open('two_relays');
  landscape.source.batches = documents(200);
  await Promise.all(['a', 'b'].map((name) => landscape.start(name)));
  await landscape.untilAllSucceeded(200);
  await landscape.expectOnce(200);
}, 60_000);

test('a relay that dies in the middle of a post: another takes over, and looks before it sends', async () => {
  await using landscape = await Landscape.open('takeover');
  landscape.source.batches = documents(60);
  landscape.target.faults.set('0010', ['hangs after']);
  landscape.target.faults.set('0011', ['hangs']);
  const first = await landscape.start('a');
  await landscape.until('both are being sent', () => ['0010', '0011'].every((key) => landscape.target.calls.includes(`create ${key}`)));
  await landscape.start('b');
  first.kill();
  await landscape.untilAllSucceeded(60);
  await landscape.expectOnce(60);
  const callsOf = (key: string): string[] => landscape.target.calls.filter((call) => call.endsWith(key));
  expect(callsOf('0010').slice(0, 2)).toEqual(['create 0010', 'probe 0010']);
  expect(callsOf('0011').slice(0, 2)).toEqual(['create 0011', 'probe 0011']);
  expect(callsOf('0011').at(-1)).toBe('create 0011');
}, 60_000);
