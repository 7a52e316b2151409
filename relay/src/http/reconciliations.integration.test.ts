import { addSlice, endReconciliation, openReconciliations, startReconciliation } from '../ledger/index.ts';
import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

const flowId = 'sap-gl-documents-to-cin7-journals';
let api: TestApi;
let tenant: SeededTenant;
let of: string;
let integrationId: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Größe & Töchter GmbH');
  of = `/tenants/${tenant.tenantId}`;
  ({ integrationId } = tenant);
  await api.ok('POST', `${of}/integrations/${integrationId}/flows`, {
    flowId,
    settings: { companyCodes: ['1000'], startDate: '2026-01-01' },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

const planPath = (): string => `${of}/integrations/${integrationId}/flows/${flowId}/reconciliation-plan`;
const side = (count: number, sum: string) => ({ count, sum });

test('what was compared is told by slice and by document', async () => {
  const days = { first: '2026-04-01', last: '2026-05-31' };
  const asked = await api.ok<{ id: string; state: string; days: object }>('POST', `${of}/reconciliations`, { integrationId, flowId, days });
  expect(asked).toMatchObject({ state: 'waiting', days });
  const again = await api.request('POST', `${of}/reconciliations`, { body: { integrationId, flowId } });
  expect([again.status, again.body['code']]).toEqual([409, 'RECONCILIATION_OPEN']);

  const [open] = await openReconciliations(api.store);
  const { clock } = api.services;
  const run = open && (await startReconciliation(api.store, clock, open));
  if (!run) throw new Error('it was not taken up');
  const difference = (number: number) => ({ key: `1000/${number}`, code: 'NOT_POSTED', message: 'its record is blocked' });
  await addSlice(api.store, run, {
    name: '1000 2026-04 EUR',
    source: side(3, '300.00'),
    ledger: side(3, '300.00'),
    target: side(0, '0'),
    differences: [1, 2, 3].map(difference),
  });
  await endReconciliation(api.store, clock, run, { state: 'succeeded' });

  await expect(api.ok('GET', `${of}/reconciliations/${asked.id}`)).resolves.toMatchObject({
    state: 'succeeded',
    differenceCount: 3,
    slices: [{ name: '1000 2026-04 EUR', source: side(3, '300.00'), target: side(0, '0'), differenceCount: 3 }],
  });
  interface Page {
    items: { key: string; slice: string }[];
    nextCursor: string | null;
  }
  const first = await api.ok<Page>('GET', `${of}/reconciliations/${asked.id}/differences?limit=2`);
  const second = await api.ok<Page>('GET', `${of}/reconciliations/${asked.id}/differences?limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ key, slice }) => `${slice} ${key}`)).toEqual(
    [1, 2, 3].map((number) => `1000 2026-04 EUR 1000/${number}`),
  );
  expect(second.nextCursor).toBeNull();
  const list = await api.ok<{ items: { id: string }[] }>('GET', `${of}/reconciliations?flowId=${flowId}`);
  expect(list.items.map(({ id }) => id)).toEqual([asked.id]);
});

test('the plan is nightly over two months until somebody changes it', async () => {
  await expect(api.ok('GET', planPath())).resolves.toMatchObject({ enabled: true, hour: 2, everyHours: null, timeZone: 'UTC', months: 2 });
  const changed = await api.ok<{ nextAt: string }>('PUT', planPath(), { hour: 23, timeZone: 'Europe/Berlin', months: 1 });
  expect(changed).toMatchObject({ hour: 23, timeZone: 'Europe/Berlin', months: 1 });
  expect(Date.parse(changed.nextAt)).toBeGreaterThan(Date.now());
  await expect(api.ok('PUT', planPath(), { enabled: false })).resolves.toMatchObject({ enabled: false, nextAt: null });
});

test.each([
  ['days in the wrong order', { days: { first: '2026-05-02', last: '2026-05-01' } }, 400, 'days.last'],
  ['more than a year', { days: { first: '2024-01-01', last: '2026-05-01' } }, 400, 'days.last'],
  ['a day that does not exist', { days: { first: '2026-02-30', last: '2026-03-01' } }, 400, 'days.first'],
])('a request for %s is refused', async (_what, more, status, path) => {
  const reply = await api.request<{ errors: { path: string }[] }>('POST', `${of}/reconciliations`, {
    body: { integrationId, flowId, ...more },
  });
  expect([reply.status, reply.body.errors[0]?.path]).toEqual([status, path]);
});

test.each([
  ['an hour that no day has', { hour: 24 }],
  ['no months', { months: 0 }],
  ['an unknown time zone', { timeZone: 'Europe/Köln' }],
  ['an unknown field', { weekly: true }],
])('a plan with %s is refused', async (_what, body) => {
  expect((await api.request('PUT', planPath(), { body })).status).toBe(400);
});

test('a flow that has nothing to compare by days says so', async () => {
  const reply = await api.request('POST', `${of}/reconciliations`, { body: { integrationId, flowId: tenant.flowId } });
  expect([reply.status, reply.body['code']]).toEqual([409, 'NO_RECONCILIATION']);
});
