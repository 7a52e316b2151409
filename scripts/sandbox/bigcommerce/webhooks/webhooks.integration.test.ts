import { createHmac } from 'node:crypto';
import { actions, sign, startBigCommerce, type BigCommerceOptions, type BigCommerceSim } from '../index.ts';
import { call } from '../testing/call.ts';
import { startReceiver, type Received } from '../testing/receiver.ts';

const open = (options: BigCommerceOptions = {}): Promise<BigCommerceSim> =>
  startBigCommerce({ webhooks: { compression: 100_000 }, ...options });

async function hook(sim: BigCommerceSim, scope: string, destination: string, headers?: Record<string, string>): Promise<number> {
  const { status, json } = await call(sim, 'POST', 'v3/hooks', { scope, destination, is_active: true, ...(headers && { headers }) });
  expect(status).toBe(200);
  return (json as { data: { id: number } }).data.id;
}

/** Plain HMAC over what arrived, as facts/bigcommerce.md 5.4 says. */
function isSigned({ headers, body }: Received, clientSecret: string): boolean {
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', clientSecret).update(content).digest('base64')}`;
}

test('the signature is that of the published recipe', () => {
  const body =
    '{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}';
  expect(sign({ clientSecret: 'client-secret', id: 'evt_1', timestamp: '1700000000', body })).toBe(
    'v1,B3fkiwFkImRS0/mwHwVMRmFahl/SVAzzYU6F6gbekSk=',
  );
});

