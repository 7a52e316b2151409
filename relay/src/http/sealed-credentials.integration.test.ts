import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { sealFor, unseal } from '@ml-connector/shared';
import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

interface Keys {
  system: string;
  agents: { agentId: string; agentName: string; publicKey: { kty: string; crv: string; x: string } }[];
}

let api: TestApi;
let tenant: SeededTenant;
let at: string;
let privateKey: JsonWebKey;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
  at = `/tenants/${tenant.tenantId}/connections/${tenant.sapId}`;
  const keys = generateKeyPairSync('x25519');
  privateKey = keys.privateKey.export({ format: 'jwk' });
  const sealing_key = String(keys.publicKey.export({ format: 'jwk' }).x);
  await api.store.db.updateTable('agent').set({ sealing_key }).where('id', '=', tenant.agentId).execute();
  api.agents.connect(tenant);
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => void (api.agents.calls.length = 0));

test('a password that was sealed with the keys given out is handed on as it came, and the agent opens it', async () => {
  const { system, agents } = await api.ok<Keys>('GET', `${at}/sealing-keys`);
  expect([system, agents.map(({ agentId }) => agentId)]).toEqual(['PRD', [tenant.agentId]]);
  const sealed = await sealFor(agents[0]?.publicKey ?? {}, 'Grüße-4711!', { agentId: tenant.agentId, system });
  const answer = await api.ok('PUT', `${at}/sealed-credential`, { agents: [{ agentId: tenant.agentId, sealed }] });
  expect(answer).toMatchObject({ agents: [{ agentId: tenant.agentId, state: 'delivered' }] });
  const [call] = api.agents.calls;
  expect(call).toMatchObject({ agentId: tenant.agentId, operation: 'StoreCredential', request: { system: 'PRD', sealed } });
  expect(await unseal(privateKey, sealed, { agentId: tenant.agentId, system: 'PRD' })).toBe('Grüße-4711!');
});

test.each([
  ['a password in clear', () => 'Grüße-4711!', 'is not a sealed text'],
  ['a text that only looks sealed', () => 'a.b.c.d.e', 'is not a sealed text'],
  ['one for another system', () => sealedFor({ system: 'QAS' }), /is sealed for agent agt_\w+ and system QAS/],
  ['one for another agent', () => sealedFor({ agentId: `agt_${'0'.repeat(26)}` }), /is sealed for agent agt_0+ and system PRD/],
])('%s is refused, and reaches nobody', async (_what, make, message) => {
  const body = { agents: [{ agentId: tenant.agentId, sealed: await make() }] };
  const reply = await api.request('PUT', `${at}/sealed-credential`, { body });
  expect(reply.body).toMatchObject({ status: 400, code: 'BODY_INVALID' });
  const errors = reply.body['errors'] as { path: string; message: string }[];
  expect(errors[0]?.path).toBe('agents.0.sealed');
  expect(errors[0]?.message).toMatch(message);
  expect(reply.text).not.toContain('4711');
  expect(api.agents.calls).toEqual([]);
});

test('an agent of another site is refused', async () => {
  const agentId = `agt_${'0'.repeat(26)}`;
  const reply = await api.request('PUT', `${at}/sealed-credential`, {
    body: { agents: [{ agentId, sealed: await sealedFor({ agentId }) }] },
  });
  expect(reply.body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('a cloud system has no sealing keys', async () => {
  const reply = await api.request('GET', `/tenants/${tenant.tenantId}/connections/${tenant.cin7Id}/sealing-keys`);
  expect(reply.body).toMatchObject({ status: 409, code: 'NO_CREDENTIAL' });
});

async function sealedFor(purpose: { agentId?: string; system?: string }): Promise<string> {
  const { agents } = await api.ok<Keys>('GET', `${at}/sealing-keys`);
  return sealFor(agents[0]?.publicKey ?? {}, 'x', { agentId: tenant.agentId, system: 'PRD', ...purpose });
}
