import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog, type Clock } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import type { Flow } from '../../flows/index.ts';
import type { RecordState } from '../../ledger/index.ts';
import { openStore, type IntegrationFlowRow, type RecordRow, type Store } from '../../store/index.ts';
import { openTestDatabase, type TestDatabase } from '../../store/testing/index.ts';
import { openVault } from '../../vault/index.ts';
import { runEngine } from '../engine.ts';
import { openSessions } from '../sessions.ts';
import { defaultEngineSettings, type EngineSettings } from '../settings.ts';
import { FakeShop, fakeWebhooks } from '../../webhooks/testing/index.ts';
import { fakeFlow, fakeSystems, type FakeFlow, FakeSource, FakeTarget } from './fake-systems.ts';

/**
 * Runs ten times as fast as the wall's. `set` moves the time of day, as somebody does who sets the machine's clock; `goTo` lets time pass until
 * then: `2030-03-20T22:00`, UTC.
 */
export function tenfoldClock(): Clock & { set(byMs: number): void; goTo(time: string): void } {
  const start = performance.now();
  let setByMs = 0;
  let passedMs = 0;
  const steadyMs = (): number => (performance.now() - start) * 10 + passedMs;
  return {
    now: () => Math.floor(1_900_000_000_000 + steadyMs() + setByMs),
    steadyMs,
    set: (byMs) => void (setByMs += byMs),
    goTo: (time) => void (passedMs += Date.parse(`${time}:00Z`) - 1_900_000_000_000 - steadyMs() - setByMs),
    wait: async (ms, signal) => {
      await sleep(ms / 10, undefined, signal ? { signal, ref: true } : {});
    },
  };
}

export const flowRef = { tenantId: 'ten_1', integrationId: 'int_1', flowId: 'fake-vendors-to-suppliers' };

const fastSettings: Partial<EngineSettings> = {
  ...defaultEngineSettings,
  pollMs: 50,
  postTimeoutMs: 2000,
  drainMs: 1000,
  retry: { firstMs: 10, capMs: 50 },
  extractionRetry: { firstMs: 10, capMs: 50 },
  lookup: { firstMs: 10, capMs: 50, marginMs: 400, personAfterMs: 60_000 },
  breaker: { after: 1000, firstMs: 50, capMs: 100 },
};

export interface BenchOptions {
  kind?: 'master' | 'document';
  settings?: Partial<EngineSettings>;
  /** Time of the clock at first. */
  at?: string;
  /** What the flow does otherwise than the fake one. */
  flow?: Partial<FakeFlow>;
  /** Where the source may send webhooks to. */
  publicUrl?: string;
}

/** A store with one integration, a fake source and target, and an engine that can be started, stopped and killed. */
export class EngineBench implements AsyncDisposable {
  readonly clock = tenfoldClock();
  readonly source = new FakeSource();
  readonly target = new FakeTarget(this.clock);
  readonly flow: Flow;
  /** What the source was told to send, where the bench has a public address. */
  readonly shop = new FakeShop();
  /** Called before each job of the engine is committed. */
  onCommit: () => void = () => undefined;
  readonly #publicUrl: string | undefined;
  readonly #settings: Partial<EngineSettings>;
  readonly #database: TestDatabase;
  #store: Store | undefined;
  #rounds = 0;
  #running: { stop: AbortController; done: Promise<void>; kill(): void } | undefined;

  private constructor(database: TestDatabase, flow: Flow, { settings, publicUrl }: Pick<BenchOptions, 'settings' | 'publicUrl'>) {
    this.#database = database;
    this.#publicUrl = publicUrl;
    this.flow = flow;
    this.#settings = { ...fastSettings, ...settings };
  }

  static async open(options: BenchOptions = {}): Promise<EngineBench> {
    const bench = new EngineBench(await openTestDatabase(), { ...fakeFlow(options.kind), ...options.flow }, options);
    if (options.at !== undefined) bench.clock.goTo(options.at);
    await bench.reopenStore();
    await seedIntegration(bench.store, bench.flow.id);
    return bench;
  }

