import { SystemError } from '@ml-connector/shared';
import { haltConnection, resumeConnection, storeWebhookEvents } from '../../ledger/index.ts';
import type { DirtyKeyRow, RunRow } from '../../store/index.ts';
import { EngineBench, type BenchOptions } from '../testing/engine-bench.ts';
import { FakeEvents } from '../testing/fake-events.ts';

let bench: EngineBench;
let events: FakeEvents;
afterEach(() => bench[Symbol.asyncDispose]());

/** Debounced for a second of the bench's clock, which is a tenth of one here. */
const webhooks = { debounce: { afterMs: 1000, latestMs: 6000 }, keysPerRun: 500 };

async function open(options: BenchOptions = {}): Promise<void> {
  events = new FakeEvents();
  bench = await EngineBench.open({ ...options, flow: events.flow, settings: { webhooks, ...options.settings } });
}

let told = 0;
/** The source tells of these keys. */
async function tell(...keys: string[]): Promise<void> {
  await tellOf(...keys.map((id) => ({ topic: 'object/changed', id })));
}
async function tellOf(...bodies: { topic: string; id?: string }[]): Promise<void> {
  const receivedAt = bench.clock.now();
  const stored = bodies.map((body) => ({
    tenantId: 'ten_1',
    connectionId: 'con_source',
    deduplicationKey: `evt_${++told}`,
    topic: body.topic,
    verdict: 'genuine' as const,
    body: JSON.stringify(body),
    receivedAt,
  }));
  await storeWebhookEvents(bench.store, stored, []);
}

const dirty = (): Promise<DirtyKeyRow[]> => bench.store.db.selectFrom('dirty_key').selectAll().orderBy('key').execute();
const runs = async (mode = 'events'): Promise<RunRow[]> =>
  bench.store.db.selectFrom('run').selectAll().where('mode', '=', mode).orderBy('id').execute();
const eventStates = async (): Promise<string[]> =>
  (await bench.store.db.selectFrom('webhook_event').select('state').orderBy('id').execute()).map(({ state }) => state);
const schedule = () =>
  bench.store.db
    .selectFrom('integration_flow')
    .select(['next_run_at', 'next_sweep_at', 'failures', 'cursor_json'])
    .executeTakeFirstOrThrow();
// In this order: an event that is routed in between leaves a key behind.
const untilClean = (): Promise<void> =>
  bench.until('no key to be read', async () => !(await eventStates()).includes('new') && (await dirty()).length === 0);
/** The first run by schedule is over, and the next one is an hour away. */
async function started(): Promise<void> {
  bench.start();
  await bench.until('the first run', async () => (await runs('changes')).some(({ state }) => state === 'succeeded'));
}
const retry = () => new SystemError('BUSY', 'retry', 'the shop does not answer');
const refused = () => new SystemError('REFUSED', 'refused', 'the order cannot be read');

test('what an event names is read and posted, and the schedule is left as it was', async () => {
  await open();
  await started();
  const before = await schedule();
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  await bench.untilAll('succeeded');
  await untilClean();
  expect(await bench.states()).toEqual(['250.1 succeeded']);
  expect(await runs()).toEqual([
    expect.objectContaining({ trigger: 'webhook', state: 'succeeded', read_count: 1, new_count: 1, error_json: null }),
  ]);
  expect(await schedule()).toEqual(before);
  expect(await eventStates()).toEqual(['routed']);
});

test('a storm of events of one key is one read', async () => {
  await open();
  events.objects.set('250', { name: 'Müller' });
  await tell(...Array<string>(30).fill('250'));
  await started();
  await bench.untilAll('succeeded');
  await untilClean();
  expect(events.reads).toEqual([['250']]);
});

test('what no flow wants is ignored, and what a flow cannot read out of an event as well', async () => {
  await open();
  await tellOf({ topic: 'product/updated', id: '7' }, { topic: 'object/odd' });
  await started();
  await untilClean();
  expect(await eventStates()).toEqual(['ignored', 'ignored']);
  expect(events.reads).toEqual([]);
});

test('a key that the source has no more is done with', async () => {
  await open();
  await started();
  await tell('gone');
  await bench.until('it was read', () => events.reads.length > 0);
  await untilClean();
  expect(await bench.records()).toEqual([]);
});

test('an event that comes while its key is being read makes it be read again', async () => {
  await open();
  await started();
  events.objects.set('250', { name: 'Müller' });
  events.afterRead = async () => {
    events.afterRead = () => Promise.resolve();
    events.objects.set('250', { name: 'Müller & Söhne' });
    await tell('250');
    await bench.until('it was routed', async () => (await dirty()).some(({ generation }) => generation === 2));
  };
  await tell('250');
  await untilClean();
  await bench.untilAll('succeeded');
  expect(events.reads).toEqual([['250'], ['250']]);
  expect(bench.target.objects.map(({ body }) => body)).toEqual([{ name: 'Müller & Söhne', term: 'none' }]);
});

test.each([
  ['refused', refused],
  ['that the source does not answer for', retry],
  ['with a defect of ours', () => new TypeError('undefined is not an order')],
])('a key %s does not hold up the others, and is read again until it works', async (_what, fault) => {
  await open();
  await started();
  for (const key of ['1', '2', '3', '4', '5']) events.objects.set(key, { name: `Kunde ${key}` });
  events.faults.set('2', Array.from({ length: 8 }, fault));
  await tell('1', '2', '3', '4', '5');
  await bench.until(
    'all but one',
    async () => (await dirty()).map(({ key }) => key).join() === '2' && (await bench.records()).length === 4,
  );
  await untilClean();
  await bench.until('all posted', async () => (await bench.records()).filter(({ state }) => state === 'succeeded').length === 5);
  expect(events.faults.get('2')).toEqual([]);
  expect((await runs()).map(({ state }) => state)).toContain('failed');
  expect((await schedule()).failures).toBe(0);
});

