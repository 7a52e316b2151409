import { resources } from './resources/index.ts';
import { seedTenant, startApi, type Reply, type SeededTenant, type TestApi } from './testing/index.ts';

let api: TestApi;
let tenant: SeededTenant;
beforeEach(async () => {
  api = await startApi();
  tenant = await seedTenant(api, 'Müller & Söhne GmbH');
});
afterEach(() => api[Symbol.asyncDispose]());

const change = (method: string, path: string, body: unknown, etag: string): Promise<Reply> =>
  api.request(method, path, { ...(body !== undefined && { body }), headers: { 'if-match': etag } });

async function tagOf(path: string): Promise<string> {
  return (await api.request('GET', path)).headers.get('etag') ?? 'none';
}

/** What is edited, how it is read, and two edits of it. */
function edits() {
  const { tenantId, integrationId, flowId, calendarId, cin7Id } = tenant;
  const of = `/tenants/${tenantId}`;
  const map = `${of}/integrations/${integrationId}/value-maps/payment-terms`;
  const flow = `${of}/integrations/${integrationId}/flows/${flowId}`;
  const night = { cron: '0 1 * * *', forMinutes: 180, timeZone: 'Europe/Berlin' };
  return [
    [map, `${map}/entries`, { entries: [{ from: 'ZB30', to: '30 days' }] }, { entries: [{ from: 'ZB30', to: '60 days' }] }],
    [map, `${map}/policy`, { missing: 'pass' }, { missing: 'block' }],
    [
      `${flow}/overrides`,
      `${flow}/overrides`,
      { overrides: [{ path: 'Name', expression: '$uppercase(body.Name)' }] },
      { overrides: [{ path: 'Name', expression: '$lowercase(body.Name)' }] },
    ],
    [`${of}/alert-settings`, `${of}/alert-settings`, { timeZone: 'Europe/Berlin' }, { timeZone: 'Asia/Shanghai' }],
    [
      `${of}/retention`,
      `${of}/retention`,
      { detailDays: 30, eventDays: null, runDays: 90 },
      { detailDays: 60, eventDays: null, runDays: 90 },
    ],
    [
      `${of}/close-calendars/${calendarId}`,
      `${of}/close-calendars/${calendarId}`,
      { name: 'Monatsende', timeZone: 'Europe/Berlin' },
      { name: 'Jahresende', timeZone: 'Europe/Berlin' },
    ],
    [
      `${of}/connections/${cin7Id}/blackouts`,
      `${of}/connections/${cin7Id}/blackouts`,
      { windows: [night] },
      { windows: [night, { ...night, cron: '0 5 * * *' }] },
    ],
  ] as const;
}

test('an edit on top of another one that its author has not seen is refused, and nothing is changed', async () => {
  for (const [view, place, first, second] of edits()) {
    const seen = await tagOf(view);
    expect(seen).toMatch(/^"[0-9a-f]{32}"$/);
    const one = await change('PUT', place, first, seen);
    expect([place, one.status]).toEqual([place, 200]);
    const lost = await change('PUT', place, second, seen);
    expect([place, lost.status, lost.body['code']]).toEqual([place, 412, 'CHANGED_MEANWHILE']);
    const now = await tagOf(view);
    expect([place, one.headers.get('etag')]).toEqual([place, now]);
    expect((await change('PUT', place, second, `"x", W/${now}`)).status).toBe(200);
  }
});

test('without If-Match, and with *, an edit is made as ever', async () => {
  const place = `/tenants/${tenant.tenantId}/alert-settings`;
  expect((await change('PUT', place, { timeZone: 'Europe/Berlin' }, '*')).status).toBe(200);
  expect((await api.request('PUT', place, { body: { timeZone: 'UTC' } })).status).toBe(200);
});

test('of many edits at the same time that have seen the same, one is made', async () => {
  const place = `/tenants/${tenant.tenantId}/alert-settings`;
  const seen = await tagOf(place);
  const hours = [1, 2, 3, 4, 5, 6];
  const replies = await Promise.all(hours.map((reminderHours) => change('PUT', place, { timeZone: 'UTC', reminderHours }, seen)));
  expect(replies.map(({ status }) => String(status)).toSorted()).toEqual(['200', '412', '412', '412', '412', '412']);
});

test('a calendar that somebody changed is not removed by who has not seen that', async () => {
  const place = `/tenants/${tenant.tenantId}/close-calendars/${tenant.calendarId}`;
  const seen = await tagOf(place);
  await api.ok('PUT', place, { name: 'Monatsende', timeZone: 'Europe/Berlin' });
  expect((await change('DELETE', place, undefined, seen)).status).toBe(412);
  expect((await change('DELETE', place, undefined, await tagOf(place))).status).toBe(204);
});

test('records that come meanwhile are no edit of a value map', async () => {
  const map = `/tenants/${tenant.tenantId}/integrations/${tenant.integrationId}/value-maps/payment-terms`;
  const seen = await tagOf(map);
  await api.store.db.updateTable('missing_entry').set({ code: 'ZB60' }).execute();
  expect(await tagOf(map)).toBe(seen);
});

test('every edit names a view with the same path names, which has a tag', () => {
  const routes = resources.flat();
  for (const { id, edits: viewId, path } of routes.filter(({ edits }) => edits !== undefined)) {
    const view = routes.find((one) => one.id === viewId);
    expect([id, view?.method, view?.etag !== undefined, path.startsWith(view?.path ?? 'none')]).toEqual([id, 'get', true, true]);
  }
});
