import { generateKeyPairSync } from 'node:crypto';
import { SystemError, unseal } from '@ml-connector/shared';
import { checkChain } from '../ledger/index.ts';
import { newId } from '../store/index.ts';
import { deliverWaitingCredentials } from './credentials.ts';
import { addAgent, applicationKey, flowId, seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
let tenants = 0;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

// Every test has a tenant of its own.
beforeEach(async () => {
  api.agents.reset();
  tenant = await seedTenant(api, `Müller & Söhne ${++tenants} GmbH`);
  of = `/tenants/${tenant.tenantId}`;
});

test('lists are paged by cursor without gaps or repeats', async () => {
  for (const name of ['Werk A', 'Werk B', 'Werk C', 'Werk D']) await api.ok('POST', `${of}/sites`, { name });
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null; pages++) {
    expect(pages).toBeLessThan(5);
    const page: { items: { name: string }[]; nextCursor: string | null } = await api.ok(
      'GET',
      `${of}/sites?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  expect(seen.toSorted()).toEqual(['Werk A', 'Werk B', 'Werk C', 'Werk D', 'Werk Süd']);
});

test('secret settings are encrypted at rest, never answered, and kept when other settings change', async () => {
  const at = `${of}/connections/${tenant.cin7Id}`;
  const changed = await api.request('PATCH', at, { body: { settings: { callsPerMinute: 30 } } });
  expect(changed.body).toMatchObject({ settings: { callsPerMinute: 30 } });
  const texts = [changed.text, (await api.request('GET', at)).text, (await api.request('GET', `${of}/audit?limit=500`)).text];
  expect(texts.join()).not.toContain(applicationKey);
  const row = await api.store.db.selectFrom('connection').selectAll().where('id', '=', tenant.cin7Id).executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(applicationKey);
  expect(row.version).toBe(2);
  const session = await api.services.sessions.use(tenant.cin7Id, async ({ session }) => session);
  expect(session).toBeDefined();
});

test('a change ends a halt, and so does resuming', async () => {
  const halt = { code: 'CIN7_UNAUTHORIZED', message: 'the key is refused', fix: 'Enter it again.', at: 1, version: 1 };
  const halted = { halted_json: JSON.stringify(halt) };
  const at = `${of}/connections/${tenant.cin7Id}`;
  await api.store.db.updateTable('connection').set(halted).where('id', '=', tenant.cin7Id).execute();
  expect(await api.ok('GET', at)).toMatchObject({ halt: { code: 'CIN7_UNAUTHORIZED' } });
  expect(await api.ok('GET', `${of}/overview`)).toMatchObject({ connections: { halted: [{ id: tenant.cin7Id }] } });
  expect(await api.ok('POST', `${at}/resume`)).toMatchObject({ halt: null });
  await api.store.db.updateTable('connection').set(halted).where('id', '=', tenant.cin7Id).execute();
  expect(await api.ok('PATCH', at, { settings: { callsPerMinute: 20 } })).toMatchObject({ halt: null });
});

test('a connection test that fails is an answer with what to do, and is remembered', async () => {
  const at = `${of}/connections/${tenant.sapId}`;
  const check = await api.ok('POST', `${at}/check`);
  expect(check).toMatchObject({ ok: false, account: null, problem: { code: 'NO_TUNNEL', fix: 'Start the agent.' } });
  expect(await api.ok('GET', at)).toMatchObject({ lastCheck: { ok: false, problem: { code: 'NO_TUNNEL' } } });
});

test('a password is sealed to each agent, handed to those connected, and stored in clear nowhere', async () => {
  const keys = generateKeyPairSync('x25519');
  const privateKey = keys.privateKey.export({ format: 'jwk' });
  const late = newId('agent', Date.now());
  await addAgent(api, { agentId: late, tenantId: tenant.tenantId, siteId: tenant.siteId });
  const sealing_key = String(keys.publicKey.export({ format: 'jwk' }).x);
  await api.store.db.updateTable('agent').set({ sealing_key }).where('tenant_id', '=', tenant.tenantId).execute();
  api.agents.connect(tenant);
  const at = `${of}/connections/${tenant.sapId}/credential`;
  const password = 'Grüße-4711!';
  const answer = await api.ok<{ agents: { agentId: string; state: string }[] }>('PUT', at, { password });
  expect(answer.agents.map(({ agentId, state }) => [agentId, state])).toEqual([
    [tenant.agentId, 'delivered'],
    [late, 'waiting'],
  ]);
  const [call] = api.agents.calls;
  const request = call?.request as { system: string; sealed: string };
  expect(request.system).toBe('PRD');
  expect(await unseal(privateKey, request.sealed, { agentId: tenant.agentId, system: 'PRD' })).toBe(password);

  api.agents.connect({ ...tenant, agentId: late });
  await deliverWaitingCredentials(api.services, late);
  const [, second] = api.agents.calls;
  expect(
    await unseal(privateKey, (second?.request as { sealed: string } | undefined)?.sealed ?? '', { agentId: late, system: 'PRD' }),
  ).toBe(password);
  const states = await api.ok<{ agents: { state: string }[] }>('GET', at);
  expect(states.agents.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  await deliverWaitingCredentials(api.services, late);
  expect(api.agents.calls).toHaveLength(2);

  const stored = await Promise.all(
    (['sealed_credential', 'event', 'connection'] as const).map((table) => api.store.db.selectFrom(table).selectAll().execute()),
  );
  expect(JSON.stringify(stored)).not.toContain('4711!');
});

test('a new password counts as a change only once an agent has it, so that the old one is not tried again', async () => {
  const version = async (): Promise<number> =>
    (await api.store.db.selectFrom('connection').select('version').where('id', '=', tenant.sapId).executeTakeFirstOrThrow()).version;
  const at = `${of}/connections/${tenant.sapId}/credential`;
  await api.ok('PUT', at, { password: 'x' });
  expect(await version()).toBe(1);
  api.agents.connect(tenant);
  api.agents.answers['StoreCredential'] = new SystemError('SYSTEM_UNKNOWN', 'refused', 'agent.yaml has no system named "PRD"', {
    fix: 'Name it.',
  });
  expect(await api.ok('PUT', at, { password: 'x' })).toMatchObject({ agents: [{ state: 'refused', problem: { code: 'SYSTEM_UNKNOWN' } }] });
  expect(await version()).toBe(1);
  api.agents.answers = {};
  await api.ok('PUT', at, { password: 'x' });
  expect(await version()).toBe(2);
});

test('an agent that enrolled later shows that the password is missing', async () => {
  await api.ok('PUT', `${of}/connections/${tenant.sapId}/credential`, { password: 'x' });
  const late = newId('agent', Date.now());
  await addAgent(api, { agentId: late, tenantId: tenant.tenantId, siteId: tenant.siteId });
  const { agents } = await api.ok<{ agents: { agentId: string; state: string }[] }>('GET', `${of}/connections/${tenant.sapId}/credential`);
  expect(agents.find(({ agentId }) => agentId === late)?.state).toBe('missing');
});

test('agents are shown with their live tunnels; revoking cuts at once and for ever', async () => {
  api.agents.connect(tenant);
  const at = `${of}/agents/${tenant.agentId}`;
  expect(await api.ok('GET', at)).toMatchObject({ session: { roundTripMs: 12.5, callsInFlight: 2, systems: ['PRD'] }, revokedAt: null });
  const revoked = await api.ok<{ session: unknown; revokedAt: string | null }>('POST', `${at}/revoke`);
  expect(revoked.session).toBeNull();
  expect(revoked.revokedAt).not.toBeNull();
  expect((await api.request('POST', `${at}/doctor`, { body: {} })).body).toMatchObject({ status: 409, code: 'AGENT_REVOKED' });
});

test('doctor and log level go to the agent that was named', async () => {
  api.agents.connect(tenant);
  const finding = { check: 'relay.tls', result: 'ok', detail: 'TLS 1.3', fix: '', ms: 12 };
  api.agents.answers['Doctor'] = { findings: [finding] };
  const at = `${of}/agents/${tenant.agentId}`;
  expect(await api.ok('POST', `${at}/doctor`, { systems: ['PRD'] })).toEqual({ findings: [finding] });
  await api.ok('PUT', `${at}/log-level`, { level: 'debug' });
  expect(api.agents.calls.map(({ operation, request }) => [operation, request])).toEqual([
    ['Doctor', { systems: ['PRD'] }],
    ['SetLogLevel', { level: 'debug' }],
  ]);
});

test('log lines come one JSON object per line; hanging up ends the tail on the agent', async () => {
  api.agents.connect(tenant);
  api.agents.lines = [
    { level: 'info', msg: 'tunnel up' },
    { level: 'warn', msg: 'Zeitüberschreitung' },
  ];
  const at = `${of}/agents/${tenant.agentId}/logs`;
  const once = await api.request('GET', `${at}?lines=2`);
  expect(once.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  expect(once.text).toBe('{"level":"info","msg":"tunnel up"}\n{"level":"warn","msg":"Zeitüberschreitung"}\n');

  const hangUp = new AbortController();
  const headers = { authorization: `Bearer ${api.adminToken}` };
  const tail = await fetch(`${api.url}/api/v1${at}?follow=true`, { headers, signal: hangUp.signal });
  await tail.body?.getReader().read();
  const [, signal] = api.agents.streams;
  const ended = new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
  hangUp.abort();
  await ended;
  expect(signal?.aborted).toBe(true);
});

test('a log tail of an agent that is away is refused like any other call', async () => {
  const reply = await api.request('GET', `${of}/agents/${tenant.agentId}/logs`);
  expect(reply.body).toMatchObject({ status: 503, code: 'NO_TUNNEL' });
  expect(reply.headers.get('retry-after')).toBe('2');
});

test('an integration is paused and resumed as a whole, and its flow changed', async () => {
  const at = `${of}/integrations/${tenant.integrationId}`;
  expect(await api.ok('POST', `${at}/pause`)).toMatchObject({ flows: [{ paused: true }] });
  const start = { integrationId: tenant.integrationId, flowId };
  expect((await api.request('POST', `${of}/runs`, { body: start })).body).toMatchObject({ status: 409, code: 'FLOW_STANDS_STILL' });
  expect(await api.ok('POST', `${at}/resume`)).toMatchObject({ flows: [{ paused: false, everySeconds: 600 }] });
  const schedule = { everySeconds: 0.5 };
  expect((await api.request('PATCH', `${at}/flows/${flowId}`, { body: { schedule } })).status).toBe(400);
  const changed = await api.ok('PATCH', `${at}/flows/${flowId}`, {
    schedule: { everySeconds: 5 },
    settings: { taxRule: 'VAT', companyCodes: ['1000'] },
  });
  expect(changed).toMatchObject({ flows: [{ everySeconds: 5, settings: { taxRule: 'VAT', companyCodes: ['1000'] } }] });
});

test('a run that is asked for waits to be taken up', async () => {
  const start = { integrationId: tenant.integrationId, flowId, mode: 'sweep' };
  expect((await api.request('POST', `${of}/runs`, { body: start })).status).toBe(202);
  expect(await api.ok('GET', `${of}/integrations/${tenant.integrationId}`)).toMatchObject({ flows: [{ requestedMode: 'sweep' }] });
  expect(await api.ok('GET', `${of}/runs/${tenant.runId}`)).toMatchObject({ mode: 'full', records: { blocked: 1, succeeded: 1 } });
});

test('cancelling reaches the engine, and a run that has ended is not cancelled', async () => {
  const heard: unknown[] = [];
  using _listening = api.store.listen((change) => void (change.about === 'cancel' && heard.push(change)));
  expect((await api.request('POST', `${of}/runs/${tenant.runId}/cancel`)).status).toBe(202);
  expect(heard).toEqual([{ about: 'cancel', tenantId: tenant.tenantId, id: tenant.runId }]);
  await api.store.db.updateTable('run').set({ state: 'succeeded' }).where('id', '=', tenant.runId).execute();
  expect((await api.request('POST', `${of}/runs/${tenant.runId}/cancel`)).body).toMatchObject({ status: 409, code: 'RUN_ENDED' });
});

test('a missing entry is listed with what it holds up; adding it frees the record', async () => {
  const maps = `${of}/integrations/${tenant.integrationId}/value-maps`;
  const map = await api.ok<{ missingEntries: unknown[] }>('GET', `${maps}/payment-terms`);
  expect(map.missingEntries).toMatchObject([{ code: 'ZB30', records: 1, examples: ["O'Brien Imports (0000100124)"] }]);
  const put = await api.ok('PUT', `${maps}/payment-terms/entries`, { entries: [{ from: 'ZB30', to: '30 days' }] });
  expect(put).toMatchObject({ released: 1, valueMap: { entries: [{ from: 'ZB30', to: '30 days' }], missingEntries: [] } });
  expect(await api.ok('GET', `${of}/records/${tenant.blockedId}`)).toMatchObject({ state: 'pending' });
});

test.each([
  ['its id', (one: SeededTenant) => one.postedId],
  ['its key', () => '0000100123'],
  ['its key without zeros', () => '100123'],
  ['a part of its name', () => 'müller'],
])('a record is found by %s', async (_what, text) => {
  const { items } = await api.ok<{ items: { id: string }[] }>('GET', `${of}/records?q=${encodeURIComponent(text(tenant))}`);
  expect(items.map(({ id }) => id)).toEqual([tenant.postedId]);
});

test('records are filtered by state and reason', async () => {
  const ids = async (query: string): Promise<string[]> =>
    (await api.ok<{ items: { id: string }[] }>('GET', `${of}/records?${query}`)).items.map(({ id }) => id);
  expect(await ids('state=blocked,failed')).toEqual([tenant.blockedId]);
  expect(await ids('reason=VALUE_MAP_MISSING')).toEqual([tenant.blockedId]);
  expect(await ids('state=failed')).toEqual([]);
});

test('records are counted by state, under the same filters as they are listed', async () => {
  const count = (query: string) => api.ok<{ items: object[] }>('GET', `${of}/records/counts?${query}`);
  const listed = await api.ok<{ items: { state: string }[] }>('GET', `${of}/records?limit=500`);
  const counted = (await count('')) as { items: { state: string; records: number }[]; isComplete: boolean };
  expect(counted.isComplete).toBe(true);
  expect(Object.fromEntries(counted.items.map(({ state, records }) => [state, records]))).toEqual(
    Object.fromEntries(Object.entries(Object.groupBy(listed.items, ({ state }) => state)).map(([state, all]) => [state, all?.length])),
  );
  expect((await count(`q=${encodeURIComponent("o'brien")}&reason=VALUE_MAP_MISSING`)).items).toEqual([{ state: 'blocked', records: 1 }]);
  expect((await count('q=nobody')).items).toEqual([]);
});

test("a record's story holds payload, what was sent, every event and the link", async () => {
  const story = await api.ok<{ events: { kind: string; seq: number }[] }>('GET', `${of}/records/${tenant.postedId}`);
  expect(story).toMatchObject({
    state: 'succeeded',
    meaning: 'the target holds it',
    payload: { LIFNR: '0000100123' },
    attemptList: [{ number: 1, body: { Name: 'Müller & Söhne GmbH' }, notes: ['cut to 40'], outcome: 'succeeded' }],
    link: { recordId: tenant.postedId },
    versions: [{ version: 1 }],
  });
  expect(story.events.map(({ seq }) => seq)).toEqual(story.events.map((_event, place) => place + 1));
});

test('replaying frees what is blocked and makes a new version of what is finished', async () => {
  const result = await api.ok<Record<string, string[]>>('POST', `${of}/records/replay`, { recordIds: [tenant.blockedId, tenant.postedId] });
  expect(result).toMatchObject({ released: [tenant.blockedId], untouched: [] });
  expect(result['created']).toHaveLength(1);
  const story = await api.ok<{ events: { kind: string; actor: string }[] }>('GET', `${of}/records/${tenant.blockedId}`);
  expect(story.events.at(-1)).toMatchObject({ kind: 'replayed', actor: expect.stringMatching(/^token:tok_/) as string });
});

test('a source that was not told yet is told at once when a person asks, and nothing is told twice', async () => {
  const recordId = tenant.postedId;
  const at = `${of}/records/${recordId}`;
  expect((await api.request('POST', `${at}/acknowledge`)).body).toMatchObject({ status: 409, code: 'NOTHING_TO_TELL' });
  const { integrationId, tenantId } = tenant;
  const refusal = JSON.stringify({ code: 'NO_SCOPE', message: 'the token may not write orders', verdict: 'refused' });
  const row = { record_id: recordId, tenant_id: tenantId, integration_id: integrationId, flow_id: flowId, key: '1', failures: 1 };
  await api.store.db
    .insertInto('acknowledgement')
    .values({ ...row, next_attempt_at: null, result_json: '{}', error_json: refusal, created_at: 0 })
    .execute();
  expect(await api.ok('GET', at)).toMatchObject({ acknowledgement: { failures: 1, nextAttemptAt: null, problem: { code: 'NO_SCOPE' } } });
  expect((await api.request('POST', `${at}/acknowledge`)).status).toBe(202);
  expect(await api.ok('GET', at)).toMatchObject({ acknowledgement: { nextAttemptAt: expect.any(String) as string } });
});

test('a link is forgotten once', async () => {
  const link = `${of}/records/${tenant.postedId}/link`;
  expect((await api.request('DELETE', link)).status).toBe(204);
  expect(await api.ok('GET', `${of}/records/${tenant.postedId}`)).toMatchObject({ link: null });
  expect((await api.request('DELETE', link)).status).toBe(404);
});

test('a replay by filter takes blocked and failed records only', async () => {
  const result = await api.ok('POST', `${of}/records/replay`, { filter: { flowId } });
  expect(result).toEqual({ released: [tenant.blockedId], created: [], untouched: [] });
});

test('every change is in the audit trail with who and what, refused ones too, and the chain holds', async () => {
  const token = await api.token({ tenantId: tenant.tenantId, role: 'admin' });
  await api.request('DELETE', `${of}/connections/${tenant.cin7Id}`, { token });
  const { items } = await api.ok<{ items: { kind: string; data: object }[] }>('GET', `${of}/audit?limit=500`);
  expect(items.slice(0, 2)).toMatchObject([
    { kind: 'connections.delete', data: { by: `admin of ${tenant.tenantId}`, outcome: 'failed', code: 'CONNECTION_USED' } },
    { kind: 'connections.delete', data: { connectionId: tenant.cin7Id } },
  ]);
  const made = items.find(({ kind, data }) => kind === 'connections.create' && 'name' in data && data.name === 'Cin7');
  expect(made?.data).toMatchObject({ system: 'cin7-core', fields: ['accountId', 'applicationKey'] });
  const rows = await api.store.db.selectFrom('event').selectAll().where('subject_id', '=', tenant.tenantId).orderBy('seq').execute();
  expect(rows.length).toBe(items.length);
  expect(checkChain(rows)).toBeUndefined();
});

test('health needs no token, metrics count records and tunnels', async () => {
  await using api = await startApi();
  api.agents.connect(await seedTenant(api, '北京进出口有限公司'));
  expect((await api.request('GET', '//healthz', { token: null })).body).toEqual({ status: 'ok' });
  expect((await api.request('GET', '//readyz', { token: null })).body).toEqual({ status: 'ready' });
  expect((await api.request('GET', '//metrics', { token: null })).status).toBe(401);
  const { text } = await api.request('GET', '//metrics');
  expect(text).toContain('mlrelay_records{state="blocked"} 1\n');
  expect(text).toContain('mlrelay_tunnels_up 1\n');
  expect(text).toMatch(/^mlrelay_http_requests_total\{method="POST",status="201"\} \d+$/m);
});

test('systems, flows and states describe themselves; the site is no setting', async () => {
  const { items } = await api.ok<{
    items: { id: string; settings: { properties: object; required?: string[] }; secretSettings: string[] }[];
  }>('GET', '/systems');
  const sap = items.find(({ id }) => id === 'sap-ecc');
  expect(Object.keys(sap?.settings.properties ?? {})).not.toContain('siteId');
  expect(sap?.settings.required).not.toContain('siteId');
  expect(items.find(({ id }) => id === 'cin7-core')?.secretSettings).toEqual(['applicationKey']);
  const flows = await api.ok<{ items: { id: string; settings: object }[] }>('GET', '/flows');
  const vendorFlow = flows.items.find(({ id }) => id === flowId);
  expect(vendorFlow).toMatchObject({ settings: { required: expect.arrayContaining(['taxRule']) as string[] } });
  const states = await api.ok<{ items: unknown[] }>('GET', '/record-states');
  expect(states.items).toHaveLength(8);
});