test('a key that the source says nothing of stays, and says so', async () => {
  await open({ settings: { extractionRetry: { firstMs: 100_000, capMs: 100_000, random: () => 0.9 } } });
  await started();
  events.objects.set('1', { name: 'Eins' });
  events.untold.add('2');
  await tell('1', '2');
  await bench.until(
    'the other one is done',
    async () => (await dirty()).length === 1 && (await runs()).some(({ state }) => state === 'failed'),
  );
  const [left] = await dirty();
  expect(left).toMatchObject({ key: '2', failures: 1, error_json: expect.stringContaining('KEY_NOT_READ') });
});

test('a paused flow keeps what it was told of until it goes on', async () => {
  await open();
  await bench.changeFlow({ paused: 1 });
  bench.start();
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  await bench.until('it was routed', async () => (await dirty()).length === 1);
  bench.clock.set(60_000);
  await bench.rounds();
  expect(events.reads).toEqual([]);
  await bench.changeFlow({ paused: 0 });
  await untilClean();
  await bench.untilAll('succeeded');
});

test('a halted connection keeps what it was told of until a person resumes it', async () => {
  await open();
  await started();
  const connection = await bench.store.db.selectFrom('connection').selectAll().where('id', '=', 'con_source').executeTakeFirstOrThrow();
  await haltConnection(bench.store, bench.clock, connection, { code: 'UNAUTHORIZED', verdict: 'halt', message: 'the token was revoked' });
  await bench.rounds();
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  await bench.until('it was routed', async () => (await dirty()).length === 1);
  bench.clock.set(60_000);
  await bench.rounds();
  expect(events.reads).toEqual([]);
  await resumeConnection(bench.store, bench.clock, 'con_source', 'user:anna');
  await untilClean();
  await bench.untilAll('succeeded');
});

test('a read that says that nothing works halts the connection, and keeps the keys', async () => {
  await open();
  await started();
  events.faults.set('250', [new SystemError('UNAUTHORIZED', 'halt', 'the token was revoked')]);
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  const halted = async () =>
    (await bench.store.db.selectFrom('connection').select('id').where('halted_json', 'is not', null).execute()).length;
  await bench.until('halted', async () => (await halted()) === 1);
  await bench.until('the run has ended', async () => (await runs()).some(({ state }) => state === 'failed'));
  expect(await dirty()).toHaveLength(1);
  await resumeConnection(bench.store, bench.clock, 'con_source', 'user:anna');
  await untilClean();
});

test('what the schedule wants comes before events, and both get their turn', async () => {
  await open();
  bench.source.batches = [[{ key: '1', name: 'Eins' }]];
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  bench.clock.set(10_000);
  bench.start();
  await bench.untilAll('succeeded');
  await untilClean();
  expect((await bench.store.db.selectFrom('run').select('mode').orderBy('id').execute()).map(({ mode }) => mode)).toEqual([
    'changes',
    'events',
  ]);
});

test('while runs by schedule fail, events are read, and the failures go on being counted', async () => {
  await open({ settings: { extractionRetry: { firstMs: 3_000_000, capMs: 3_000_000, random: () => 0.9 } } });
  bench.source.batches = [[]];
  bench.source.failAfter = { batches: 0, error: retry() };
  events.objects.set('250', { name: 'Müller' });
  await tell('250');
  bench.start();
  await bench.untilAll('succeeded');
  await untilClean();
  expect((await schedule()).failures).toBe(1);
});

test('a run that a person cancels leaves its keys for later', async () => {
  await open();
  await started();
  let isReading = false;
  events.beforeRead = (_keys, signal) => {
    isReading = true;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  };
  await tell('250');
  await bench.until('it is being read', () => isReading);
  const [run] = await runs();
  bench.store.notify({ about: 'cancel', id: run?.id ?? '' });
  await bench.until('it has ended', async () => (await runs()).some(({ state }) => state === 'interrupted'));
  const [left] = await dirty();
  expect(left?.due_at).toBeGreaterThan(bench.clock.now() + 30_000);
  expect(left?.failures).toBe(0);
});

test('a relay that is killed before any of its steps loses nothing and posts nothing twice', async () => {
  const keys = ['1', '2', '3'];
  // Until one is through without dying: so every step was died before.
  for (let step = 1, isThrough = false; !isThrough; step++) {
    await open();
    for (const key of keys) events.objects.set(key, { name: `Kunde ${key}` });
    await tell(...keys);
    let left = step;
    bench.onCommit = () => {
      if (--left === 0) bench.die();
    };
    bench.start();
    await bench.until('the end, or death', async () => left <= 0 || (await posted()) === keys.length);
    isThrough = left > 0;
    bench.onCommit = () => undefined;
    await bench.kill();
    bench.start();
    await untilClean();
    await bench.until('all posted', async () => (await posted()) === keys.length, 20);
    expect(keys.map((key) => bench.target.creations(key))).toEqual([1, 1, 1]);
    if (!isThrough) await bench[Symbol.asyncDispose]();
  }
}, 120_000);

async function posted(): Promise<number> {
  return (await bench.records()).filter(({ state }) => state === 'succeeded').length;
}
