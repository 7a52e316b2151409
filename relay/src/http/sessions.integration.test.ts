import { issueLink } from '../people/index.ts';
import { totpCode } from '../people/totp.ts';
import { resources } from './resources/index.ts';
import { startApi, type Reply, type TestApi } from './testing/index.ts';

const password = 'Ein Satz, den niemand errät';
const eva = { email: 'Eva.Müller@example.com', name: 'Eva Müller', password };

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

/** As a browser: keeps the cookie, sends the page's token. */
interface Browser {
  send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>;
}

function browser(): Browser {
  let [cookie, csrf] = ['', ''];
  return {
    async send<Body>(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
      const headers = { ...(cookie !== '' && { cookie }), ...(csrf !== '' && { 'x-csrf-token': csrf }), ...more };
      const reply = await api.request<Body>(method, path, { token: null, headers, ...(body !== undefined && { body }) });
      for (const set of reply.headers.getSetCookie()) cookie = set.split(';')[0] ?? '';
      const told = (reply.body as { csrfToken?: string | null }).csrfToken;
      if (path === '/me' && told) csrf = told;
      return reply;
    },
  };
}

async function firstAdministrator(): Promise<Browser> {
  const { token } = await issueLink(api.services, { purpose: 'setup', createdBy: 'relay' });
  const page = browser();
  const { status } = await page.send('POST', '/links/use', { token, ...eva });
  if (status !== 200) throw new Error(`the link answered ${status}`);
  await page.send('GET', '/me');
  return page;
}

async function signedIn(email = eva.email): Promise<Browser> {
  const page = browser();
  expect((await page.send('POST', '/session', { email, password })).status).toBe(204);
  await page.send('GET', '/me');
  return page;
}

test('the first administrator comes by a link that works once, and is signed in then', async () => {
  const { token } = await issueLink(api.services, { purpose: 'setup', createdBy: 'relay' });
  const page = browser();
  expect((await page.send('POST', '/links/look', { token })).body).toEqual({ purpose: 'setup', email: null, name: null });
  expect(await page.send('POST', '/links/use', { token, ...eva, password: 'kurz' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'password' }] },
  });
  const used = await page.send('POST', '/links/use', { token, ...eva });
  expect(used.headers.getSetCookie()[0]).toMatch(/^ml-relay=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Expires=/);
  expect((await page.send('GET', '/me')).body).toMatchObject({ email: 'eva.müller@example.com', everywhere: 'admin', role: 'admin' });
  expect((await browser().send('POST', '/links/use', { token, ...eva })).body['code']).toBe('LINK_OVER');
});

test('a wrong password, a wrong address and a disabled account get the same words, more slowly each time', async () => {
  const page = await firstAdministrator();
  const tries = [
    { email: eva.email, password: 'Ein Satz, den jeder errät' },
    { email: 'niemand@example.com', password },
  ];
  const [one, other] = await Promise.all(tries.map((body) => browser().send('POST', '/session', body)));
  expect(one?.body).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
  expect({ ...other?.body, requestId: '' }).toEqual({ ...one?.body, requestId: '' });
  for (let count = 0; count < 4; count++) await browser().send('POST', '/session', tries[0]);
  const late = await browser().send('POST', '/session', { email: eva.email, password });
  expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  expect(late.body['code']).toBe('SIGN_IN_LIMITED');
  const trail = await api.ok<{ items: { kind: string; data: { from: string } }[] }>('GET', '/audit');
  expect(trail.items.filter(({ kind }) => kind === 'session.refused')).toHaveLength(6);
  expect((await page.send('GET', '/tenants')).status).toBe(200);
});

test('a change is believed only from the page itself', async () => {
  const page = await firstAdministrator();
  const make = (headers: Record<string, string>) => page.send('POST', '/tenants', { name: 'Neu' }, headers);
  expect((await make({ 'x-csrf-token': '' })).body['code']).toBe('NOT_FROM_HERE');
  expect((await make({ 'sec-fetch-site': 'cross-site' })).body['code']).toBe('NOT_FROM_HERE');
  expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
});

test('who signs out, is signed out elsewhere, or is disabled gets nothing any more', async () => {
  const page = await firstAdministrator();
  const [second, third] = [await signedIn(), await signedIn()];
  expect((await page.send<{ items: unknown[] }>('GET', '/me/sessions')).body.items).toHaveLength(3);
  await second.send('DELETE', '/session');
  expect((await second.send('GET', '/me')).status).toBe(401);
  await page.send('DELETE', '/me/sessions');
  expect((await third.send('GET', '/me')).status).toBe(401);

  const otto = await page.send<{ id: string; link: { url: string } }>('POST', '/people', {
    email: 'otto@example.com',
    name: 'Otto',
    everywhere: 'viewer',
  });
  const token = otto.body.link.url.split('#')[1];
  const ottosPage = browser();
  await ottosPage.send('POST', '/links/use', { token, password });
  expect((await ottosPage.send('GET', '/tenants')).status).toBe(200);
  expect((await ottosPage.send('GET', '/people')).body['code']).toBe('ROLE_TOO_SMALL');
  await page.send('PATCH', `/people/${otto.body.id}`, { disabled: true });
  expect((await ottosPage.send('GET', '/tenants')).status).toBe(401);
  expect((await browser().send('POST', '/session', { email: 'otto@example.com', password })).body['code']).toBe('SIGN_IN_REFUSED');
});

