import { z } from 'zod';
import { newId } from '../store/index.ts';
import { resources } from './resources/index.ts';
import type { Route } from './route.ts';
import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

/** One of everything that an id in a path can name. */
interface Everything extends SeededTenant {
  channelId: string;
  alertId: string;
  apiTokenId: string;
  dryRunId: string;
  reconciliationId: string;
  replayId: string;
  version: string;
  personId: string;
}

let api: TestApi;
let ours: Everything;
let theirs: Everything;
beforeAll(async () => {
  api = await startApi();
  ours = await everythingOf('Müller & Söhne GmbH');
  theirs = await everythingOf('北京进出口有限公司');
  api.agents.connect(theirs);
});
afterAll(() => api[Symbol.asyncDispose]());

/** What a person does with the own account, or somebody who is not signed in yet: sessions.integration.test.ts. */
const routes = resources.flat().filter(({ access }) => access === undefined);
const ofTenant = routes.filter((route) => route.path.startsWith('/tenants/{tenantId}'));

/** A good body for every route that takes one, with ids of the given tenant. A new route needs its line here. */
function bodies({ siteId, agentId, sapId, cin7Id, integrationId, flowId, blockedId, channelId }: Everything): Record<string, unknown> {
  return {
    'tenants.create': { name: 'Neu' },
    'tenants.rename': { name: 'Umbenannt' },
    'sites.create': { name: 'Werk Nord' },
    'sites.rename': { name: 'Werk West' },
    'enroll-tokens.issue': {},
    'agents.doctor': {},
    'agents.log-level': { level: 'debug' },
    'connections.create': { system: 'sap-ecc', name: 'SAP QAS', siteId, settings: { agentSystem: 'QAS' } },
    'connections.change': { name: 'SAP alt' },
    'connections.webhooks.change': { mode: 'required' },
    'connections.credential.set': { password: 'Geheim-123' },
    'connections.try': { system: 'sap-ecc', siteId, settings: { agentSystem: 'QAS' } },
    'connections.try-change': { settings: { client: '200' } },
    'connections.sealed-credential.set': { agents: [{ agentId, sealed: 'a.b.c.d.e' }] },
    'integrations.create': { name: 'Zweite', sourceConnectionId: sapId, targetConnectionId: cin7Id },
    'integrations.rename': { name: 'Dritte' },
    'integrations.flows.add': { flowId, settings: { taxRule: 'x' } },
    'integrations.flows.change': { paused: true },
    'value-maps.entries.put': { entries: [{ from: 'ZB30', to: '30 days' }] },
    'value-maps.policy': { missing: 'pass' },
    'value-maps.import': { csv: 'ZB30;30 days' },
    'value-maps.import.preview': { csv: 'ZB30;30 days' },
    'value-maps.proposals.accept': { all: true },
    'overrides.save': { overrides: [{ path: 'Name', expression: '$uppercase(body.Name)' }] },
    'overrides.check': { overrides: [] },
    'overrides.preview': { recordId: blockedId },
    'mapping-drafts.save': { overrides: [], live: true },
    'mapping-drafts.compare': {},
    'dry-runs.start': { integrationId, flowId },
    'replays.preview': { recordIds: [blockedId] },
    'replays.start': { recordIds: [blockedId] },
    'runs.start': { integrationId, flowId },
    'reconciliations.start': { integrationId, flowId },
    'reconciliation-plan.change': { hour: 3 },
    'records.replay': { recordIds: [blockedId] },
    'records.skip': { recordIds: [blockedId], reason: 'entered by hand' },
    'records.approve': { recordIds: [blockedId], reason: 'checked' },
    'records.decide': { outcome: 'notPosted', reason: 'looked' },
    'integrations.flows.post-now': { reason: 'audit tomorrow' },
    'close-calendars.create': { name: 'Month end', timeZone: 'Europe/Berlin' },
    'close-calendars.replace': { name: 'Month end', timeZone: 'Europe/Berlin', integrationId },
    'connections.blackouts.put': { windows: [{ cron: '0 1 * * *', forMinutes: 180, timeZone: 'Europe/Berlin' }] },
    'retention.change': { detailDays: 30, eventDays: null, runDays: 90 },
    'alert-channels.create': { kind: 'slack', name: 'Slack', settings: { url: 'https://hooks.example.com/T0' } },
    'alert-channels.change': { enabled: false },
    'alerts.mute': { until: null },
    'alert-rules.change': { channelIds: [channelId] },
    'alert-settings.change': { timeZone: 'Europe/Berlin' },
    'api-tokens.create': { name: 'Werkstudent', role: 'viewer' },
    'members.add': { email: 'neu@example.com', name: 'Neu', role: 'viewer' },
    'members.change': { role: 'viewer' },
    'people.add': { email: 'zweite@example.com', name: 'Zweite', everywhere: 'viewer' },
    'people.change': { name: 'Umbenannt' },
  };
}

