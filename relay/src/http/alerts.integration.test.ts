import { mailPassword, webReceiver, type WebReceiver } from '../alerts/testing/receivers.ts';
import { evaluateAlerts } from '../alerts/index.ts';
import { seedTenant, startApi, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
let web: WebReceiver;
let of: string;
beforeAll(async () => {
  [api, web] = await Promise.all([startApi(), webReceiver()]);
  tenant = await seedTenant(api, "O'Brien Imports");
  of = `/tenants/${tenant.tenantId}`;
});
afterAll(() => Promise.all([api[Symbol.asyncDispose](), web[Symbol.asyncDispose]()]));

const secret = 'ein-langes-geheimnis-4711';
const webhook = (more: object = {}) => ({ kind: 'webhook', name: 'Betrieb', settings: { url: web.url, secret, ...more } });

interface Channel {
  id: string;
  settings: object;
}

test('a channel is made, tested, moved only with its secrets, and deleted; secrets are never read', async () => {
  const made = await api.ok<Channel>('POST', `${of}/alert-channels`, webhook());
  expect(made.settings).toEqual({ url: `${new URL(web.url).origin}/…`, anchors: false });
  expect(await api.ok('POST', `${of}/alert-channels/${made.id}/test`)).toEqual({ ok: true, problem: null });
  expect(JSON.parse(web.received.at(-1)?.body ?? '{}')).toMatchObject({ kind: 'test', tenant: "O'Brien Imports" });
  const moved = await api.request('PATCH', `${of}/alert-channels/${made.id}`, {
    body: { settings: { url: 'https://elsewhere.example.com/' } },
  });
  expect([moved.status, moved.body['code']]).toEqual([400, 'BODY_INVALID']);
  expect(moved.text).toContain('settings.secret is missing');
  const list = await api.request('GET', `${of}/alert-channels`);
  expect(list.text).not.toContain(secret);
  expect((await api.request('POST', `${of}/alert-channels`, { body: webhook() })).body['code']).toBe('NAME_TAKEN');
  expect((await api.request('DELETE', `${of}/alert-channels/${made.id}`)).status).toBe(204);
  expect((await api.request('GET', `${of}/audit`)).text).not.toContain(secret);
});

test.each([
  ['slack', {}],
  ['webhook', { secret }],
])('the address of a %s channel lets in who knows it: nobody reads it again', async (kind, more) => {
  const path = '/hook/T0G9PQBBK/B0S3CR3T?sig=B0S3CR3T';
  const url = new URL(path, web.url).href;
  const made = await api.ok<Channel>('POST', `${of}/alert-channels`, { kind, name: kind, settings: { url, ...more } });
  const at = `${of}/alert-channels/${made.id}`;
  const shown = `${new URL(web.url).origin}/…`;
  expect(made.settings).toEqual({ url: shown, anchors: false });
  expect(await api.ok('PATCH', at, { settings: { ...made.settings, anchors: true } })).toMatchObject({
    settings: { url: shown, anchors: true },
  });
  expect(await api.ok('POST', `${at}/test`)).toEqual({ ok: true, problem: null });
  expect(web.received.at(-1)?.path).toBe(path);
  const viewer = await api.token({ tenantId: tenant.tenantId, role: 'viewer' });
  const read = await Promise.all([`${of}/alert-channels`, `${of}/audit`].map((one) => api.request('GET', one, { token: viewer })));
  const stored = await api.store.db.selectFrom('alert_channel').selectAll().execute();
  expect(JSON.stringify([read.map(({ text }) => text), stored])).not.toContain('B0S3CR3T');
  await api.request('DELETE', at);
});

test('a test that fails says why', async () => {
  const made = await api.ok<Channel>('POST', `${of}/alert-channels`, { ...webhook({ url: 'http://169.254.169.254/' }), name: 'falsch' });
  expect(await api.ok('POST', `${of}/alert-channels/${made.id}/test`)).toMatchObject({ ok: false, problem: { code: 'ADDRESS_DENIED' } });
  await api.request('DELETE', `${of}/alert-channels/${made.id}`);
});

test.each([
  ['an unknown kind', { kind: 'pager', name: 'x', settings: {} }, 'kind'],
  [
    'an address that is none',
    { kind: 'email', name: 'x', settings: { host: 'mail', from: 'relay', to: ['a@example.com'] } },
    'settings.from',
  ],
  ['nobody to tell', { kind: 'email', name: 'x', settings: { host: 'mail', from: 'a@example.com', to: [] } }, 'settings.to'],
  [
    'a mail server with a command in its name',
    { kind: 'email', name: 'x', settings: { host: 'mail\r\nRCPT', from: 'a@example.com', to: ['a@example.com'] } },
    'settings.host',
  ],
  ['a file for an address', { kind: 'slack', name: 'x', settings: { url: 'file:///etc/passwd' } }, 'settings.url'],
  ['a password in the address', { kind: 'slack', name: 'x', settings: { url: 'https://ops:geheim@a.example.com' } }, 'settings.url'],
  ['an unknown setting', { kind: 'slack', name: 'x', settings: { url: 'https://a.example.com', chanel: '#ops' } }, 'settings.chanel'],
  ['a short secret', { kind: 'webhook', name: 'x', settings: { url: 'https://a.example.com', secret: mailPassword } }, 'settings.secret'],
])('a channel with %s is refused', async (_what, body, field) => {
  const reply = await api.request<{ code: string; errors: { path: string }[] }>('POST', `${of}/alert-channels`, { body });
  expect([reply.status, reply.body.code]).toEqual([400, 'BODY_INVALID']);
  expect(reply.body.errors.map(({ path }) => path)).toContain(field);
});

test('rules are on for a new tenant; settings are checked, kept and put together', async () => {
  const { items } = await api.ok<{ items: { id: string; enabled: boolean }[] }>('GET', `${of}/alert-rules`);
  expect(items.every(({ enabled }) => enabled)).toBe(true);
  expect(items.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['blocked', 'uncertain', 'tunnel-down', 'run-failed', 'nothing-flowed', 'expiry']),
  );
  const changed = await api.ok('PATCH', `${of}/alert-rules/nothing-flowed`, { settings: { hours: 4 } });
  expect(changed).toMatchObject({ enabled: true, settings: { hours: 4, weekdaysOnly: true, newRecords: false } });
  await api.ok('PATCH', `${of}/alert-rules/nothing-flowed`, { enabled: false });
  expect(await api.ok('PATCH', `${of}/alert-rules/nothing-flowed`, {})).toMatchObject({ enabled: false, settings: { hours: 4 } });
  const wrong = await api.request('PATCH', `${of}/alert-rules/expiry`, { body: { settings: { days: 0 } } });
  expect([wrong.status, wrong.body['code']]).toEqual([400, 'BODY_INVALID']);
  expect((await api.request('PATCH', `${of}/alert-rules/everything`, { body: {} })).status).toBe(400);
});