test('the last administrator cannot take the own access away', async () => {
  const page = await firstAdministrator();
  const [me] = (await page.send<{ items: { id: string }[] }>('GET', '/people')).body.items;
  for (const change of [{ disabled: true }, { everywhere: null }, { everywhere: 'viewer' }])
    expect((await page.send('PATCH', `/people/${me?.id}`, change)).body['code']).toBe('OWN_ACCOUNT');
});

test('somebody with roles in two tenants sees both and no third one, with the role of each', async () => {
  const page = await firstAdministrator();
  const [one, two, three] = await Promise.all(
    ['Nord', 'Süd', 'West'].map(async (name) => (await page.send<{ id: string }>('POST', '/tenants', { name })).body.id),
  );
  const otto = { email: 'otto@example.com', name: 'Otto' };
  const added = await page.send<{ link: { url: string } }>('POST', `/tenants/${one}/people`, { ...otto, role: 'viewer' });
  const again = await page.send<{ link: null }>('POST', `/tenants/${two}/people`, { ...otto, role: 'admin' });
  expect(again.body.link).toBeNull();
  const his = browser();
  await his.send('POST', '/links/use', { token: added.body.link.url.split('#')[1], password });
  await his.send('GET', '/me');
  const tenants = await his.send<{ items: { id: string }[] }>('GET', '/tenants');
  expect(new Set(tenants.body.items.map(({ id }) => id))).toEqual(new Set([one, two]));
  const found = (id: string | undefined) => his.send('POST', `/tenants/${id}/sites`, { name: 'Werk' });
  expect([(await found(one)).status, (await found(two)).status, (await found(three)).status]).toEqual([403, 201, 404]);
  expect((await his.send('POST', '/api-tokens', { name: 'x', role: 'viewer', tenantId: one })).status).toBe(404);
  expect((await his.send('POST', '/api-tokens', { name: 'x', role: 'viewer', tenantId: two })).status).toBe(201);
  expect((await his.send('POST', '/api-tokens', { name: 'y', role: 'viewer' })).status).toBe(403);
  expect((await his.send('GET', '/people')).body['code']).toBe('TENANT_TOKEN');
  await page.send('DELETE', `/tenants/${two}/people/${(added.body as unknown as { id: string }).id}`);
  expect((await found(two)).status).toBe(404);
  await page.send('DELETE', `/tenants/${one}/people/${(added.body as unknown as { id: string }).id}`);
  expect((await his.send('GET', '/tenants')).body['code']).toBe('NO_ROLE');
  expect((await his.send('GET', '/me')).body).toMatchObject({ tenants: [], everywhere: null });
  expect((await his.send('DELETE', '/session')).status).toBe(204);
});

test('a second factor is asked for, each code once, and a recovery code opens too', async () => {
  const page = await firstAdministrator();
  const { secret } = (await page.send<{ secret: string }>('POST', '/me/second-factor')).body;
  const step = Math.floor(Date.now() / 30_000);
  const confirm = { secret, code: totpCode(secret, step) };
  expect((await page.send('PUT', '/me/second-factor', { ...confirm, password: 'falsch' })).body['code']).toBe('PASSWORD_WRONG');
  const { recoveryCodes } = (await page.send<{ recoveryCodes: string[] }>('PUT', '/me/second-factor', { ...confirm, password })).body;
  const enter = (code?: string) => browser().send('POST', '/session', { email: eva.email, password, ...(code !== undefined && { code }) });
  expect((await enter()).body['code']).toBe('CODE_NEEDED');
  expect((await enter(confirm.code)).body['code']).toBe('SIGN_IN_REFUSED');
  expect((await enter(totpCode(secret, step + 1))).status).toBe(204);
  expect((await enter(recoveryCodes[0])).status).toBe(204);
  expect((await enter(recoveryCodes[0])).body['code']).toBe('SIGN_IN_REFUSED');
});

test('programs cannot use what belongs to persons, and nothing public changes more than a session', async () => {
  for (const route of resources.flat().filter(({ access }) => access === 'own')) {
    const reply = await api.request(route.method.toUpperCase(), route.path, route.body && { body: {} });
    expect([route.id, reply.body['code']]).toEqual([route.id, 'PERSONS_ONLY']);
  }
  const open = resources.flat().filter(({ access }) => access === 'public');
  expect(open.map(({ id }) => id).toSorted()).toEqual(['links.look', 'links.use', 'session.begin', 'sign-in-methods.get']);
});

test('no password, code, token or secret stands in the audit trail or the log', async () => {
  const page = await firstAdministrator();
  await page.send('PUT', '/me/password', { current: password, password: `${password} mehr` });
  const text = JSON.stringify(await api.store.db.selectFrom('event').selectAll().execute());
  expect(text).toContain('me.password');
  expect(text).not.toContain('Ein Satz');
});
