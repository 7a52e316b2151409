import { connect } from 'node:net';
import { once } from 'node:events';
import type { Store } from '../store/index.ts';
import { findEndpoint, openSecrets, rotateHeaderSecret, setWebhookMode } from './endpoints.ts';
import { connectionId } from './testing/receiver-bench.ts';
import { openReceiver, type ReceiverBench } from './testing/index.ts';

let bench: ReceiverBench;
beforeEach(async () => {
  bench = await openReceiver();
});
afterEach(() => bench[Symbol.asyncDispose]());

const event = { topic: 'object/changed', id: '250', note: 'Größe 北京' };
const modeNow = async () => (await findEndpoint(bench.store, connectionId))?.mode;
const row = async () => {
  const found = await findEndpoint(bench.store, connectionId);
  if (!found) throw new Error('there is no endpoint');
  return found;
};

test('a genuine delivery is on disk as it was sent when it is answered 200, with an empty body and few headers', async () => {
  const reply = await bench.deliver(event);
  expect([reply.status, reply.text]).toEqual([200, '']);
  expect([...reply.headers.keys()].toSorted()).toEqual(['connection', 'content-length', 'date', 'keep-alive']);
  expect(await bench.events()).toEqual([
    expect.objectContaining({
      id: expect.stringMatching(/^evt_/),
      tenant_id: 'ten_1',
      connection_id: connectionId,
      deduplication_key: 'evt_1',
      topic: 'object/changed',
      verdict: 'genuine',
      body: JSON.stringify(event),
      state: 'new',
      received_at: bench.clock.at,
    }),
  ]);
  expect(bench.outcomes).toEqual(['genuine 200']);
});

test('the same delivery again is answered 200, and is there once', async () => {
  await bench.deliver(event);
  expect((await bench.deliver(event)).status).toBe(200);
  expect(await bench.events()).toHaveLength(1);
  expect(bench.outcomes).toEqual(['genuine 200', 'duplicate 200']);
});

test('of the same delivery many times at once one is kept, and all are answered 200', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => bench.deliver(event)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await bench.events()).toHaveLength(1);
  expect(bench.outcomes.toSorted()).toEqual([...Array<string>(19).fill('duplicate 200'), 'genuine 200']);
});

test.each([
  ['a wrong signature', { secret: 'another' }, 401, 'forged'],
  ['a body other than the one signed', { body: '{"topic":"object/changed","id":"251"}' }, 401, 'forged'],
  ['a wrong header secret', { headers: { 'x-relay-key': 'A'.repeat(43) } }, 401, 'wrong_header'],
  ['a header secret of another length', { headers: { 'x-relay-key': 'short' } }, 401, 'wrong_header'],
  ['no header secret', { headers: { 'x-relay-key': '' } }, 401, 'wrong_header'],
  ['an unknown key', { path: `/webhooks/bigcommerce/${'A'.repeat(43)}` }, 404, 'unknown_address'],
  ['no key', { path: '/webhooks/bigcommerce' }, 404, 'unknown_address'],
  ['another method', { method: 'GET' }, 405, 'wrong_method'],
  ['no JSON', { body: '<order/>' }, 400, 'unreadable'],
  ['an empty body', { body: '' }, 400, 'unreadable'],
  ['a body that is too large', { body: 'x'.repeat(300_000) }, 413, 'too_large'],
] as const)('%s is refused with an empty body, and nothing is kept', async (_what, change, status, outcome) => {
  const reply = await bench.deliver(event, change);
  expect([reply.status, reply.text]).toEqual([status, '']);
  expect(bench.outcomes).toEqual([`${outcome} ${status}`]);
  expect(await bench.events()).toEqual([]);
});

test('the key of one system is unknown to the address of another, and below a longer path', async () => {
  expect((await bench.deliver(event, { path: bench.path.replace('bigcommerce', 'zoho-crm') })).status).toBe(404);
  expect((await bench.deliver(event, { path: `${bench.path}/` })).status).toBe(404);
  expect((await bench.deliver(event, { path: `${bench.path}/exceptions/more` })).status).toBe(404);
  expect((await bench.deliver(event, { path: `${bench.path}?source=shop` })).status).toBe(200);
  expect((await bench.deliver(event, { path: `${bench.path}/exceptions` })).status).toBe(200);
});