function pathOf(route: Route, tenantId: string, things: Everything): string {
  const values: Record<string, string> = {
    ...things,
    tenantId,
    connectionId: things.sapId,
    recordId: things.postedId,
    valueMapId: 'payment-terms',
    ruleId: 'blocked',
  };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? `no value for ${name}`);
  if (route.id === 'value-maps.released') return `${path}?since=2026-10-05T07:00:00Z`;
  return route.id === 'value-maps.entries.delete' ? `${path}?from=ZB30` : path;
}

function send(route: Route, path: string, token: string | null, body: unknown) {
  return api.request(route.method.toUpperCase(), path, { token, ...(route.body && { body }) });
}

test('every route with a body has a sample', () => {
  const without = routes.filter((route) => route.body && !(route.id in bodies(ours))).map((route) => route.id);
  expect(without).toEqual([]);
});

test('no route answers without a token', async () => {
  for (const route of routes) {
    const reply = await send(route, pathOf(route, ours.tenantId, ours), null, bodies(ours)[route.id]);
    expect([route.id, reply.status, reply.body['code']]).toEqual([route.id, 401, 'TOKEN_INVALID']);
  }
});

test('nothing of a body is read for who may not send it: every route with one', async () => {
  const viewer = await api.token({ tenantId: ours.tenantId, role: 'viewer' });
  const raw = ' '.repeat(1_000_000);
  for (const route of routes.filter((one) => one.body)) {
    const path = pathOf(route, ours.tenantId, ours);
    for (const [token, code] of [[null, 'TOKEN_INVALID'] as const, [viewer, /^(ROLE_TOO_SMALL|TENANT_TOKEN)$/] as const]) {
      const reply = await api.request(route.method.toUpperCase(), path, { token, raw });
      expect([route.id, reply.body['code']]).toEqual([route.id, typeof code === 'string' ? code : expect.stringMatching(code)]);
    }
  }
});

test("a tenant's own administrator gets nothing of another tenant: every route", async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  const before = await snapshot(theirs);
  for (const route of ofTenant) {
    const reply = await send(route, pathOf(route, theirs.tenantId, theirs), token, bodies(theirs)[route.id]);
    expect([route.id, reply.status, reply.body['code']]).toEqual([route.id, 404, 'NOT_FOUND']);
  }
  expect(await snapshot(theirs)).toEqual(before);
  expect(api.agents.calls).toEqual([]);
});

test("ids of another tenant below one's own tenant lead nowhere: every route with a further id", async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  const before = await snapshot(theirs);
  for (const route of ofTenant.filter(({ path }) => /\{tenantId\}.*\{/.test(path))) {
    const reply = await send(route, pathOf(route, ours.tenantId, theirs), token, bodies(theirs)[route.id]);
    expect([route.id, reply.status, reply.body['code']]).toEqual([route.id, 404, 'NOT_FOUND']);
  }
  expect(await snapshot(theirs)).toEqual(before);
  expect(api.agents.calls).toEqual([]);
});

