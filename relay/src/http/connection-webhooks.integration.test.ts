import { createHmac } from 'node:crypto';
import { ensureEndpoint, findEndpoint, openSecrets } from '../webhooks/index.ts';
import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let connectionId: string;
let at: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
});
afterAll(() => api[Symbol.asyncDispose]());

let number = 0;
beforeEach(async () => {
  const connection = {
    system: 'bigcommerce',
    name: `Shop ${++number}`,
    // Nobody listens there.
    settings: { storeHash: 'abc123', clientId: 'x', clientSecret: 'client-secret', accessToken: 'x', baseUrl: 'http://127.0.0.1:9/{hash}' },
  };
  ({ id: connectionId } = await api.ok('POST', `/tenants/${tenant.tenantId}/connections`, connection));
  at = `/tenants/${tenant.tenantId}/connections/${connectionId}/webhooks`;
});

interface View {
  state: string;
  url: string | null;
  mode: string | null;
  modeSetBy: string | null;
  secretRotatedAt: string | null;
  nextKeepAt: string | null;
}
const view = () => api.ok<View>('GET', at);
const endpoint = async () => {
  const row = await findEndpoint(api.store, connectionId);
  if (!row) throw new Error('there is no endpoint');
  return row;
};
const giveAddress = () => ensureEndpoint(api.services, { id: connectionId, tenant_id: tenant.tenantId });

test('a connection that no flow listens to has no address yet, and nothing to change', async () => {
  expect(await view()).toMatchObject({ state: 'waiting', url: null, mode: null, subscriptions: [], problem: null, lastDay: [] });
  const changed = await api.request('PATCH', at, { body: { mode: 'required' } });
  expect([changed.status, changed.body['code']]).toEqual([409, 'NO_WEBHOOK_ADDRESS']);
  expect((await api.request('POST', `${at}/rotate-secret`)).status).toBe(409);
});

test('a system that sends no webhooks says so', async () => {
  const reply = await api.request('GET', `/tenants/${tenant.tenantId}/connections/${tenant.cin7Id}/webhooks`);
  expect([reply.status, reply.body['code']]).toEqual([404, 'NO_WEBHOOKS']);
});

test('address, subscriptions, problem and deliveries are shown, never the secret', async () => {
  await giveAddress();
  const { key } = await endpoint();
  const kept = { subscriptions: [{ topic: 'store/order/created', state: 'active' }] };
  const error = { code: 'SCOPE', verdict: 'halt', message: 'not allowed', fix: 'Allow it.' };
  await api.store.db
    .updateTable('webhook_endpoint')
    .set({
      kept_at: 1_790_000_000_000,
      kept_json: JSON.stringify(kept),
      keep_error_json: JSON.stringify(error),
      last_event_at: 1_790_000_000_000,
    })
    .where('connection_id', '=', connectionId)
    .execute();
  await api.store.db
    .insertInto('webhook_count')
    .values({ connection_id: connectionId, bucket_at: Date.now(), outcome: 'genuine', count: 7 })
    .execute();
  const reply = await api.request('GET', at);
  expect(reply.body).toMatchObject({
    state: 'failing',
    url: `https://relay.example.com/webhooks/bigcommerce/${key}`,
    mode: 'observe',
    modeSetBy: null,
    subscriptions: kept.subscriptions,
    problem: { code: 'SCOPE', message: 'not allowed', fix: 'Allow it.' },
    lastEventAt: '2026-09-21T14:13:20.000Z',
    lastDay: [{ outcome: 'genuine', count: 7 }],
  });
  expect(reply.text).not.toContain(openSecrets(api.services.vault, await endpoint()).current);
});

test('the mode is set by a person, and given back', async () => {
  await giveAddress();
  expect(await api.ok('PATCH', at, { mode: 'required' })).toMatchObject({ mode: 'required', modeSetBy: expect.stringMatching(/^token:/) });
  expect(await api.ok('PATCH', at, { mode: 'automatic' })).toMatchObject({ mode: 'observe', modeSetBy: null });
});