test('a checkout sends its storm, signed, with the headers given for the hook', async () => {
  await using sim = await open();
  await using receiver = await startReceiver();
  await hook(sim, 'store/order/*', receiver.url, { 'X-Relay-Key': 'geheim' });
  const { orderId } = actions.placeOrder(sim.store, { kind: 'guest' });
  await receiver.until(5);
  await sim.webhooks.settled();
  expect(receiver.received.map(({ json }) => json.scope).sort()).toEqual([
    'store/order/created',
    'store/order/statusUpdated',
    'store/order/transaction/created',
    'store/order/updated',
    'store/order/updated',
  ]);
  for (const one of receiver.received) {
    expect(isSigned(one, sim.connectionSettings.clientSecret)).toBe(true);
    expect(one.headers['x-relay-key']).toBe('geheim');
    expect(one.json).toMatchObject({
      store_id: '1025646',
      producer: 'stores/nl4711',
      hash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
  }
  const status = receiver.received.find(({ json }) => json.scope === 'store/order/statusUpdated');
  expect(status?.json.data).toEqual({ type: 'order', id: orderId, status: { previous_status_id: 0, new_status_id: 11 } });
  const transaction = receiver.received.find(({ json }) => json.scope === 'store/order/transaction/created');
  expect(transaction?.json.data['order_id']).toBe(String(orderId));
});

test.each([
  ['signature missing', { signature: 'missing' }, (one: Received) => expect(one.headers['webhook-signature']).toBeUndefined()],
  [
    'signature wrong',
    { signature: 'wrong' },
    (one: Received) => expect(isSigned(one, 'nordlicht-client-secret-0000000000000000000000000001')).toBe(false),
  ],
  [
    'time stale',
    { staleSeconds: 7200 },
    (one: Received) => expect(Number(one.headers['webhook-timestamp'])).toBeLessThan(Date.now() / 1000 - 7000),
  ],
] as const)('%s, when that is switched on', async (_what, switches, check) => {
  await using sim = await open();
  await using receiver = await startReceiver();
  await hook(sim, 'store/order/created', receiver.url);
  Object.assign(sim.webhooks.switches, switches);
  actions.placeOrder(sim.store, {});
  await receiver.until(1);
  check(receiver.received[0] as Received);
});

test('duplicates have the id and the body of the first, and reordering turns events round', async () => {
  await using sim = await open({ webhooks: { compression: 100_000, parallel: 1 } });
  await using receiver = await startReceiver();
  await hook(sim, 'store/order/created', receiver.url);
  Object.assign(sim.webhooks.switches, { duplicates: 1, reorderBy: 1_000 });
  const { orderIds } = actions.placeOrder(sim.store, { count: 3 });
  sim.webhooks.flush();
  await receiver.until(6);
  const ids = receiver.received.map(({ json }) => json.data['id']);
  expect(ids).toEqual([...orderIds].reverse().flatMap((id) => [id, id]));
  const [first, second] = receiver.received;
  expect([second?.headers['webhook-id'], second?.body]).toEqual([first?.headers['webhook-id'], first?.body]);
});

test('what fails is tried twelve times with the same id, then the hook is switched off and the exceptions tell so', async () => {
  await using sim = await open({ webhooks: { compression: 10_000_000 } });
  await using receiver = await startReceiver();
  await using exceptions = await startReceiver();
  receiver.status = 500;
  const id = await hook(sim, 'store/customer/created', receiver.url);
  await hook(sim, 'store/hook/deliveryException', exceptions.url);
  actions.createCustomer(sim.store, { email: 'aenne@post.example', first_name: 'Änne', last_name: 'Größer' });
  await sim.webhooks.settled();
  expect(receiver.received).toHaveLength(12);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(sim.state.hooks.get(id)).toMatchObject({ is_active: false, status: 'deactivated' });
  const codes = exceptions.received.map(({ json }) => json.data['error_code']);
  expect([codes[0], codes.at(-1)]).toEqual([90_001, 90_002]);
  await call(sim, 'PUT', `v3/hooks/${id}`, { is_active: true });
  receiver.status = 200;
  actions.createCustomer(sim.store, { email: 'sean@obrien.example', first_name: 'Seán', last_name: "O'Brien" });
  await receiver.until(13);
});

test('a domain where less than nine in ten succeed is left alone for a while, and gets its events later', async () => {
  const denylist = { windowMs: 60_000, blockMs: 300 };
  await using sim = await open({ webhooks: { compression: 600, denylist } });
  await using receiver = await startReceiver();
  await using exceptions = await startReceiver();
  receiver.status = 503;
  await hook(sim, 'store/order/created', receiver.url);
  await hook(sim, 'store/hook/deliveryException', exceptions.url);
  actions.placeOrder(sim.store, { count: 100 });
  await sim.until(() => sim.webhooks.blockedDomains(sim.connectionSettings.clientId).length > 0);
  receiver.status = 200;
  const admin = (await call(sim, 'GET', 'v3/hooks/admin')).json as { data: { blocked_domains: { destination: string }[] } };
  expect(admin.data.blocked_domains).toMatchObject([{ destination: new URL(receiver.url).host }]);
  await sim.webhooks.settled();
  expect(new Set(receiver.received.map(({ json }) => json.data['id'])).size).toBe(100);
  expect(sim.webhooks.counts).toMatchObject({ givenUp: 0 });
  expect(exceptions.received.map(({ json }) => json.data['error_code'])).toContain(90_003);
});

test.each([
  ['plain HTTP', 'http://relay.example/bc', 422],
  ['another port', 'https://relay.example:8443/bc', 422],
  ['no address', 'relay', 422],
  ['HTTPS on 443', 'https://relay.example/bc', 200],
  ['the machine itself', 'http://127.0.0.1:9/bc', 422],
])('a hook to %s (%s), where only public HTTPS is let through, is answered %p', async (_what, destination, status) => {
  await using sim = await open({ allowsLoopback: false });
  expect((await call(sim, 'POST', 'v3/hooks', { scope: 'store/order/created', destination })).status).toBe(status);
});

test('hooks: one per scope and destination, ten per scope, own ones only, changed in part', async () => {
  const client = { clientId: 'c2', clientSecret: 's2', accessToken: 't2', scopes: [] };
  const [own] = await usingClients();
  await using sim = await open({ clients: [own, client] });
  const id = await hook(sim, 'store/order/created', 'https://relay.example/0');
  expect((await call(sim, 'POST', 'v3/hooks', { scope: 'store/order/created', destination: 'https://relay.example/0' })).status).toBe(422);
  for (let number = 1; number < 10; number += 1) await hook(sim, 'store/order/created', `https://relay.example/${number}`);
  expect((await call(sim, 'POST', 'v3/hooks', { scope: 'store/order/created', destination: 'https://relay.example/10' })).status).toBe(422);
  expect((await call(sim, 'GET', 'v3/hooks', undefined, 't2')).json).toMatchObject({ data: [] });
  expect((await call(sim, 'GET', `v3/hooks/${id}`, undefined, 't2')).json).toMatchObject({
    status: 404,
    title: `Webhook with id [${id}] not found`,
  });
  expect((await call(sim, 'PUT', `v3/hooks/${id}`, { is_active: false })).json).toMatchObject({
    data: { is_active: false, scope: 'store/order/created' },
  });
  expect((await call(sim, 'DELETE', `v3/hooks/${id}`)).json).toMatchObject({ data: { id } });
  expect((await call(sim, 'GET', 'v3/hooks?scope=store/order/created')).json).toMatchObject({ meta: { pagination: { total: 9 } } });
  expect((await call(sim, 'POST', 'v3/hooks', { scope: 'store/order/created' })).json).toMatchObject({
    errors: { destination: 'error.path.missing.' },
  });
});

async function usingClients(): Promise<[BigCommerceSim['clients'][number]]> {
  await using sim = await open();
  return [sim.clients[0] as BigCommerceSim['clients'][number]];
}

test('a write through the API comes back as an event', async () => {
  await using sim = await open({ seed: { orders: 1 } });
  await using receiver = await startReceiver();
  await hook(sim, 'store/order/updated', receiver.url);
  await call(sim, 'PUT', 'v2/orders/100', { external_order_id: '1800000123' });
  await receiver.until(1);
  expect(receiver.received[0]?.json.data).toEqual({ type: 'order', id: 100 });
});
