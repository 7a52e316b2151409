import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
  of = `/tenants/${tenant.tenantId}`;
});
afterAll(() => api[Symbol.asyncDispose]());

const connections = () => api.store.db.selectFrom('connection').selectAll().orderBy('id').execute();

test('a connection is tried before it is made, and nothing of it is kept', async () => {
  const before = await connections();
  const body = { system: 'sap-ecc', siteId: tenant.siteId, settings: { agentSystem: 'QAS' } };
  expect(await api.ok('POST', `${of}/connection-trials`, body)).toMatchObject({
    ok: false,
    problem: { code: 'NO_TUNNEL', fix: 'Start the agent.' },
  });
  expect(await connections()).toEqual(before);
});

test('changed settings are tried before they are saved', async () => {
  const before = await connections();
  const at = `${of}/connections/${tenant.sapId}/try`;
  expect(await api.ok('POST', at, { settings: { client: '200' } })).toMatchObject({ ok: false, problem: { code: 'NO_TUNNEL' } });
  expect(await connections()).toEqual(before);
  expect((await api.request('POST', at, { body: { settings: { client: 'two' } } })).body).toMatchObject({
    status: 400,
    code: 'SETTINGS_INVALID',
  });
});

test('a kept secret is not tried at another address', async () => {
  const reply = await api.request('POST', `${of}/connections/${tenant.cin7Id}/try`, {
    body: { settings: { baseUrl: 'http://127.0.0.1:9/' } },
  });
  expect(reply.body).toMatchObject({ status: 400, errors: [{ path: 'settings.applicationKey' }] });
});
