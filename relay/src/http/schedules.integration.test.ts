import { flows } from '../flows/index.ts';
import { beginPosting, dueRecords, requestRun, settleLookup, settlePosting, startRun } from '../ledger/index.ts';
import { flowId, seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let of: string;
let flowPath: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Größe & Töchter GmbH');
  of = `/tenants/${tenant.tenantId}`;
  flowPath = `${of}/integrations/${tenant.integrationId}/flows/${flowId}`;
});
afterAll(() => api[Symbol.asyncDispose]());

interface ShownFlow {
  everySeconds: number | null;
  scheduleWords: string;
  nextRunAt: string;
  nextRuns: string[];
  posting: { words: string; isHeld: boolean; heldUntil: string | null; holds: { code: string; message: string; until: string }[] };
}

const change = async (body: object): Promise<ShownFlow> => {
  const { flows: changed } = await api.ok<{ flows: ShownFlow[] }>('PATCH', flowPath, body);
  const [flow] = changed;
  if (!flow) throw new Error('the integration has no flow');
  return flow;
};
const timeZone = 'Europe/Berlin';

test('a flow runs by cron, says so in words and when next; and by interval again', async () => {
  const flow = await change({ schedule: { cron: '0 22 * * 1-5', sweepCron: '0 3 * * 6', timeZone } });
  expect(flow).toMatchObject({
    everySeconds: null,
    cron: '0 22 * * 1-5',
    scheduleWords: 'at 22:00 from Monday to Friday (Europe/Berlin)',
    sweepWords: 'at 03:00 on Saturday (Europe/Berlin)',
  });
  expect(flow.nextRuns).toHaveLength(5);
  expect(flow.nextRunAt).toBe(flow.nextRuns[0]);
  expect(new Date(flow.nextRunAt).getTime()).toBeGreaterThan(Date.now());
  expect(await change({ schedule: { everySeconds: 600 } })).toMatchObject({
    everySeconds: 600,
    cron: null,
    scheduleWords: 'every 10 minutes',
  });
});

test.each([
  ['a field for seconds', { schedule: { cron: '0 0 22 * * *' } }, 'schedule.cron', /has a field for seconds/],
  ['times that never come', { schedule: { cron: '0 0 30 2 *' } }, 'schedule.cron', /never come/],
  ['an unknown time zone', { schedule: { cron: '0 22 * * *', timeZone: 'Europe/Köln' } }, 'schedule.timeZone', /is not a time zone/],
  ['interval and pattern', { schedule: { cron: '0 22 * * *', everySeconds: 60 } }, 'schedule.cron', /cannot be given together/],
  ['minutes without a pattern', { posting: { forMinutes: 30 } }, 'posting.forMinutes', /needs cron/],
  ['a window of no length', { posting: { cron: '0 22 * * *', forMinutes: 0 } }, 'posting.forMinutes', /at least 1/],
  ['an age limit for records without a day', { posting: { maxAgeDays: 30 } }, 'posting.maxAgeDays', /not possible for this flow/],
])('a schedule with %s is refused', async (_what, body, path, says) => {
  const reply = await api.request<{ errors: { path: string; message: string }[] }>('PATCH', flowPath, { body });
  expect([reply.status, reply.body.errors[0]?.path]).toEqual([400, path]);
  expect(reply.body.errors[0]?.message).toMatch(says);
});

test('posting by cron is told in words; a person lets what is there go, and that is audited', async () => {
  const flow = await change({ posting: { cron: '0 22 * * *', timeZone } });
  expect(flow.posting).toMatchObject({ words: 'at 22:00 (Europe/Berlin), until the backlog of that time is through' });
  expect(flow.posting.holds).toMatchObject([{ code: 'POSTING_SCHEDULE' }]);
  const released = await api.ok<{ flows: { posting: { postNowAt: string } }[] }>('POST', `${flowPath}/post-now`, {
    reason: 'auditors are here',
  });
  expect(released.flows[0]?.posting.postNowAt).toMatch(/^20/);
  const events = await api.store.db.selectFrom('event').selectAll().where('subject_id', '=', tenant.integrationId).execute();
  expect(events.at(-1)).toMatchObject({ kind: 'posted now', data_json: expect.stringContaining('auditors are here') as string });
  await change({ posting: null });
});