  get store(): Store {
    if (!this.#store) throw new Error('the store is closed');
    return this.#store;
  }

  async reopenStore(): Promise<void> {
    await this.#store?.[Symbol.asyncDispose]();
    this.#store = await openStore({ ...this.#database.settings, clock: this.clock });
  }

  start(): void {
    const stop = new AbortController();
    let isDead = false;
    const { store } = this;
    const alive = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      this.onCommit();
      if (isDead) throw new Error('the process is dead');
      return work();
    };
    // After a kill nothing reaches the disk any more, as in a process that is gone.
    const mortal: Store = { ...store, commit: (job) => alive(() => store.commit(job)), [Symbol.asyncDispose]: async () => {} };
    const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
    const agents = {} as AgentCalls;
    const systems = fakeSystems(this.source, this.target).map((system) =>
      system.id === 'sap-ecc' ? { ...system, webhooks: fakeWebhooks(() => this.shop) } : system,
    );
    const addresses = { loopback: false, privateNetworks: false };
    const sessions = openSessions({ store, vault, systems, agents, addresses, clock: this.clock, log: silentLog });
    const settings = this.#settings;
    const webhooks = { vault, publicUrl: this.#publicUrl };
    const deps = { store: mortal, flows: [this.flow], sessions, clock: this.#countingClock(), log: silentLog, webhooks };
    const kill = (): void => {
      isDead = true;
      stop.abort();
    };
    const run = async (): Promise<void> => {
      await using _sessions = sessions;
      await runEngine({ ...deps, settings }, stop.signal);
    };
    this.#running = { stop, done: run(), kill };
  }

  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done;
    this.#running = undefined;
  }

  /** From now on nothing reaches the disk; `kill` opens it anew. */
  die(): void {
    this.#running?.kill();
  }

  /** What was under way stays as it is on the disk; then the file is opened anew. */
  async kill(): Promise<void> {
    this.#running?.kill();
    await this.#running?.done;
    this.#running = undefined;
    await this.reopenStore();
  }

  async records(): Promise<RecordRow[]> {
    return this.store.db.selectFrom('record').selectAll().orderBy('key').orderBy('version').execute();
  }

  /** `1.1 succeeded` per record: key, version, state. */
  async states(): Promise<string[]> {
    return (await this.records()).map(({ key, version, state }) => `${key}.${version} ${state}`);
  }

  /** Changes the row of the flow, as the API does. */
  async changeFlow(news: Partial<IntegrationFlowRow>): Promise<void> {
    await this.store.db.updateTable('integration_flow').set(news).execute();
    this.store.notify({ about: 'work' });
  }

  /** Two looks of the engine at everything: what is due by now has begun. */
  async rounds(): Promise<void> {
    const before = this.#rounds;
    await this.until('two rounds', () => this.#rounds >= before + 2);
  }

  async until(what: string, isTrue: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!(await isTrue())) {
      if (performance.now() > end) throw new Error(`never came: ${what}; records: ${(await this.states()).join(', ')}`);
      await sleep(2);
    }
  }

  async untilAll(...states: RecordState[]): Promise<void> {
    const isSettled = async (): Promise<boolean> => {
      const records = await this.records();
      return records.length > 0 && records.every(({ state }) => states.includes(state as RecordState));
    };
    await this.until(`all records ${states.join(' or ')}`, isSettled);
  }

  async untilRecord(key: string, state: RecordState): Promise<void> {
    await this.until(`${key} ${state}`, async () => (await this.records()).some((record) => record.key === key && record.state === state));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#store?.[Symbol.asyncDispose]();
    await this.#database[Symbol.asyncDispose]();
  }

  // Between two rounds the engine waits as long as it may at most; nothing else waits that short.
  #countingClock(): Clock {
    const { clock } = this;
    return {
      ...clock,
      wait: (ms, signal) => {
        if (ms <= (this.#settings.pollMs ?? 0)) this.#rounds++;
        return clock.wait(ms, signal);
      },
    };
  }
}

/** One integration with one flow, enabled, between two connections. */
export async function seedIntegration(store: Store, flowId: string): Promise<void> {
  const { db } = store;
  const at = { created_at: 0, changed_at: 0 };
  await db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller & Söhne GmbH', created_at: 0 }).execute();
  const connection = {
    tenant_id: 'ten_1',
    site_id: null,
    settings_json: '{}',
    secrets: null,
    version: 1,
    halted_json: null,
    check_json: null,
  };
  for (const [id, system] of [
    ['con_source', 'sap-ecc'],
    ['con_target', 'cin7-core'],
  ] as const) {
    await db
      .insertInto('connection')
      .values({ ...connection, ...at, id, system, name: id })
      .execute();
  }
  const connections = { source_connection_id: 'con_source', target_connection_id: 'con_target' };
  await db
    .insertInto('integration')
    .values({ id: 'int_1', tenant_id: 'ten_1', name: 'Vendors', ...connections, ...at })
    .execute();
  const flow = { integration_id: 'int_1', flow_id: flowId, tenant_id: 'ten_1', enabled: 1, paused: 0, settings_json: '{}' };
  const timing = { schedule_json: null, cursor_json: null, next_run_at: null, next_sweep_at: null, failures: 0 };
  await db
    .insertInto('integration_flow')
    .values({ ...flow, ...timing, changed_at: 0 })
    .execute();
}
