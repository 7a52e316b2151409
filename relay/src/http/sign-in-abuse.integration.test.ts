import { addPerson, confirmSecondFactor, hashPassword, proposeSecondFactor } from '../people/index.ts';
import { totpCode } from '../people/totp.ts';
import { startApi, type TestApi } from './testing/index.ts';

const password = 'Ein Satz, den niemand errät';
const email = 'eva@example.com';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

test('asking for the code in between is no way to guess codes without end', async () => {
  const { services } = api;
  const personId = await addPerson(services, { email, name: 'Eva', grants: { everywhere: 'admin', tenants: new Map() } });
  const password_hash = await hashPassword(password);
  await api.store.db.updateTable('person').set({ password_hash }).where('id', '=', personId).execute();
  const { secret } = proposeSecondFactor(email);
  await confirmSecondFactor(services, personId, { secret, code: totpCode(secret, Math.floor(services.clock.now() / 30_000)) });
  const codes: unknown[] = [];
  for (const code of ['not-one', 'not-two', '', 'not-three', 'not-four', '', 'not-five'])
    codes.push((await api.request('POST', '/session', { token: null, body: { email, password, code } })).body['code']);
  expect(codes).toContain('SIGN_IN_LIMITED');
});

test("a tenant's administrator gives no role to an account that only other tenants know: they may hold its password", async () => {
  const { id: north } = await api.ok<{ id: string }>('POST', '/tenants', { name: 'Nord' });
  const { id: south } = await api.ok<{ id: string }>('POST', '/tenants', { name: 'Süd' });
  const add = async (tenantId: string) => {
    const token = await api.token({ tenantId, role: 'admin' });
    return api.request('POST', `/tenants/${tenantId}/people`, { token, body: { email: 'otto@example.com', name: 'Otto', role: 'admin' } });
  };
  expect((await add(north)).status).toBe(201);
  expect(await add(south)).toMatchObject({ status: 409, body: { code: 'ACCOUNT_OF_OTHERS' } });
  expect((await add(north)).status).toBe(201);
});
