import { SystemError } from '@ml-connector/shared';
import { findEndpoint, rotateHeaderSecret } from '../webhooks/index.ts';
import { usualKind } from '../store/testing/index.ts';
import { openVault } from '../vault/index.ts';
import { EngineBench } from './testing/engine-bench.ts';
import { FakeEvents } from './testing/fake-events.ts';

let bench: EngineBench;
beforeEach(async () => {
  bench = await EngineBench.open({ flow: new FakeEvents().flow, publicUrl: 'https://relay.example.com/' });
});
afterEach(() => bench[Symbol.asyncDispose]());

const endpoint = () => findEndpoint(bench.store, 'con_source');
const kept = (times: number): Promise<void> => bench.until(`kept ${times} times`, () => bench.shop.keeps >= times);
const trail = async () =>
  (await bench.store.db.selectFrom('event').select('kind').where('subject_id', '=', 'con_source').orderBy('seq').execute()).map(
    ({ kind }) => kind,
  );
const missingScope = () =>
  new SystemError('SCOPE_MISSING', 'halt', 'the token may not manage webhooks', { fix: 'Make a token with that scope.' });

test('the source of a flow that listens is told an address of its own, at the start and hourly', async () => {
  bench.start();
  await kept(1);
  await bench.until('written', async () => (await endpoint())?.kept_at !== null);
  const row = await endpoint();
  expect(row).toMatchObject({ mode: 'observe', mode_set_by: null, keep_failures: 0, kept_version: 1 });
  expect([...bench.shop.subscriptions.keys()]).toEqual([`https://relay.example.com/webhooks/sap-ecc/${row?.key}`]);
  expect(row?.key).toMatch(/^[\w-]{43}$/);
  expect(JSON.parse(row?.kept_json ?? '')).toEqual({ subscriptions: [{ topic: 'object/changed', state: 'created' }] });
  await bench.rounds();
  expect(bench.shop.keeps).toBe(1);
  bench.clock.set(3_600_000);
  await kept(2);
  await bench.until('written', async () => (await endpoint())?.kept_json?.includes('"active"') === true);
  expect(await trail()).toEqual(['webhooks.kept']);
  await bench.stop();
  bench.start();
  await kept(3);
});

test.each([
  [
    'another version of the connection',
    () => bench.store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_source').execute(),
  ],
  [
    'a rotated secret',
    async () => {
      const row = await endpoint();
      if (row)
        await rotateHeaderSecret(
          { store: bench.store, clock: bench.clock, vault: openVault({ keys: Buffer.alloc(32, 1).toString('base64') }) },
          row,
        );
    },
  ],
])('%s is told at once', async (_what, change) => {
  bench.start();
  await kept(1);
  await bench.until('written', async () => (await endpoint())?.kept_at !== null);
  const before = [...bench.shop.subscriptions.values()];
  await change();
  await kept(2);
  expect([...bench.shop.subscriptions.values()].join() === before.join()).toBe(_what.includes('version'));
});

test('what the source refuses is written down, tried again with pauses, and halts nothing', async () => {
  bench.shop.fault = missingScope();
  bench.start();
  await bench.until('a failure', async () => (await endpoint())?.keep_failures === 1);
  expect(await endpoint()).toMatchObject({
    kept_at: null,
    keep_failing_since: expect.any(Number),
    keep_error_json: expect.stringContaining('"fix":"Make a token with that scope."'),
  });
  bench.clock.set(61_000);
  await bench.until('another one', async () => (await endpoint())?.keep_failures === 2);
  const halted = await bench.store.db.selectFrom('connection').select('id').where('halted_json', 'is not', null).execute();
  expect(halted).toEqual([]);
  bench.shop.fault = undefined;
  bench.clock.set(3_600_000);
  await bench.until('kept', async () => (await endpoint())?.keep_error_json === null);
  expect(await trail()).toEqual(['webhooks.failed', 'webhooks.kept']);
});

test('a secret that is rotated while the source is told of the one before is told right after', async () => {
  const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
  bench.shop.whileKeeping = async () => {
    bench.shop.whileKeeping = () => Promise.resolve();
    const row = await endpoint();
    if (row) await rotateHeaderSecret({ store: bench.store, clock: bench.clock, vault }, row);
  };
  bench.start();
  await kept(2);
  await bench.until('written', async () => (await endpoint())?.kept_at !== null);
});

test.each([
  ['no flow is switched on', { enabled: 0 }, true],
  ['the flow is paused', { paused: 1 }, false],
])('%s', async (_what, change, isLeftAlone) => {
  await bench.changeFlow(change);
  bench.start();
  if (!isLeftAlone) return kept(1);
  await bench.rounds();
  expect([bench.shop.keeps, await endpoint()]).toEqual([0, undefined]);
});

test('without a public address nobody is told anything', async () => {
  await using silent = await EngineBench.open({ flow: new FakeEvents().flow });
  silent.start();
  await silent.rounds();
  await silent.rounds();
  expect(silent.shop.keeps).toBe(0);
});

// SQLite has one relay only.
const onShared = usualKind === 'PostgreSQL' ? test : test.skip;
onShared('a connection that another relay works is left to it', async () => {
  await bench.store.db.insertInto('node').values({ id: 'nod_other', name: 'other', beat: 1, started_at: 0, seen_at: 0 }).execute();
  await bench.store.db.insertInto('connection_lease').values({ connection_id: 'con_source', node_id: 'nod_other', since: 0 }).execute();
  bench.start();
  await bench.rounds();
  await bench.rounds();
  expect(bench.shop.keeps).toBe(0);
});