test('quiet hours need a time zone that exists and times of day', async () => {
  const settings = { timeZone: 'Europe/Berlin', quietHours: { from: '22:00', to: '06:30' }, reminderHours: 24 };
  expect(await api.ok('PUT', `${of}/alert-settings`, settings)).toEqual(settings);
  const wrong = await api.request<{ errors: { path: string }[] }>('PUT', `${of}/alert-settings`, {
    body: { timeZone: 'Mars/Olympus', quietHours: { from: '24:00', to: '6' } },
  });
  expect(wrong.body.errors.map(({ path }) => path)).toEqual(['timeZone', 'quietHours.from', 'quietHours.to']);
  await api.ok('PUT', `${of}/alert-settings`, {});
});

test('an open alert is listed, acknowledged by somebody, muted, and in the history when it is over', async () => {
  const { store, clock, log, vault } = api.services;
  const deps = {
    store,
    clock,
    log,
    vault,
    publicUrl: '',
    addresses: api.services.alerts.addresses,
    sessions: () => [],
    flowTitles: new Map<string, string>(),
    certificates: [],
  };
  await evaluateAlerts({ ...deps, startedAt: clock.now() });
  const { items } = await api.ok<{ items: { id: string; rule: string; records: number }[] }>('GET', `${of}/alerts`);
  expect(items).toMatchObject([{ rule: 'blocked', records: 1, example: expect.stringContaining("O'Brien") as unknown }]);
  const at = `${of}/alerts/${items[0]!.id}`;
  const token = await api.token({ tenantId: tenant.tenantId, role: 'operator' });
  expect(await api.ok('POST', `${at}/acknowledge`, undefined, token)).toMatchObject({
    acknowledgedBy: expect.stringMatching(/^token:tok_/) as unknown,
  });
  expect(await api.ok('POST', `${at}/mute`, { until: '2099-01-01T00:00:00Z' })).toMatchObject({ mutedUntil: '2099-01-01T00:00:00.000Z' });
  await store.db.updateTable('record').set({ state: 'succeeded' }).where('id', '=', tenant.blockedId).execute();
  await evaluateAlerts({ ...deps, startedAt: clock.now() });
  expect((await api.ok<{ items: object[] }>('GET', `${of}/alerts`)).items).toEqual([]);
  expect((await api.ok<{ items: object[] }>('GET', `${of}/alerts?state=all`)).items).toMatchObject([
    { closedAt: expect.any(String) as unknown },
  ]);
});
