import { closeOverrides } from '../mapping/index.ts';
import { vendor } from '../flows/sap-vendors-to-cin7-suppliers/testing/samples.ts';
import { runTrials } from '../trials/index.ts';
import { seedTenant, startApi, until, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
let flowPath: string;
beforeEach(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
  of = `/tenants/${tenant.tenantId}`;
  flowPath = `${of}/integrations/${tenant.integrationId}/flows/${tenant.flowId}`;
});
afterEach(() => api[Symbol.asyncDispose]());
afterAll(closeOverrides);

const mapPath = () => `${of}/integrations/${tenant.integrationId}/value-maps/payment-terms`;

/** Gives the blocked record a payload that the vendor flow can map, and the entries it needs. */
async function makeMappable(): Promise<void> {
  await api.store.db
    .updateTable('record')
    .set({ payload_json: JSON.stringify({ kind: 'vendor', vendor: vendor() }) })
    .where('id', '=', tenant.blockedId)
    .execute();
  for (const map of ['payment-terms', 'reconciliation-accounts'])
    await api.ok('PUT', `${of}/integrations/${tenant.integrationId}/value-maps/${map}/policy`, { missing: 'pass' });
}

test('a value map goes out as a file and comes back', async () => {
  const csv = Buffer.from('Von;Nach\r\n0010;10 Tage\r\nZB30;30 days\r\n', 'utf8');
  const path = `${api.url}/api/v1${mapPath()}/csv`;
  const headers = { authorization: `Bearer ${api.adminToken}`, 'content-type': 'text/csv' };
  const imported = await fetch(path, { method: 'POST', headers, body: csv });
  expect(await imported.json()).toMatchObject({ added: [{ from: '0010' }, { from: 'ZB30' }], changed: [], released: 1 });
  const exported = await fetch(`${path}?separator=semicolon`, { headers });
  expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const text = Buffer.from(await exported.arrayBuffer());
  expect(text.toString('utf8')).toMatch(/^\uFEFFfrom;to;name;target name\r\n"=""0010"""/);
  const again = await fetch(`${path}/preview?mode=replace`, { method: 'POST', headers, body: text });
  expect(await again.json()).toMatchObject({ added: [], changed: [], removed: [], unchanged: 2, faults: [] });
});

test('a file with faults is refused as a whole, every line named', async () => {
  const reply = await api.request('POST', `${mapPath()}/csv`, { body: { csv: 'Z1;30\n;40\nZ1;50\n' } });
  expect(reply).toMatchObject({
    status: 400,
    body: {
      code: 'CSV_INVALID',
      errors: [
        { path: 'line 2', message: 'has no code' },
        { path: 'line 3', message: 'has the code Z1 that line 1 has already' },
      ],
    },
  });
  expect(await api.ok('GET', mapPath())).toMatchObject({ entries: [] });
});

test('a file in another encoding is refused', async () => {
  const headers = { authorization: `Bearer ${api.adminToken}`, 'content-type': 'text/csv' };
  const body = Buffer.from('Z1;Gr\xf6\xdfe', 'latin1');
  const reply = await fetch(`${api.url}/api/v1${mapPath()}/csv`, { method: 'POST', headers, body });
  expect([reply.status, await reply.json()]).toMatchObject([
    400,
    { code: 'CSV_INVALID', fix: expect.stringContaining('CSV UTF-8') as string },
  ]);
});

test('overrides are previewed on a record, saved with a note, and listed with who saved them', async () => {
  await makeMappable();
  const overrides = [{ path: 'Name', expression: '$uppercase(body.Name)' }];
  const preview = await api.ok<{ fields: { path: string; before: string; after: string }[] }>('POST', `${flowPath}/overrides/preview`, {
    recordId: tenant.blockedId,
    overrides,
  });
  const [name] = preview.fields;
  expect(name?.after).toBe(name?.before.toUpperCase());
  expect(preview).toMatchObject({ before: { outcome: 'mapped' }, after: { outcome: 'mapped', body: { supplier: { Name: name?.after } } } });
  await api.ok('PUT', `${flowPath}/overrides`, { overrides, note: 'the auditors want capitals' });
  expect(await api.ok('GET', `${flowPath}/overrides`)).toMatchObject({
    overrides,
    history: [{ number: 1, note: 'the auditors want capitals', savedBy: expect.stringMatching(/^token:tok_/) as string }],
  });
});

test('a preview says why the record would be blocked: the mark of a supplier stays in place', async () => {
  await makeMappable();
  const overrides = [{ path: 'Comments', expression: '"key account"' }];
  const preview = await api.ok('POST', `${flowPath}/overrides/preview`, { recordId: tenant.blockedId, overrides });
  expect(preview).toMatchObject({
    after: {
      outcome: 'blocked',
      body: null,
      reasons: [{ code: 'OVERRIDE_RESULT_INVALID', message: expect.stringContaining('must keep') as string }],
    },
  });
});

test.each([
  ['a path into nowhere', { path: 'Name[', expression: '1' }, 'overrides.0.path'],
  ['half an expression', { path: 'Name', expression: 'body.(' }, 'overrides.0.expression'],
  ['the time of day', { path: 'Name', expression: '$now()' }, 'overrides.0.expression'],
])('%s is refused', async (_what, override, path) => {
  for (const [method, at] of [
    ['PUT', 'overrides'],
    ['POST', 'overrides/check'],
    ['PUT', 'mapping-draft'],
  ] as const) {
    const reply = await api.request(method, `${flowPath}/${at}`, { body: { overrides: [override] } });
    expect([reply.status, reply.body]).toMatchObject([400, { code: 'OVERRIDES_INVALID', errors: [{ path }] }]);
  }
  expect(await api.ok('GET', `${flowPath}/overrides`)).toEqual({ overrides: [], history: [] });
});

