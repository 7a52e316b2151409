import { seedTenant, startApi, until, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
beforeEach(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
  of = `/tenants/${tenant.tenantId}`;
});
afterEach(() => api[Symbol.asyncDispose]());

/** Verifies until there is an end. */
async function verification(): Promise<Record<string, unknown>> {
  let answer = await api.ok<Record<string, unknown>>('POST', `${of}/audit/verification`);
  await until('the end of the verification', async () => {
    answer = await api.ok('GET', `${of}/audit/verification`);
    return answer['state'] !== 'running';
  });
  return answer;
}

test('the trail is verified in the background; what was tampered with is named', async () => {
  expect(await api.ok('GET', `${of}/audit/verification`)).toMatchObject({ state: 'never', faults: [] });
  expect(await verification()).toMatchObject({ state: 'intact', faultCount: 0, problem: null });
  await api.store.db.updateTable('event').set({ actor: 'user:x' }).where('subject_id', '=', tenant.postedId).where('seq', '=', 2).execute();
  expect(await verification()).toMatchObject({
    state: 'damaged',
    faultCount: 1,
    faults: [{ subjectId: tenant.postedId, seq: 2, fault: 'edited' }],
  });
});

test('an anchor made on request is answered to be kept, listed, and leaves a line with who asked', async () => {
  const made = await api.ok<{ hash: string }>('POST', `${of}/audit/anchors`);
  expect(made).toMatchObject({ number: 1, kind: 'now', prevHash: '', signature: expect.stringMatching(/^[\w-]{86}$/) as unknown });
  const list = await api.ok<{ items: object[] }>('GET', `${of}/audit/anchors`);
  expect(list.items).toEqual([made]);
  const trail = await api.ok<{ items: { kind: string; actor: string }[] }>('GET', `${of}/audit`);
  expect(trail.items.find(({ kind }) => kind === 'audit.anchored')?.actor).toMatch(/^token:tok_/);
});

