import { rewriteSecrets } from '../store/index.ts';
import { once } from './idempotency.ts';
import { ApiError } from './problem.ts';
import { resources } from './resources/index.ts';
import { seedTenant, startApi, type Reply, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
});
afterAll(() => api[Symbol.asyncDispose]());

const send = (key: string, body: unknown, { path = '/tenants', token = api.adminToken } = {}): Promise<Reply> =>
  api.request('POST', path, { token, body, headers: { 'idempotency-key': key } });

async function tenantsNamed(name: string): Promise<number> {
  return (await api.ok<{ items: object[] }>('GET', `/tenants?name=${encodeURIComponent(name)}`)).items.length;
}

test('a write that is sent again is done once, and gets the first answer', async () => {
  const first = await send('key-1', { name: "O'Brien Imports" });
  const again = await send('key-1', { name: "O'Brien Imports" });
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
  expect(await tenantsNamed("O'Brien Imports")).toBe(1);
});

test('of many at the same time one is done, and the others get its answer or are told to wait', async () => {
  const replies = await Promise.all(Array.from({ length: 8 }, () => send('key-2', { name: '北京进出口有限公司' })));
  const codes = new Set(replies.map(({ status, body }) => (status === 201 ? 'done' : body['code'])));
  expect(codes.has('done')).toBe(true);
  expect([...codes].filter((code) => code !== 'done' && code !== 'IDEMPOTENCY_KEY_OPEN')).toEqual([]);
  expect(await tenantsNamed('北京进出口有限公司')).toBe(1);
});

test('the key stands for one write: another body is refused, another operation or caller is something else', async () => {
  await send('key-3', { name: 'Erste' });
  expect(await send('key-3', { name: 'Zweite' })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_TAKEN' } });
  const site = { path: `/tenants/${tenant.tenantId}/sites` };
  expect((await send('key-3', { name: 'Werk Nord' }, site)).status).toBe(201);
  const token = await api.token({ tenantId: null, role: 'admin' });
  expect((await send('key-3', { name: 'Dritte' }, { token })).status).toBe(201);
});

test('what was refused counts as not sent', async () => {
  const site = { path: `/tenants/${tenant.tenantId}/connections` };
  const body = { system: 'sap-ecc', name: 'SAP QAS', siteId: tenant.siteId, settings: { agentSystem: 'QAS' } };
  expect((await send('key-4', { ...body, settings: {} }, site)).status).toBe(400);
  expect((await send('key-4', body, site)).status).toBe(201);
});

test('a token that was shown once is shown again to who lost the answer, and stands nowhere in clear', async () => {
  const wanted = { name: 'Monitor', tenantId: tenant.tenantId, role: 'viewer' };
  const first = await send('key-5', wanted, { path: '/api-tokens' });
  expect((await send('key-5', wanted, { path: '/api-tokens' })).body).toEqual(first.body);
  const rows = await api.store.db.selectFrom('idempotency_key').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(first.body['token']);
  await rewriteSecrets(api.store, (sealed, owner) => api.services.vault.encrypt(api.services.vault.decrypt(sealed, owner), owner));
  expect((await send('key-5', wanted, { path: '/api-tokens' })).body).toEqual(first.body);
});

test('what ended inside the relay, nobody knows how, is not done again unasked', async () => {
  const route = resources.flat().find(({ id }) => id === 'tenants.create');
  if (!route) throw new Error('there is no such route');
  const caller = { actor: 'token:tok_x', name: 'x', grants: { everywhere: null, tenants: new Map() }, role: 'admin' as const };
  const write = { route, key: 'key-6', caller, services: api.services, request: { params: {}, query: {}, body: {} } };
  await expect(once(write, () => Promise.reject(new Error('power cut')))).rejects.toThrow('power cut');
  await expect(once(write, () => Promise.resolve({}))).rejects.toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_OPEN' });
  await api.store.db.updateTable('idempotency_key').set({ created_at: 0 }).where('key', '=', 'key-6').execute();
  await expect(once(write, () => Promise.reject(new ApiError(404, 'X', 'x', { fix: '' })))).rejects.toMatchObject({ code: 'X' });
  const left = await api.store.db.selectFrom('idempotency_key').select('key').where('key', '=', 'key-6').execute();
  expect(left).toEqual([]);
});

test.each(['', 'x'.repeat(201), 'two words'])('"%s" is no key', async (key) => {
  expect(await send(key, { name: 'Neu' })).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_INVALID' } });
});

test('who may not write learns nothing by a key', async () => {
  await send('key-7', { name: 'Geheim AG' });
  const token = await api.token({ tenantId: tenant.tenantId, role: 'admin' });
  expect((await send('key-7', { name: 'Geheim AG' }, { token })).status).toBe(403);
});