test.each([
  ['no mode', {}],
  ['an unknown mode', { mode: 'sometimes' }],
  ['a field too many', { mode: 'observe', secret: 'mine' }],
])('%s is refused', async (_what, body) => {
  const reply = await api.request('PATCH', at, { body });
  expect([reply.status, reply.body['code']]).toEqual([400, 'BODY_INVALID']);
});

test('a rotation makes another secret, keeps the one before for a while, and the system is told at once', async () => {
  await giveAddress();
  const { current } = openSecrets(api.services.vault, await endpoint());
  await api.store.db
    .updateTable('webhook_endpoint')
    .set({ keep_at: 9_000_000_000_000 })
    .where('connection_id', '=', connectionId)
    .execute();
  expect(await api.ok<View>('POST', `${at}/rotate-secret`)).toMatchObject({ secretRotatedAt: expect.any(String), nextKeepAt: null });
  const after = openSecrets(api.services.vault, await endpoint());
  expect(after.previous).toBe(current);
  expect(after.current).not.toBe(current);
});

test('viewers do not see the address, operators change nothing', async () => {
  const viewer = await api.token({ tenantId: tenant.tenantId, role: 'viewer' });
  const operator = await api.token({ tenantId: tenant.tenantId, role: 'operator' });
  expect((await api.request('GET', at, { token: viewer })).status).toBe(403);
  expect((await api.request('GET', at, { token: operator })).status).toBe(200);
  expect((await api.request('PATCH', at, { token: operator, body: { mode: 'observe' } })).status).toBe(403);
  expect((await api.request('POST', `${at}/rotate-secret`, { token: operator })).status).toBe(403);
});

test('a signed delivery to the real server is kept and counted, and carries no headers of the API', async () => {
  await giveAddress();
  const row = await endpoint();
  const body = JSON.stringify({ scope: 'store/order/created', store_id: '1', data: { type: 'order', id: 250 }, producer: 'stores/abc123' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', 'client-secret').update(`evt_1.${timestamp}.${body}`).digest('base64');
  const send = (key: string) =>
    fetch(`${api.url}/webhooks/bigcommerce/${key}`, {
      method: 'POST',
      body,
      headers: {
        'x-relay-key': openSecrets(api.services.vault, row).current,
        'webhook-id': 'evt_1',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    });
  const reply = await send(row.key);
  expect([reply.status, await reply.text(), reply.headers.get('x-request-id'), reply.headers.get('etag')]).toEqual([200, '', null, null]);
  expect((await send('unknown')).status).toBe(404);
  const events = await api.store.db
    .selectFrom('webhook_event')
    .select(['topic', 'body'])
    .where('connection_id', '=', connectionId)
    .execute();
  expect(events).toEqual([{ topic: 'store/order/created', body }]);
  const metrics = await api.request('GET', '//metrics');
  expect(metrics.text).toContain('mlrelay_webhooks_total{system="bigcommerce",outcome="genuine"} 1');
  expect(metrics.text).toContain('mlrelay_webhooks_total{system="bigcommerce",outcome="unknown_address"} 1');
});

test('a connection can be deleted though its system does not take its webhooks back, and the trail says so', async () => {
  await giveAddress();
  const { key } = await endpoint();
  expect((await api.request('DELETE', `/tenants/${tenant.tenantId}/connections/${connectionId}`)).status).toBe(204);
  expect(await findEndpoint(api.store, connectionId)).toBeUndefined();
  const events = await api.store.db
    .selectFrom('event')
    .select(['kind', 'data_json'])
    .where('subject_id', '=', tenant.tenantId)
    .where('kind', 'like', 'webhooks.%')
    .execute();
  expect(events).toEqual([{ kind: 'webhooks.left', data_json: expect.stringContaining(connectionId) }]);
  const reply = await fetch(`${api.url}/webhooks/bigcommerce/${key}`, { method: 'POST', body: '{}' });
  expect([401, 404]).toContain(reply.status);
});