/** These take ids that they find nothing under, and say so. */
const answersNothing: Record<string, object> = {
  'records.replay': { released: [], created: [], untouched: [] },
  'records.skip': { changed: [], untouched: [] },
  'records.approve': { changed: [], untouched: [] },
  'replays.preview': { selected: 0, examined: 0, wouldPass: 0, wouldBeSkipped: 0, stillBlocked: 0, underWay: 0, blockedBy: [] },
  'replays.start': { counts: {}, surprises: [], kept: [] },
};

test('ids of another tenant in a body lead nowhere: every route whose body holds one', async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  const before = await snapshot(theirs);
  const withIds = ofTenant.filter(({ id }) => JSON.stringify(bodies(ours)[id]) !== JSON.stringify(bodies(theirs)[id]));
  expect(withIds.length).toBeGreaterThan(10);
  for (const route of withIds) {
    const reply = await send(route, pathOf(route, ours.tenantId, ours), token, bodies(theirs)[route.id]);
    expect([route.id, reply.body]).toMatchObject([route.id, answersNothing[route.id] ?? { code: 'NOT_FOUND' }]);
  }
  expect(await snapshot(theirs)).toEqual(before);
});

test('ids of another tenant in a query lead nowhere: every route that filters by one', async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  let tried = 0;
  for (const route of ofTenant) {
    const fields = route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [];
    for (const field of fields.filter((name) => name in theirs && name !== 'flowId')) {
      const query = `${field}=${theirs[field as keyof Everything]}`;
      const reply = await send(route, `${pathOf(route, ours.tenantId, ours)}?${query}`, token, bodies(ours)[route.id]);
      expect([route.id, field, reply.status, reply.body['items']]).toEqual([route.id, field, 200, []]);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(3);
});

test("another tenant's records are neither replayed nor found", async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'operator' });
  const of = `/tenants/${ours.tenantId}`;
  const replayed = await api.ok('POST', `${of}/records/replay`, { recordIds: [theirs.blockedId] }, token);
  expect(replayed).toEqual({ released: [], created: [], untouched: [] });
  for (const decision of ['skip', 'approve']) {
    const decided = await api.ok('POST', `${of}/records/${decision}`, { recordIds: [theirs.blockedId], reason: 'not mine' }, token);
    expect(decided).toEqual({ changed: [], untouched: [] });
  }
  const found = await api.ok<{ items: unknown[] }>('GET', `${of}/records?q=${theirs.blockedId}`, undefined, token);
  expect(found.items).toEqual([]);
  const runs = await api.ok<{ items: unknown[] }>('GET', `${of}/runs?integrationId=${theirs.integrationId}`, undefined, token);
  expect(runs.items).toEqual([]);
});

test('lists that belong to no tenant show a tenant token its own only', async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  const tenants = await api.ok<{ items: { id: string }[] }>('GET', '/tenants', undefined, token);
  expect(tenants.items.map(({ id }) => id)).toEqual([ours.tenantId]);
  const tokens = await api.ok<{ items: { tenantId: string }[] }>('GET', '/api-tokens', undefined, token);
  expect(new Set(tokens.items.map(({ tenantId }) => tenantId))).toEqual(new Set([ours.tenantId]));
  const foreign = await api.ok('POST', '/api-tokens', { name: 'fremd', role: 'viewer', tenantId: theirs.tenantId });
  expect((await api.request('DELETE', `/api-tokens/${foreign.id}`, { token })).status).toBe(404);
  const made = await api.request('POST', '/api-tokens', { token, body: { name: 'x', role: 'viewer', tenantId: theirs.tenantId } });
  expect(made.status).toBe(404);
  const own = await api.ok<{ tenantId: string }>('POST', '/api-tokens', { name: 'eigen', role: 'viewer' }, token);
  expect(own.tenantId).toBe(ours.tenantId);
});