test('but for webhooks, retention is for ever until somebody says otherwise; the change is in the trail', async () => {
  expect(await api.ok('GET', `${of}/retention`)).toEqual({
    detailDays: null,
    eventDays: null,
    runDays: null,
    webhookDays: 30,
    last: null,
  });
  const wanted = { detailDays: 90, eventDays: 3650, runDays: 30 };
  expect(await api.ok('PUT', `${of}/retention`, wanted)).toMatchObject(wanted);
  expect((await api.request('PUT', `${of}/retention`, { body: { detailDays: 0, eventDays: 1, runDays: 1 } })).status).toBe(400);
  const trail = await api.ok<{ items: { kind: string; data: object }[] }>('GET', `${of}/audit`);
  expect(trail.items.find(({ kind }) => kind === 'retention.change')?.data).toMatchObject(wanted);
});

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202Eevil`;

test('a story as a page stands by itself, and whatever the record says is only text', async () => {
  const { store } = api;
  const payload = JSON.stringify({ NAME1: hostile, password: 'Geheim-4711', nested: [{ apiKey: 'k-4711' }] });
  await store.db.updateTable('record').set({ label: hostile, payload_json: payload }).where('id', '=', tenant.postedId).execute();
  await store.db
    .updateTable('attempt')
    .set({ body_json: JSON.stringify({ Name: hostile }) })
    .where('record_id', '=', tenant.postedId)
    .execute();
  const reply = await api.request('GET', `${of}/records/${tenant.postedId}/story?format=html`);
  expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  const { text } = reply;
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toMatch(/<script|<img|<link|onerror=alert\(1\)>\s*<|src=["']|href=|url\(|@import|\u202E/i);
  expect(text).not.toMatch(/Geheim-4711|k-4711/);
  expect(text).toContain('Audit trail intact');
});

test("what SAP's message means is shown on the attempt and in the page, as text", async () => {
  const explanation = {
    message: 'F5 201',
    meaning: 'The posting period is not open',
    cause: hostile,
    who: 'Finance',
    transaction: 'OB52',
    retryHelps: 'after the repair',
  };
  const problem = JSON.stringify({ code: 'SAP_PERIOD_CLOSED', verdict: 'refused', message: 'x', facts: { explanation } });
  const { postedId } = tenant;
  await api.store.db.updateTable('attempt').set({ error_json: problem }).where('record_id', '=', postedId).execute();
  expect(await api.ok('GET', `${of}/records/${postedId}`)).toMatchObject({ attemptList: [{ explanation }] });
  const { text } = await api.request('GET', `${of}/records/${postedId}/story?format=html`);
  expect(text).toContain('The posting period is not open');
  expect(text).not.toMatch(/<script|<img/i);
  const other = JSON.stringify({ code: 'X', verdict: 'refused', message: 'x', facts: { explanation: 'none' } });
  await api.store.db.updateTable('attempt').set({ error_json: other }).where('record_id', '=', postedId).execute();
  expect(await api.ok('GET', `${of}/records/${postedId}`)).toMatchObject({ attemptList: [{ explanation: null }] });
  expect((await api.request('GET', `${of}/records/${postedId}/story?format=html`)).status).toBe(200);
});

test('a story as JSON is complete, with the difference to the version before and the check of its own trail', async () => {
  const { store } = api;
  const { id } = (await api
    .ok<{ created: string[] }>('POST', `${of}/records/replay`, { recordIds: [tenant.postedId] })
    .then(({ created }) => ({ id: created[0] }))) as { id: string };
  await store.db
    .updateTable('record')
    .set({ payload_json: '{"LIFNR":"0000100123","bank":[{"BANKN":"4711"}]}' })
    .where('id', '=', id)
    .execute();
  const story = await api.ok<Record<string, unknown>>('GET', `${of}/records/${id}/story`);
  expect(story).toMatchObject({
    record: { id, version: 2, replayOf: tenant.postedId },
    flow: { integration: 'Lieferanten', source: 'SAP PRD 100', target: 'Cin7' },
    trigger: { trigger: 'replay' },
    changes: { version: 1, fields: [{ field: 'bank', after: [{ BANKN: '4711' }] }] },
    link: { targetLabel: 'Müller & Söhne GmbH' },
    acknowledgement: null,
    verification: { intact: true },
  });
  expect(story['flow']).toMatchObject({ integrationId: tenant.integrationId, sourceSystem: 'sap-ecc', targetSystem: 'cin7-core' });
  expect(story['events']).toContainEqual(expect.objectContaining({ kind: 'replayed', actorName: 'admin of all' }));
  expect(story['actions']).toEqual(['skip', 'unlink']);
  const first = await api.ok<{ attempts: object[]; events: object[] }>('GET', `${of}/records/${tenant.postedId}/story`);
  expect(first.attempts).toMatchObject([{ number: 1, outcome: 'succeeded', notes: ['cut to 40'], body: { Name: 'Müller & Söhne GmbH' } }]);
  expect(first.events.length).toBeGreaterThan(2);
  await store.db.updateTable('event').set({ kind: 'x' }).where('subject_id', '=', tenant.postedId).where('seq', '=', 1).execute();
  expect(await api.ok('GET', `${of}/records/${tenant.postedId}/story`)).toMatchObject({
    verification: { intact: false, detail: expect.stringContaining('event 1') as unknown },
  });
});

test('the story of a record that was never sent is as complete', async () => {
  expect(await api.ok('GET', `${of}/records/${tenant.blockedId}/story`)).toMatchObject({
    record: { state: 'blocked', reasons: [{ code: 'VALUE_MAP_MISSING', missing: { valueMapId: 'payment-terms', code: 'ZB30' } }] },
    actions: ['replay', 'skip'],
    attempts: [],
    link: null,
    changes: null,
  });
});

test('a format that is none is refused', async () => {
  const reply = await api.request('GET', `${of}/records/${tenant.postedId}/story?format=pdf`);
  expect([reply.status, reply.body['code']]).toEqual([400, 'QUERY_INVALID']);
});
