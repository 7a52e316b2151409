import { seedTenant, startApi, type RequestOptions, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, "O'Brien Imports");
});
afterAll(() => api[Symbol.asyncDispose]());

interface Row {
  what: string;
  method?: string;
  path?: string;
  options?: RequestOptions;
  status: number;
  code: string;
  says: RegExp;
  fields?: string[];
}

const guid = '4f3c2b1a-1111-4222-8333-444455556666';
const cin7 = (settings: object): RequestOptions => ({ body: { system: 'cin7-core', name: 'Neu', settings } });
const rows: Row[] = [
  { what: 'no JSON', options: { raw: '{"name": Neu}' }, status: 400, code: 'JSON_INVALID', says: /line 1, column 10\b/ },
  {
    what: 'JSON broken on a later line',
    options: { raw: '{\n  "name": "a",\n}' },
    status: 400,
    code: 'JSON_INVALID',
    says: /line 3, column 1\b/,
  },
  { what: 'JSON that ends early', options: { raw: '{"name": "a"' }, status: 400, code: 'JSON_INVALID', says: /line 1, column 13\b/ },
  { what: 'a list for an object', options: { raw: '[]' }, status: 400, code: 'BODY_INVALID', says: /body must be an object/ },
  { what: 'text for an object', options: { raw: '"x"' }, status: 400, code: 'BODY_INVALID', says: /body must be an object/ },
  { what: 'no body', options: {}, status: 400, code: 'BODY_INVALID', says: /name is missing \(text\)/, fields: ['name'] },
  {
    what: 'an unknown field',
    options: { body: { nmae: 'a' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /name is missing/,
    fields: ['name', 'nmae'],
  },
  {
    what: 'a number for text',
    options: { body: { name: 4711 } },
    status: 400,
    code: 'BODY_INVALID',
    says: /name must be text/,
    fields: ['name'],
  },
  { what: 'blanks for a name', options: { body: { name: '   ' } }, status: 400, code: 'BODY_INVALID', says: /length of at least 1/ },
  {
    what: 'a name of 101 characters',
    options: { body: { name: 'x'.repeat(101) } },
    status: 400,
    code: 'BODY_INVALID',
    says: /length of at most 100/,
  },
  { what: 'a line break in a name', options: { body: { name: 'a\nb' } }, status: 400, code: 'BODY_INVALID', says: /control characters/ },
  {
    what: 'a form for JSON',
    options: { raw: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    status: 415,
    code: 'CONTENT_TYPE',
    says: /not marked as JSON/,
  },
  {
    what: 'a body above the limit',
    options: { body: { name: 'x'.repeat(200_000) } },
    status: 413,
    code: 'BODY_TOO_LARGE',
    says: /larger than 100000 bytes/,
  },
  {
    what: 'another character set',
    options: { raw: '{}', headers: { 'content-type': 'application/json; charset=ebcdic-cp-us' } },
    status: 415,
    code: 'CONTENT_TYPE',
    says: /not supported/,
  },
  ...['name', 'na\0me'].map((name): Row => ({
    what: `a NUL character in ${JSON.stringify(name)}`,
    options: { body: { [name]: 'Werk\0Süd' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /must not hold a NUL character/,
  })),
  {
    what: 'a NUL character in the query',
    method: 'GET',
    path: '/tenants?name=a%00b',
    status: 400,
    code: 'QUERY_INVALID',
    says: /name must not hold a NUL character/,
    fields: ['name'],
  },
  {
    what: 'a NUL character in the address',
    method: 'GET',
    path: '/tenants/ten_%00',
    status: 400,
    code: 'PATH_INVALID',
    says: /tenantId must not hold a NUL character/,
    fields: ['tenantId'],
  },
  { what: 'a method that is not possible', method: 'DELETE', status: 405, code: 'METHOD_NOT_ALLOWED', says: /only GET, POST/ },
  { what: 'an address that does not exist', method: 'GET', path: '/tennants', status: 404, code: 'NO_SUCH_ADDRESS', says: /nothing at/ },
  { what: 'an address outside the API', method: 'GET', path: '//admin.php', status: 404, code: 'NO_SUCH_ADDRESS', says: /nothing at/ },
  {
    what: 'broken percent signs in the address',
    method: 'GET',
    path: '/tenants/%E0%A4%A',
    status: 400,
    code: 'REQUEST_INVALID',
    says: /well formed/,
  },
  {
    what: 'an id of another kind',
    method: 'GET',
    path: '/tenants/sit_1',
    status: 400,
    code: 'PATH_INVALID',
    says: /ten_01/,
    fields: ['tenantId'],
  },
  { what: 'SQL for an id', method: 'GET', path: "/tenants/ten_'or'1'='1", status: 400, code: 'PATH_INVALID', says: /not an id/ },
  {
    what: 'an unknown parameter',
    method: 'GET',
    path: '/tenants?limti=5',
    status: 400,
    code: 'QUERY_INVALID',
    says: /did you mean "limit"/,
    fields: ['limti'],
  },
  {
    what: 'a limit that is no number',
    method: 'GET',
    path: '/tenants?limit=all',
    status: 400,
    code: 'QUERY_INVALID',
    says: /limit must be a number/,
  },
  { what: 'a limit out of bounds', method: 'GET', path: '/tenants?limit=501', status: 400, code: 'QUERY_INVALID', says: /at most 500/ },
  { what: 'a parameter twice', method: 'GET', path: '/tenants?limit=1&limit=2', status: 400, code: 'QUERY_INVALID', says: /limit/ },
  {
    what: 'a cursor that no page answered',
    method: 'GET',
    path: '/tenants?cursor=***',
    status: 400,
    code: 'QUERY_INVALID',
    says: /cursor/,
    fields: ['cursor'],
  },
  {
    what: 'an unknown state',
    method: 'GET',
    path: 'T/records?state=bloked',
    status: 400,
    code: 'QUERY_INVALID',
    says: /must be one of pending/,
  },
  {
    what: 'an unknown system',
    path: 'T/connections',
    options: { body: { system: 'sap-ec', name: 'x' } },
    status: 400,
    code: 'SYSTEM_UNKNOWN',
    says: /no system sap-ec/,
    fields: ['system'],
  },
  {
    what: 'settings with every kind of mistake',
    path: 'T/connections',
    options: cin7({ accountID: guid, callsPerMinute: '50', baseUrl: 'http://cin7.example.com/' }),
    status: 400,
    code: 'SETTINGS_INVALID',
    says: /settings\./,
    fields: ['settings.baseUrl', 'settings.accountId', 'settings.applicationKey', 'settings.callsPerMinute', 'settings.accountID'],
  },
  {
    what: 'a site for a cloud system',
    path: 'T/connections',
    options: { body: { system: 'cin7-core', name: 'x', siteId: 'S' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /no meaning here/,
    fields: ['siteId'],
  },
  {
    what: 'no site for SAP',
    path: 'T/connections',
    options: { body: { system: 'sap-ecc', name: 'x' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /agents of a site/,
    fields: ['siteId'],
  },
  {
    what: 'a site hidden in the settings',
    path: 'T/connections',
    options: cin7({ siteId: 'sit_1' }),
    status: 400,
    code: 'SETTINGS_INVALID',
    says: /not a setting/,
  },
  {
    what: 'a name that is taken',
    path: 'T/sites',
    options: { body: { name: 'Werk Süd' } },
    status: 409,
    code: 'NAME_TAKEN',
    says: /Werk Süd/,
  },
  {
    what: 'a flow that does not exist',
    path: 'T/integrations/I/flows',
    options: { body: { flowId: 'sap-x' } },
    status: 400,
    code: 'FLOW_UNKNOWN',
    says: /no flow sap-x/,
  },
  {
    what: 'flow settings that do not fit',
    method: 'PATCH',
    path: 'T/integrations/I/flows/F',
    options: { body: { settings: { taxrule: 'x' } } },
    status: 400,
    code: 'SETTINGS_INVALID',
    says: /taxRule is missing/,
    fields: ['settings.taxRule', 'settings.taxrule'],
  },
  {
    what: 'a flow turned round',
    path: 'T/integrations',
    options: {
      body: { name: 'n', sourceConnectionId: 'C', targetConnectionId: 'P', flows: [{ flowId: 'F', settings: { taxRule: 'x' } }] },
    },
    status: 400,
    code: 'FLOW_UNFIT',
    says: /not from cin7-core to sap-ecc/,
    fields: ['sourceConnectionId', 'targetConnectionId'],
  },
  {
    what: 'a connection that is used',
    method: 'DELETE',
    path: 'T/connections/C',
    status: 409,
    code: 'CONNECTION_USED',
    says: /Lieferanten/,
  },
  {
    what: 'a password for a cloud system',
    method: 'PUT',
    path: 'T/connections/C/credential',
    options: { body: { password: 'x' } },
    status: 409,
    code: 'NO_CREDENTIAL',
    says: /not behind an agent/,
  },
  {
    what: 'an unknown value map',
    method: 'GET',
    path: 'T/integrations/I/value-maps/colours',
    status: 404,
    code: 'NOT_FOUND',
    says: /colours/,
  },
  {
    what: 'an entry that is not there',
    method: 'DELETE',
    path: 'T/integrations/I/value-maps/payment-terms/entries?from=XX',
    status: 404,
    code: 'NOT_FOUND',
    says: /XX/,
  },
  {
    what: 'a default policy without default',
    method: 'PUT',
    path: 'T/integrations/I/value-maps/payment-terms/policy',
    options: { body: { missing: 'default' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /defaultCode/,
    fields: ['defaultCode'],
  },
  {
    what: 'a replay of everything by mistake',
    path: 'T/records/replay',
    options: { body: {} },
    status: 400,
    code: 'BODY_INVALID',
    says: /none of the forms/,
  },
  {
    what: 'a token that is over before it begins',
    path: '/api-tokens',
    options: { body: { name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' } },
    status: 400,
    code: 'BODY_INVALID',
    says: /past/,
  },
  {
    what: 'an agent that is not connected',
    path: 'T/agents/A/doctor',
    options: { body: {} },
    status: 503,
    code: 'NO_TUNNEL',
    says: /not connected/,
  },
];

/** Rows are written before the ids are known. */
function withIds(text: string): string {
  const names: Record<string, string> = {
    S: tenant.siteId,
    C: tenant.cin7Id,
    P: tenant.sapId,
    I: tenant.integrationId,
    F: tenant.flowId,
    A: tenant.agentId,
  };
  return text.replaceAll(/(?<=[/"])([SCPIFA])(?=[/"]|$)/g, (name) => names[name] ?? name).replace(/^T\//, `/tenants/${tenant.tenantId}/`);
}

test.each(rows)('$what: $status $code', async ({ method = 'POST', path = '/tenants', options = {}, status, code, says, fields }) => {
  const { body } = options;
  const given = body === undefined ? options : { body: JSON.parse(withIds(JSON.stringify(body))) as unknown };
  const reply = await api.request<{ detail: string; code: string; status: number; fix: string; errors?: { path: string }[] }>(
    method,
    withIds(path),
    given,
  );
  expect([reply.status, reply.body.code]).toEqual([status, code]);
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(reply.body).toMatchObject({ type: `urn:ml-relay:problem:${code}`, status, requestId: reply.headers.get('x-request-id') });
  expect(`${reply.body.detail} ${JSON.stringify(reply.body.errors ?? [])}`.replaceAll('\\"', '"')).toMatch(says);
  expect(reply.body.fix).not.toBe('');
  if (fields) expect(reply.body.errors?.map((one) => one.path).toSorted()).toEqual(fields.toSorted());
});

test('a wrong method names the right ones', async () => {
  expect((await api.request('DELETE', '/tenants')).headers.get('allow')).toBe('GET, POST');
});

test('a problem never repeats what was sent: it may be a secret', async () => {
  const secret = 'Geheim-Xy7';
  const path = `/tenants/${tenant.tenantId}/connections`;
  const replies = [
    await api.request('POST', path, { body: { system: 'cin7-core', name: 'x', settings: { accountId: guid, applicationKey: secret } } }),
    await api.request('PUT', `${path}/${tenant.sapId}/credential`, { raw: `{"password": ${secret}}` }),
    await api.request('PUT', `${path}/${tenant.sapId}/credential`, { body: { password: [secret] } }),
  ];
  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(replies.map(({ text }) => text).join()).not.toContain(secret);
});

test('a fault inside tells nothing of the inside', async () => {
  await using broken = await startApi();
  await broken.store.db.schema.dropTable('missing_entry').execute();
  const { id } = await broken.ok('POST', '/tenants', { name: 'Neu' });
  const reply = await broken.request('GET', `/tenants/${id}/overview`);
  expect([reply.status, reply.body['code']]).toEqual([500, 'INTERNAL']);
  expect(reply.text).not.toMatch(/missing_entry|sqlite|at .*\.ts/i);
});

test('of two requests for one name at the same time one is told to look again', async () => {
  const replies = await Promise.all([1, 2, 3, 4].map(() => api.request('POST', '/tenants', { body: { name: 'Zwillinge' } })));
  expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
});
