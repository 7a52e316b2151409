import { silentLog, SystemError } from '@ml-connector/shared';
import { storeWebhookEvents } from '../../ledger/index.ts';
import type { Store } from '../../store/index.ts';
import { findEndpoint } from '../../webhooks/index.ts';
import { openVault } from '../../vault/index.ts';
import { EventRouting } from './event-routing.ts';
import type { Listener } from './listeners.ts';
import type { EngineParts } from '../parts.ts';
import { defaultEngineSettings } from '../settings.ts';
import { Subscriptions } from '../subscriptions.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';
import { FakeEvents } from '../testing/fake-events.ts';

let bench: EngineBench;
let events: FakeEvents;
beforeEach(async () => {
  events = new FakeEvents();
  bench = await EngineBench.open({
    flow: events.flow,
    settings: { webhooks: { debounce: { afterMs: 10, latestMs: 10 }, keysPerRun: 500 } },
  });
});
afterEach(() => bench[Symbol.asyncDispose]());

let told = 0;
async function tell(connectionId: string, count: number): Promise<void> {
  const some = Array.from({ length: count }, () => {
    told += 1;
    return {
      tenantId: 'ten_1',
      connectionId,
      deduplicationKey: `evt_${told}`,
      topic: 'object/changed',
      verdict: 'genuine' as const,
      body: JSON.stringify({ id: `k${told}` }),
      receivedAt: bench.clock.now() + told,
    };
  });
  await storeWebhookEvents(bench.store, some, []);
}

const listener = (connectionId: string): Listener => ({
  ref: flowRef,
  flow: bench.flow as Listener['flow'],
  sourceConnectionId: connectionId,
  targetConnectionId: 'con_target',
});
const partsOn = (store: Store): EngineParts =>
  ({ store, clock: bench.clock, log: silentLog, settings: defaultEngineSettings }) as unknown as EngineParts;
const newOf = async (connectionId: string): Promise<number> =>
  (
    await bench.store.db
      .selectFrom('webhook_event')
      .select('id')
      .where('state', '=', 'new')
      .where('connection_id', '=', connectionId)
      .execute()
  ).length;

async function route(store: Store): Promise<void> {
  const routing = new EventRouting(partsOn(store));
  routing.start([listener('con_source'), listener('con_target')]);
  await routing.idle();
}

test('a source that asks for a pause of days is asked again after half an hour, not at once', async () => {
  events.faults.set(
    '1',
    Array.from({ length: 100 }, () => new SystemError('BUSY', 'retry', 'closed', { retryAfterMs: 3 * 86_400_000 })),
  );
  bench.start();
  await bench.until('the first run', async () => (await bench.store.db.selectFrom('run').selectAll().execute()).length > 0);
  await storeWebhookEvents(
    bench.store,
    [
      {
        tenantId: 'ten_1',
        connectionId: 'con_source',
        deduplicationKey: 'once',
        topic: 'object/changed',
        verdict: 'genuine',
        body: '{"id":"1"}',
        receivedAt: bench.clock.now(),
      },
    ],
    [],
  );
  await bench.until('it was read', () => events.reads.length > 0);
  for (let round = 0; round < 4; round += 1) await bench.rounds();
  expect(events.reads).toHaveLength(1);
  bench.clock.set(31 * 60_000);
  await bench.until('it was read again', () => events.reads.length > 1);
});

test("the storm of one source does not hold up another one's events", async () => {
  await tell('con_source', 1500);
  await tell('con_target', 1);
  const left: [number, number][] = [];
  const watched: Store = {
    ...bench.store,
    commit: async (job) => {
      const result = await bench.store.commit(job);
      left.push([await newOf('con_source'), await newOf('con_target')]);
      return result;
    },
  };
  await route(watched);
  expect(await newOf('con_source')).toBe(0);
  expect(left.find(([, ofOther]) => ofOther === 0)?.[0]).toBeGreaterThan(500);
});

test('events of a source that cannot be written do not hold up those of another one', async () => {
  await tell('con_source', 1);
  await tell('con_target', 1);
  const bad = { ...listener('con_source'), ref: { ...flowRef, integrationId: 'int_deleted_meanwhile' } };
  const routing = new EventRouting(partsOn(bench.store));
  routing.start([bad, listener('con_target')]);
  await routing.idle();
  expect([await newOf('con_source'), await newOf('con_target')]).toEqual([1, 0]);
});

test('a connection that cannot be opened is not tried with every round', async () => {
  let tries = 0;
  const sessions = {
    use: () => {
      tries += 1;
      return Promise.reject(new SystemError('SETTINGS_INVALID', 'halt', 'the settings do not fit'));
    },
  };
  const clock = { ...bench.clock, now: () => at };
  let at = 1_900_000_000_000;
  const webhooks = { vault: openVault({ keys: Buffer.alloc(32, 1).toString('base64') }), publicUrl: 'https://relay.example.com' };
  const subscriptions = new Subscriptions({ ...partsOn(bench.store), clock, sessions, webhooks } as unknown as EngineParts);
  for (let round = 0; round < 10; round += 1) {
    await subscriptions.start([listener('con_source')]);
    await subscriptions.idle();
  }
  expect(tries).toBe(1);
  at += 61_000;
  await subscriptions.start([listener('con_source')]);
  await subscriptions.stop();
  expect(tries).toBe(2);
  expect(await findEndpoint(bench.store, 'con_source')).toBeUndefined();
});