test('a delivery whose time is long past is kept as stale: it only makes us look', async () => {
  expect((await bench.deliver(event, { at: bench.clock.at - 86_400_000 })).status).toBe(200);
  expect((await bench.events()).map(({ verdict }) => verdict)).toEqual(['stale']);
});

describe('unsigned deliveries', () => {
  test('are taken until the first right signature was seen, then no more', async () => {
    expect((await bench.deliver(event, { secret: null })).status).toBe(200);
    expect(await modeNow()).toBe('observe');
    bench.clock.at++;
    await bench.deliver(event, { id: 'evt_2' });
    expect(await modeNow()).toBe('required');
    expect((await bench.deliver({ ...event, id: '251' }, { secret: null })).status).toBe(401);
    expect((await bench.events()).map(({ verdict }) => verdict)).toEqual(['unsigned', 'genuine']);
    expect(bench.outcomes).toEqual(['unsigned 200', 'genuine 200', 'signature_missing 401']);
  });

  test('a stale or forged signature proves nothing', async () => {
    await bench.deliver(event, { at: bench.clock.at - 86_400_000 });
    await bench.deliver(event, { secret: 'another', id: 'evt_2' });
    expect(await modeNow()).toBe('observe');
  });

  test('are taken as long as a person wants it, and refused when one does not', async () => {
    await setWebhookMode(bench.store, await row(), { mode: 'observe', actor: 'user:anna' });
    await bench.deliver(event);
    expect(await row()).toMatchObject({ mode: 'observe', mode_set_by: 'user:anna', genuine_at: bench.clock.at });
    await setWebhookMode(bench.store, await row(), { mode: 'required', actor: 'user:anna' });
    await untilMode('required');
    expect((await bench.deliver({ ...event, id: '9' }, { secret: null })).status).toBe(401);
    await setWebhookMode(bench.store, await row(), { mode: 'automatic', actor: 'user:anna' });
    expect(await row()).toMatchObject({ mode: 'required', mode_set_by: null });
  });
});

/** The receiver has read its endpoints again: an unknown key makes it. */
async function known(): Promise<void> {
  bench.clock.at += 2000;
  await bench.deliver(event, { path: '/webhooks/bigcommerce/unknown' });
}

/** The receiver has read the mode again when this delivery is judged by it. */
async function untilMode(mode: string): Promise<void> {
  for (let number = 0; ; number++) {
    const { status } = await bench.deliver({ topic: 'probe', number }, { secret: null });
    if ((status === 401) === (mode === 'required')) return;
  }
}

test('after a rotation both header secrets are accepted, and the old one for no longer than 49 hours or a second rotation', async () => {
  const old = { 'x-relay-key': bench.headerSecret };
  await rotateHeaderSecret(bench, await row());
  bench.clock.at += 60_000;
  const statusOf = async (id: string, headers?: Record<string, string>) =>
    (await bench.deliver(event, { id, ...(headers && { headers }), at: bench.clock.at })).status;
  await known();
  expect(await statusOf('evt_2', old)).toBe(200);
  expect(await statusOf('evt_3')).toBe(200);
  const between = { 'x-relay-key': openSecrets(bench.vault, await row()).current };
  bench.clock.at += 49 * 3_600_000;
  expect(await statusOf('evt_4', old)).toBe(401);
  expect(await statusOf('evt_5')).toBe(200);
  await rotateHeaderSecret(bench, await row());
  await rotateHeaderSecret(bench, await row());
  await known();
  expect(await statusOf('evt_6', between)).toBe(401);
  expect(await statusOf('evt_7')).toBe(200);
});

test('an address that was just made, here or by another relay, is found at its first delivery', async () => {
  await bench.store.db.updateTable('webhook_endpoint').set({ key: 'made-elsewhere' }).execute();
  bench.clock.at += 2000;
  expect((await bench.deliver(event, { path: '/webhooks/bigcommerce/made-elsewhere' })).status).toBe(200);
  bench.clock.at += 2000;
  expect((await bench.deliver(event, { id: 'evt_2' })).status).toBe(404);
});