test('what belongs to the whole relay is closed to tenant tokens', async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  for (const route of routes.filter(({ scope }) => scope === 'relay')) {
    const reply = await send(route, pathOf(route, ours.tenantId, ours), token, bodies(ours)[route.id]);
    expect([route.id, reply.status, reply.body['code']]).toEqual([route.id, 403, 'TENANT_TOKEN']);
  }
  expect((await api.request('GET', '//metrics', { token })).status).toBe(403);
});

test.each(['viewer', 'operator'] as const)('a %s is refused whatever needs more, on every route', async (role) => {
  const token = await api.token({ tenantId: ours.tenantId, role });
  const needsMore = routes.filter(
    (route) => route.scope !== 'relay' && (route.role === 'admin' || route.role !== role) && route.role !== 'viewer',
  );
  expect(needsMore.length).toBeGreaterThan(10);
  for (const route of needsMore) {
    const reply = await send(route, pathOf(route, ours.tenantId, ours), token, bodies(ours)[route.id]);
    expect([route.id, reply.status, reply.body['code']]).toEqual([route.id, 403, 'ROLE_TOO_SMALL']);
  }
});

test('names of other tenants cannot be found out by trying them', async () => {
  const token = await api.token({ tenantId: ours.tenantId, role: 'admin' });
  const rename = (name: string) => api.request('PATCH', `/tenants/${ours.tenantId}`, { token, body: { name } });
  const { name } = await api.ok<{ name: string }>('GET', `/tenants/${theirs.tenantId}`);
  const [taken, free] = [await rename(name), await rename('Niemand GmbH')];
  expect([taken.status, taken.body['code']]).toEqual([free.status, free.body['code']]);
});

test('a secret setting cannot be learnt by sending it to another address', async () => {
  const at = `/tenants/${ours.tenantId}/connections/${ours.cin7Id}`;
  const change = (settings: object) => api.request('PATCH', at, { body: { settings } });
  const refused = { status: 400, body: { code: 'SETTINGS_INVALID', errors: [{ path: 'settings.applicationKey' }] } };
  const baseUrl = 'https://gateway.example.net/';
  expect(await change({ baseUrl: 'https://collector.example.net/' })).toMatchObject(refused);
  expect(await change({ baseUrl, applicationKey: '6f6e7a2c-32c1-4c0d-8f0e-0a6ab1c43a11' })).toMatchObject({ status: 200 });
  expect(await change({ baseUrl: null })).toMatchObject(refused);
  expect(await change({ baseUrl, callsPerMinute: 40 })).toMatchObject({ status: 200 });
});

test('nothing that changes something is open to viewers', () => {
  const open = routes.filter(({ method, role }) => method !== 'get' && role === 'viewer');
  expect(open).toEqual([]);
});

test('an expired and a revoked token are refused at once', async () => {
  const expired = await api.token({ tenantId: null, role: 'admin', expiresAt: Date.now() - 1 });
  expect((await api.request('GET', '/tenants', { token: expired })).status).toBe(401);
  const { id, token } = await api.ok<{ id: string; token: string }>('POST', '/api-tokens', { name: 'kurz', role: 'viewer' });
  expect((await api.request('GET', '/tenants', { token })).status).toBe(200);
  await api.ok('DELETE', `/api-tokens/${id}`);
  expect((await api.request('GET', '/tenants', { token })).status).toBe(401);
});

test('a token is kept as a hash and listed without itself', async () => {
  const { token } = await api.ok<{ token: string }>('POST', '/api-tokens', { name: 'geheim', role: 'viewer' });
  const rows = await api.store.db.selectFrom('api_token').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token);
  expect((await api.request('GET', '/api-tokens?limit=500')).text).not.toContain(token);
});

