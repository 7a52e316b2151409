import { seedTenant, startApi, type TestApi } from './testing/index.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

interface Changes {
  items: { kind: string; actor: string; actorName: string | null; at: string }[];
  nextCursor: string | null;
}

test('changes are narrowed by kind, by who made them and by time, and tell the name of a token', async () => {
  const { tenantId } = await seedTenant(api, 'Müller & Söhne GmbH');
  const of = `/tenants/${tenantId}`;
  const mine = await api.token({ tenantId, role: 'admin' });
  await api.ok('POST', `${of}/sites`, { name: 'Zürich' }, mine);
  await api.ok('PUT', `${of}/retention`, { detailDays: 400, eventDays: 3650, runDays: 30 }, mine);

  const all = await api.ok<Changes>('GET', `${of}/audit`);
  const sites = await api.ok<Changes>('GET', `${of}/audit?kind=sites`);
  expect(new Set(sites.items.map(({ kind }) => kind))).toEqual(new Set(['sites.create']));
  expect(sites.items.length).toBeLessThan(all.items.length);
  expect((await api.ok<Changes>('GET', `${of}/audit?kind=site`)).items).toEqual([]);

  const actor = all.items.find(({ kind }) => kind === 'retention.change')?.actor ?? '';
  const his = await api.ok<Changes>('GET', `${of}/audit?actor=${encodeURIComponent(actor)}`);
  expect(his.items.map(({ kind }) => kind)).toEqual(['retention.change', 'sites.create', 'sites.create']);
  expect(his.items[0]?.actorName).toBe(`admin of ${tenantId}`);

  const newest = all.items[0]?.at ?? '';
  expect((await api.ok<Changes>('GET', `${of}/audit?until=${encodeURIComponent('2020-01-01T00:00:00Z')}`)).items).toEqual([]);
  expect((await api.ok<Changes>('GET', `${of}/audit?since=${encodeURIComponent(newest)}`)).items.length).toBeGreaterThan(0);
});

test.each(['kind=sites%25', 'kind=.', 'since=yesterday', `actor=${'x'.repeat(101)}`])(
  'a filter that can mean nothing is refused: %s',
  async (query) => {
    const { tenantId } = await seedTenant(api, `Tenant ${query.slice(0, 20)}`);
    expect(await api.request('GET', `/tenants/${tenantId}/audit?${query}`)).toMatchObject({ status: 400, body: { code: 'QUERY_INVALID' } });
  },
);