test('a connection whose settings cannot be read asks for the delivery again', async () => {
  await bench.store.db.updateTable('connection').set({ secrets: 'v1.damaged', version: 2 }).execute();
  bench.clock.at += 60_000;
  await known();
  const reply = await bench.deliver(event);
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '10']);
});

test('a body that does not end in time is given up, and what was sent of it is forgotten', async () => {
  await using slow = await openReceiver({ bodyMs: 30 });
  const { hostname, port } = new URL(slow.origin);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${slow.path} HTTP/1.1\r\nHost: x\r\nX-Relay-Key: ${slow.headerSecret}\r\nContent-Length: 1000\r\n\r\n{"topic":`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 408 /);
  socket.destroy();
  expect(await slow.events()).toEqual([]);
});

test('a body without a length is cut off where it becomes too large', async () => {
  const { hostname, port } = new URL(bench.origin);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${bench.path} HTTP/1.1\r\nHost: x\r\nX-Relay-Key: ${bench.headerSecret}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  for (let sent = 0; sent < 6; sent++) socket.write(chunk);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});

test('a sender that hangs up in the middle leaves nothing', async () => {
  const { hostname, port } = new URL(bench.origin);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${bench.path} HTTP/1.1\r\nHost: x\r\nX-Relay-Key: ${bench.headerSecret}\r\nContent-Length: 1000\r\n\r\n{"topic":`);
  socket.destroy();
  await once(socket, 'close');
  expect((await bench.deliver(event)).status).toBe(200);
  expect(await bench.events()).toHaveLength(1);
});

test.each([
  ['the database is away', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['the disk is full', Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })],
])('while %s deliveries are answered 503, and kept once it works again', async (_what, fault) => {
  const faulty = { ...bench.store } as Store;
  let isDown = true;
  faulty.commit = (job) => (isDown ? Promise.reject(fault) : bench.store.commit(job));
  await bench.store.db.deleteFrom('connection').execute();
  await bench.store.db.deleteFrom('tenant').execute();
  await using down = await openReceiver({ store: faulty });
  expect((await down.deliver(event)).status).toBe(503);
  isDown = false;
  expect((await down.deliver(event)).status).toBe(200);
  expect(await down.events()).toHaveLength(1);
});

test('an event that the database refuses does not take its neighbours with it', async () => {
  const odd = { topic: 'a\u0000b', id: '1' };
  const long = { topic: 'x'.repeat(10_000), id: '2' };
  const replies = await Promise.all([
    bench.deliver(odd, { id: 'evt_odd\u00e4' }),
    bench.deliver(long, { id: 'k'.repeat(5000) }),
    bench.deliver(event),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  const kept = await bench.events();
  expect(kept.map(({ topic }) => topic).toSorted()).toEqual(['ab', 'object/changed', 'x'.repeat(200)]);
});

test('deliveries to a connection that was just deleted find no address, and its neighbours are kept', async () => {
  await bench.store.db.deleteFrom('connection').execute();
  expect((await bench.deliver(event, { headers: { 'x-relay-key': bench.headerSecret } })).status).toBe(404);
});

test('counts are written per connection, with the time of the last event', async () => {
  await bench.deliver(event);
  await bench.deliver(event);
  await bench.deliver(event, { secret: 'another' });
  await bench.receiver.flush();
  await bench.deliver(event, { secret: 'another' });
  await bench.receiver.flush();
  const counts = await bench.store.db.selectFrom('webhook_count').select(['outcome', 'count']).orderBy('outcome').execute();
  expect(counts).toEqual([
    { outcome: 'duplicate', count: 1 },
    { outcome: 'forged', count: 2 },
    { outcome: 'genuine', count: 1 },
  ]);
  expect(await row()).toMatchObject({ last_event_at: bench.clock.at });
});

test('other addresses are left to others', async () => {
  expect((await fetch(`${bench.origin}/webhook`)).status).toBe(418);
});