test.each([
  ['a draft with settings that do not fit', 'PUT', 'mapping-draft', { settings: { taxRule: 7 } }, 400, 'SETTINGS_INVALID'],
  ['a draft with a map of another flow', 'PUT', 'mapping-draft', { entries: { colours: { red: 'rot' } } }, 400, 'BODY_INVALID'],
  ['a comparison without draft', 'POST', 'mapping-draft/compare', {}, 404, 'NOT_FOUND'],
  ['the promotion of nothing', 'POST', 'mapping-draft/promote', undefined, 404, 'NOT_FOUND'],
  ['too many records', 'POST', 'mapping-draft/compare', { records: 5001 }, 400, 'BODY_INVALID'],
  ['a version that never was', 'GET', 'mapping-versions/0123456789abcdef', undefined, 404, 'NOT_FOUND'],
  ['a version that is none', 'GET', 'mapping-versions/latest', undefined, 400, 'PATH_INVALID'],
])('%s is refused', async (_what, method, at, body, status, code) => {
  const reply = await api.request(method, `${flowPath}/${at}`, { ...(body && { body }) });
  expect([reply.status, reply.body['code']]).toEqual([status, code]);
});

test("a record of another tenant cannot be previewed, and causes and replays are one's own", async () => {
  const other = await seedTenant(api, '北京进出口有限公司');
  const preview = await api.request('POST', `${flowPath}/overrides/preview`, { body: { recordId: other.blockedId } });
  expect([preview.status, preview.body['code']]).toEqual([404, 'NOT_FOUND']);
  const replay = await api.ok('POST', `${of}/replays/preview`, { recordIds: [other.blockedId] });
  expect(replay).toMatchObject({ selected: 0 });
  const { items } = await api.ok<{ items: { records: number }[] }>('GET', `${of}/records/causes`);
  expect(items.map(({ records }) => records)).toEqual([1]);
});

test('a draft is saved, compared, and promoted in one step', async () => {
  await makeMappable();
  const draft = { overrides: [{ path: 'Currency', expression: '"CHF"' }], entries: { 'payment-terms': { ZB30: '30 days' } } };
  await api.ok('PUT', `${flowPath}/mapping-draft`, draft);
  const report = await api.ok('POST', `${flowPath}/mapping-draft/compare`, { records: 10 });
  expect(report).toMatchObject({
    compared: 2,
    fields: expect.arrayContaining([expect.objectContaining({ field: 'supplier.Currency' })]) as object,
  });
  await api.ok('POST', `${flowPath}/mapping-draft/promote`);
  expect(await api.ok('GET', `${flowPath}/overrides`)).toMatchObject({ overrides: draft.overrides });
  expect(await api.ok('GET', mapPath())).toMatchObject({ entries: [{ from: 'ZB30', to: '30 days' }] });
});

test('causes name what is missing, and a replay of one is previewed, started, and ended', async () => {
  const { items } = await api.ok<{ items: { id: string }[] }>('GET', `${of}/records/causes?state=blocked`);
  expect(items).toMatchObject([
    { code: 'VALUE_MAP_MISSING', records: 1, missing: { valueMapId: 'payment-terms', codes: [{ code: 'ZB30', records: 1 }] } },
  ]);
  const selection = { causeId: items[0]?.id };
  expect(await api.ok('POST', `${of}/replays/preview`, selection)).toMatchObject({ selected: 1, wouldPass: 0, stillBlocked: 1 });
  const started = await api.ok('POST', `${of}/replays`, selection);
  expect(started).toMatchObject({ state: 'running', counts: { left: 1 } });
  const going = await api.request('POST', `${of}/replays/${started.id}/continue`);
  expect([going.status, going.body['code']]).toEqual([409, 'REPLAY_NOT_STOPPED']);
  expect(await api.ok('POST', `${of}/replays/${started.id}/cancel`)).toMatchObject({ state: 'cancelled' });
  const again = await api.request('POST', `${of}/replays/${started.id}/cancel`);
  expect([again.status, again.body['code']]).toEqual([409, 'REPLAY_ENDED']);
});

test('a dry run whose source does not answer says so; another one of the flow has to wait for it', async () => {
  const body = { integrationId: tenant.integrationId, flowId: tenant.flowId, mode: 'full' };
  const run = await api.ok('POST', `${of}/dry-runs`, body);
  const second = await api.request('POST', `${of}/dry-runs`, { body });
  expect([second.status, second.body['code']]).toEqual([409, 'DRY_RUN_UNDER_WAY']);
  const stop = new AbortController();
  const trials = runTrials({ ...api.services, pollMs: 10 }, stop.signal);
  await until('the dry run to fail', async () => {
    const { state } = await api.ok<{ state: string }>('GET', `${of}/dry-runs/${run.id}`);
    return state === 'failed';
  });
  stop.abort();
  await trials;
  expect(await api.ok('GET', `${of}/dry-runs/${run.id}`)).toMatchObject({ problem: { code: 'NO_TUNNEL' }, items: [] });
  const ended = await api.request('POST', `${of}/dry-runs/${run.id}/cancel`);
  expect([ended.status, ended.body['code']]).toEqual([409, 'DRY_RUN_ENDED']);
  const backwards = { ...body, mode: 'backfill', days: { first: '2026-05-31', last: '2026-05-01' } };
  expect(await api.request('POST', `${of}/dry-runs`, { body: backwards })).toMatchObject({ status: 400 });
});