test('too many bad tokens from one address are slowed down; good ones still pass', async () => {
  await using strict = await startApi({ limits: { failedSignInsPerMinute: 3 } });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) statuses.push((await strict.request('GET', '/tenants', { token: 'mlr_wrong' })).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  const limited = await strict.request('GET', '/tenants', { token: 'mlr_wrong' });
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await strict.request('GET', '/tenants')).status).toBe(200);
});

/** Every row of every table that is the tenant's, by its column or by an id in it. */
async function snapshot(tenant: Everything): Promise<Record<string, string[]>> {
  const { db } = api.store;
  const ids = Object.values(tenant).filter((id) => id !== tenant.flowId);
  const kept: Record<string, string[]> = {};
  for (const { name, columns } of await db.introspection.getTables()) {
    const rows = await db
      .selectFrom(name as 'record')
      .selectAll()
      .execute();
    const isOfTenant = columns.some((column) => column.name === 'tenant_id')
      ? (row: object) => 'tenant_id' in row && row.tenant_id === tenant.tenantId
      : (row: object) => ids.some((id) => JSON.stringify(row).includes(id));
    kept[name] = rows.filter(isOfTenant).map((row) => JSON.stringify(row));
  }
  return kept;
}

async function everythingOf(name: string): Promise<Everything> {
  const seeded = await seedTenant(api, name);
  const { tenantId, integrationId, flowId, blockedId } = seeded;
  const { db } = api.store;
  const of = `/tenants/${tenantId}`;
  const at = api.services.clock.now();
  const slack = { kind: 'slack', name: 'Leitstand', settings: { url: `https://hooks.example.com/${tenantId}` } };
  const { id: channelId } = await api.ok('POST', `${of}/alert-channels`, slack);
  const { id: dryRunId } = await api.ok('POST', `${of}/dry-runs`, { integrationId, flowId });
  const { id: replayId } = await api.ok('POST', `${of}/replays`, { recordIds: [blockedId] });
  const { id: apiTokenId } = await api.ok('POST', '/api-tokens', { name: 'Buchhaltung', role: 'viewer', tenantId });
  await api.ok('PUT', `${of}/integrations/${integrationId}/flows/${flowId}/mapping-draft`, { overrides: [] });
  const alertId = newId('alert', at);
  const finding = { severity: 'warning', title: '1 record is blocked', since: at, count: 1, example: null, fix: 'Look.', link: '/records' };
  const open = { notified_at: null, closed_at: null, acknowledged_at: null, acknowledged_by: null, muted_until: null };
  const alert = { id: alertId, tenant_id: tenantId, rule: 'blocked', cause: flowId, finding_json: JSON.stringify(finding), ...open };
  await db
    .insertInto('alert')
    .values({ ...alert, opened_at: at, updated_at: at })
    .execute();
  const version = tenantId.slice(-16).replaceAll(/[^0-9a-f]/g, '0');
  const used = { version, first_used_at: at, content_json: JSON.stringify({ settings: {}, tables: [], overrides: [] }) };
  await db
    .insertInto('mapping_version')
    .values({ tenant_id: tenantId, integration_id: integrationId, flow_id: flowId, ...used })
    .execute();
  const reconciliationId = newId('reconciliation', at);
  const days = { first_day: '2026-10-01', last_day: '2026-10-31', trigger: 'manual', actor: 'token', requested_at: at };
  const ended = { state: 'succeeded', attempts: 1, progress: '', slice_count: 0, difference_count: 0, error_json: null };
  await db
    .insertInto('reconciliation')
    .values({ id: reconciliationId, tenant_id: tenantId, integration_id: integrationId, flow_id: flowId, ...days, ...ended })
    .execute();
  const eva = { email: `eva@${tenantId}.example.com`, name: 'Eva', role: 'operator' };
  const { id: personId } = await api.ok('POST', `${of}/people`, eva);
  return { ...seeded, channelId, alertId, apiTokenId, dryRunId, reconciliationId, replayId, version, personId };
}