test('a freeze is the reason why posting is held, until its end', async () => {
  const entries = [
    { kind: 'freeze', from: '2020-01-01', to: '2090-01-01T12:00', note: 'closing' },
    { kind: 'closed', first: '2026-01-01', last: '2026-01-31' },
  ];
  const calendar = { name: 'Month end', timeZone, flowIds: [flowId], entries };
  const { id } = await api.ok('POST', `${of}/close-calendars`, calendar);
  const [flow] = (await api.ok<{ flows: ShownFlow[] }>('GET', `${of}/integrations/${tenant.integrationId}`)).flows;
  expect(flow?.posting).toMatchObject({ isHeld: true, heldUntil: '2090-01-01T11:00:00.000Z', holds: [{ code: 'CLOSE_CALENDAR' }] });
  expect(await api.request('POST', `${of}/close-calendars`, { body: calendar })).toMatchObject({
    status: 409,
    body: { code: 'NAME_TAKEN' },
  });
  expect(await api.ok('GET', `${of}/close-calendars/${id}`)).toMatchObject({ entries });
  const opened = await api.ok('PUT', `${of}/close-calendars/${id}`, { ...calendar, entries: [] });
  expect(opened).toMatchObject({ entries: [] });
  expect(await change({})).toMatchObject({ posting: { isHeld: false, holds: [] } });
  expect((await api.request('DELETE', `${of}/close-calendars/${id}`)).status).toBe(204);
});

test.each([
  [
    'an end before its beginning',
    { kind: 'freeze', from: '2026-05-31T18:00', to: '2026-05-31T17:00' },
    'entries.0.to',
    /must be after from/,
  ],
  ['a day that is none', { kind: 'freeze', from: '2026-02-30', to: '2026-03-01' }, 'entries.0.from', /must be a day/],
  ['a time of 25 hours', { kind: 'freeze', from: '2026-02-03T25:00', to: '2026-03-01' }, 'entries.0.from', /must be a day/],
  ['days in the wrong order', { kind: 'closed', first: '2026-05-31', last: '2026-05-01' }, 'entries.0.last', /must not be before first/],
])('a calendar entry with %s is refused', async (_what, entry, path, says) => {
  const body = { name: 'Falsch', timeZone, entries: [entry] };
  const reply = await api.request<{ errors: { path: string; message: string }[] }>('POST', `${of}/close-calendars`, { body });
  expect([reply.status, reply.body.errors[0]?.path]).toEqual([400, path]);
  expect(reply.body.errors[0]?.message).toMatch(says);
});

test('a blackout is set, shown in words and told as the reason on both sides', async () => {
  const at = `${of}/connections/${tenant.sapId}/blackouts`;
  expect(await api.ok('GET', at)).toMatchObject({ windows: [], isDark: false });
  const windows = [
    { cron: '0 1 * * *', forMinutes: 180, timeZone, note: 'SAP night batch' },
    { from: '2020-01-01', to: '2090-01-01', timeZone },
  ];
  expect(await api.ok('PUT', at, { windows })).toMatchObject({
    windows: [{ words: 'at 01:00 (Europe/Berlin), for 180 minutes' }, { words: 'from 2020-01-01 to 2090-01-01 (Europe/Berlin)' }],
    isDark: true,
  });
  expect(await change({})).toMatchObject({ source: { isHeld: true, holds: [{ code: 'BLACKOUT' }] }, posting: { isHeld: false } });
  const backwards = { windows: [{ from: '2026-02-02', to: '2026-02-01', timeZone }] };
  expect((await api.request('PUT', at, { body: backwards })).status).toBe(400);
  expect(await api.ok('PUT', at, { windows: [] })).toMatchObject({ isDark: false });
});

test('a request for a run is followed, taken back once, and a backfill needs its days', async () => {
  const start = { integrationId: tenant.integrationId, flowId };
  const asked = await api.ok<{ id: string; state: string; run: null }>('POST', `${of}/runs`, { ...start, mode: 'full' });
  expect(asked).toMatchObject({ state: 'waiting', run: null, mode: 'full', days: null });
  const at = `${of}/run-requests/${asked.id}`;
  expect(await api.ok('GET', at)).toEqual(asked);
  expect(await api.ok('POST', `${at}/cancel`)).toMatchObject({ state: 'cancelled' });
  expect((await api.request('POST', `${at}/cancel`)).body).toMatchObject({ status: 409, code: 'REQUEST_TAKEN_UP' });
  const refused = async (body: object) => (await api.request('POST', `${of}/runs`, { body: { ...start, ...body } })).body;
  expect(await refused({ mode: 'backfill' })).toMatchObject({ status: 400, errors: [{ path: 'days' }] });
  expect(await refused({ mode: 'full', days: { first: '2026-05-01', last: '2026-05-31' } })).toMatchObject({ status: 400 });
  expect(await refused({ mode: 'backfill', days: { first: '2026-05-31', last: '2026-05-01' } })).toMatchObject({
    errors: [{ path: 'days.last' }],
  });
  const canBackfill = flows.find(({ id }) => id === flowId)?.canBackfill ?? false;
  expect(canBackfill).toBe(false);
  expect(await refused({ mode: 'backfill', days: { first: '2026-05-01', last: '2026-05-31' } })).toMatchObject({
    code: 'BACKFILL_UNKNOWN',
  });
  const { items } = await api.ok<{ items: { id: string }[] }>('GET', `${of}/run-requests`);
  expect(items[0]?.id).toBe(asked.id);
});

