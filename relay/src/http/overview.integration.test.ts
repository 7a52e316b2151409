import { startApi, seedTenant, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
  of = `/tenants/${tenant.tenantId}`;
});
afterAll(() => api[Symbol.asyncDispose]());

test('each flow tells what is not through, and its newest run', async () => {
  const { items } = await api.ok<{ items: unknown[] }>('GET', `${of}/overview/flows`);
  const { integrationId, flowId, runId } = tenant;
  expect(items).toMatchObject([{ integrationId, flowId, unsettled: { blocked: 1 }, lastRun: { id: runId, mode: 'full' } }]);
});

test('the throughput has 24 hours, the last of which is now', async () => {
  const { hours } = await api.ok<{ hours: { at: string; succeeded: number; blocked: number }[] }>('GET', `${of}/overview/throughput`);
  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toMatchObject({ succeeded: 1, blocked: 1, skipped: 0 });
  expect(hours[0]).toMatchObject({ succeeded: 0, blocked: 0, skipped: 0 });
});

test('what expires comes soonest first, with what to do', async () => {
  const expiresAt = Date.now() + 5 * 86_400_000;
  await api.token({ tenantId: tenant.tenantId, role: 'viewer', expiresAt });
  const { items } = await api.ok<{ items: unknown[] }>('GET', `${of}/overview/expiries`);
  expect(items).toMatchObject([
    { what: `API token viewer of ${tenant.tenantId}`, expiresAt: new Date(expiresAt).toISOString() },
    { what: 'the certificate of the tunnel', fix: expect.stringContaining('Start the relay anew.') },
  ]);
});

test('an operator pauses one flow and resumes it; a viewer does not', async () => {
  const { tenantId, integrationId, flowId } = tenant;
  const flow = `${of}/integrations/${integrationId}/flows/${flowId}`;
  const [operator, viewer] = [await api.token({ tenantId, role: 'operator' }), await api.token({ tenantId, role: 'viewer' })];
  expect(await api.ok('POST', `${flow}/pause`, undefined, operator)).toMatchObject({ flows: [{ flowId, paused: true, nextRuns: [] }] });
  expect((await api.request('POST', `${flow}/resume`, { token: viewer })).body['code']).toBe('ROLE_TOO_SMALL');
  expect(await api.ok('POST', `${flow}/resume`, undefined, operator)).toMatchObject({ flows: [{ flowId, paused: false }] });
  const { items } = await api.ok<{ items: { kind: string }[] }>('GET', `${of}/audit`);
  expect(JSON.stringify(items)).toContain('integrations.flows.pause');
  const unknown = await api.request('POST', `${of}/integrations/${integrationId}/flows/no-such-flow/pause`, { token: operator });
  expect([unknown.status, unknown.body['code']]).toEqual([404, 'NOT_FOUND']);
});

test('systems of an agent are asked of the agent; without a tunnel the answer says what to do', async () => {
  const path = `${of}/agents/${tenant.agentId}/systems`;
  expect((await api.request('GET', path)).body).toMatchObject({ code: 'NO_TUNNEL', fix: 'Start the agent.' });
  api.agents.connect(tenant);
  api.agents.answers['Capabilities'] = {
    version: '0.1.0',
    systems: [{ name: 'PRD', type: 'sap-ecc', details: { client: '100' } }],
    operations: [],
  };
  expect(await api.ok('GET', path)).toEqual({ items: [{ name: 'PRD', type: 'sap-ecc', details: { client: '100' } }] });
});

test('the catalog tells which flows can read days again, and be compared by days', async () => {
  const { items } = await api.ok<{ items: { id: string; canBackfill: boolean; canReconcile: boolean }[] }>('GET', '/flows');
  const of = (wanted: string) => items.find(({ id }) => id === wanted);
  expect(of('sap-vendors-to-cin7-suppliers')).toMatchObject({ canBackfill: false, canReconcile: false });
  expect(items.filter(({ canReconcile }) => canReconcile).length).toBeGreaterThan(0);
  expect(items.filter(({ canBackfill }) => canBackfill).length).toBeGreaterThan(0);
});
