import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
});
afterAll(() => api[Symbol.asyncDispose]());

test('the value map that holds up records stands first, and what a change released can be followed', async () => {
  const of = `/tenants/${tenant.tenantId}`;
  const overview = () => api.ok<{ items: Record<string, unknown>[] }>('GET', `${of}/value-maps`);
  const before = await overview();
  expect(before.items.length).toBeGreaterThan(1);
  expect(before.items[0]).toMatchObject({
    integrationId: tenant.integrationId,
    integrationName: 'Lieferanten',
    id: 'payment-terms',
    missing: 'block',
    entries: 0,
    missingCodes: 1,
    waitingRecords: 1,
  });

  const map = `${of}/integrations/${tenant.integrationId}/value-maps/payment-terms`;
  const entries = [{ from: 'ZB30', to: '30 days' }];
  const { released, changedAt } = await api.ok<{ released: number; changedAt: string }>('PUT', `${map}/entries`, { entries });
  expect(released).toBe(1);
  expect(await api.ok('GET', `${map}/released?since=${changedAt}`)).toEqual({ items: [{ state: 'pending', records: 1 }] });
  await api.store.db.updateTable('record').set({ state: 'succeeded' }).where('id', '=', tenant.blockedId).execute();
  expect(await api.ok('GET', `${map}/released?since=${changedAt}`)).toEqual({ items: [{ state: 'succeeded', records: 1 }] });
  const later = new Date(Date.parse(changedAt) + 60_000).toISOString();
  expect(await api.ok('GET', `${map}/released?since=${later}`)).toEqual({ items: [] });

  const after = await overview();
  expect(after.items.find(({ id }) => id === 'payment-terms')).toMatchObject({ entries: 1, missingCodes: 0, waitingRecords: 0 });
});