test('a connection that was left alone at times can be removed', async () => {
  const sap = { system: 'sap-ecc', name: 'SAP QAS', siteId: tenant.siteId, settings: { agentSystem: 'QAS', client: '200' } };
  const { id } = await api.ok('POST', `${of}/connections`, sap);
  await api.ok('PUT', `${of}/connections/${id}/blackouts`, { windows: [{ from: '2026-05-01', to: '2026-05-02', timeZone }] });
  expect((await api.request('DELETE', `${of}/connections/${id}`)).status).toBe(204);
});

test('a request outlives the run that took it up', async () => {
  const { store, clock } = api.services;
  const flow = { tenantId: tenant.tenantId, integrationId: tenant.integrationId, flowId };
  const request = await requestRun(store, clock, { flow, mode: 'full', actor: 'user:eva' });
  const run = await startRun(store, clock, { flow, mode: 'full', trigger: 'manual', request });
  expect(await api.ok('GET', `${of}/run-requests/${request.id}`)).toMatchObject({ state: 'running', run: { id: run.id } });
  await store.db.deleteFrom('run').where('id', '=', run.id).execute();
  expect(await api.ok('GET', `${of}/run-requests/${request.id}`)).toMatchObject({ run: null });
});

test('days of a backfill are shown where the flow knows them', async () => {
  const flow = { tenantId: tenant.tenantId, integrationId: tenant.integrationId, flowId };
  const range = { first: '2026-05-01', last: '2026-05-31' };
  const { id } = await requestRun(api.store, api.services.clock, { flow, mode: 'backfill', range, actor: 'user:eva' });
  expect(await api.ok('GET', `${of}/run-requests/${id}`)).toMatchObject({ mode: 'backfill', days: range });
});

test('a person takes a blocked record out; a finished one stays', async () => {
  const body = { recordIds: [tenant.blockedId, tenant.postedId], reason: 'entered by hand as JR-00017' };
  expect(await api.ok('POST', `${of}/records/skip`, body)).toEqual({ changed: [tenant.blockedId], untouched: [tenant.postedId] });
  expect(await api.ok('GET', `${of}/records/${tenant.blockedId}`)).toMatchObject({
    state: 'skipped',
    reasons: [{ code: 'SKIPPED_BY_HAND', message: 'entered by hand as JR-00017' }],
  });
  const noStates = await api.request('POST', `${of}/records/skip`, { body: { filter: { flowId }, reason: 'x' } });
  expect(noStates.status).toBe(400);
});

test('a person decides about an outcome that nobody knows, and not before it is asked', async () => {
  const { store, clock } = api.services;
  await api.ok('POST', `${of}/records/replay`, { recordIds: [tenant.postedId] });
  const [record] = await dueRecords(store, { tenantId: tenant.tenantId, integrationId: tenant.integrationId, flowId }, clock.now(), 1);
  if (!record) throw new Error('the replay is not there');
  const decide = (body: object) => api.request('POST', `${of}/records/${record.id}/outcome`, { body: { reason: 'looked it up', ...body } });
  const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body: { Name: 'Müller' }, notes: [] });
  if (!attempt) throw new Error('posting did not begin');
  const lost = { code: 'TUNNEL_LOST', message: 'the answer was lost', verdict: 'uncertain' as const };
  await settlePosting(store, clock, { record, attempt }, { state: 'uncertain', error: lost, nextAttemptAt: clock.now() });
  expect((await decide({ outcome: 'notPosted' })).body).toMatchObject({ status: 409, code: 'OUTCOME_NOT_ASKED' });
  const lostRecord = await api.store.db.selectFrom('record').selectAll().where('id', '=', record.id).executeTakeFirstOrThrow();
  const unknown = { outcome: 'unknown' as const, why: 'the search is down', nextAttemptAt: clock.now(), needsPerson: true };
  await settleLookup(store, clock, { record: lostRecord, body: {} }, unknown);
  expect(await api.ok('GET', `${of}/records/${record.id}`)).toMatchObject({ uncertainSince: expect.stringMatching(/^20/) as string });
  const { body } = await decide({ outcome: 'posted', targetId: 'cin7-by-hand' });
  expect(body).toMatchObject({ state: 'succeeded', targetId: 'cin7-by-hand' });
  const story = await api.ok<{ events: { kind: string; actor: string }[] }>('GET', `${of}/records/${record.id}`);
  expect(story.events.map(({ kind, actor }) => `${kind} ${actor.slice(0, 6)}`)).toContain('decided token:');
});
