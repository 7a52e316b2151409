import type { OidcConfig } from '../../config/index.ts';
import { addPerson, findPerson, setDisabled } from '../../people/index.ts';
import { startApi, type TestApi } from '../testing/index.ts';
import { Browser, client, startIdentityProvider, type IdentityProvider } from './testing/index.ts';

let api: TestApi;
let provider: IdentityProvider;
let tenantId = '';
const config: OidcConfig = {
  issuer: '',
  clientId: client.id,
  clientSecret: client.secret,
  label: 'Müller-Konto',
  scopes: ['openid', 'email', 'profile', 'groups'],
  allowedDomains: ['example.com', 'müller.example'],
  createPeople: { groupsClaim: 'groups', roles: [] },
};
beforeAll(async () => {
  provider = await startIdentityProvider(() => `${api.url}/oauth/oidc/callback`);
  api = await startApi({ oidc: Object.assign(config, { issuer: provider.issuer }) });
  tenantId = (await api.ok('POST', '/tenants', { name: 'Müller & Söhne GmbH' })).id;
  config.createPeople?.roles.push(
    { group: 'ops', role: 'viewer', tenant: tenantId },
    { group: 'leads', role: 'operator', tenant: tenantId },
    { group: 'gone', role: 'admin', tenant: 'ten_01k00000000000000000000000' },
    { group: 'relay-admins', role: 'admin' },
  );
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

let people = 0;
/** Somebody new at the provider. */
function comes(claims: Record<string, unknown> = {}): string {
  people += 1;
  const email = `eva${people}@example.com`;
  provider.agrees = true;
  provider.person = { id: `subject-${people}`, claims: { email, email_verified: true, name: 'Eva Müller', ...claims } };
  return email;
}

const isCallback = (url: string): boolean => url.startsWith(`${api.url}/oauth/oidc/callback`);
const isPage = (url: string): boolean => url.startsWith(api.url) && !url.includes('/oauth/');
const start = (to?: string): string => `${api.url}/oauth/oidc/start${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`;

/** The page on which a sign-in ends, without the relay's address. */
async function signIn(browser = new Browser(), to?: string): Promise<string> {
  return (await browser.until(start(to), isPage)).slice(api.url.length);
}

async function me(browser: Browser): Promise<Record<string, unknown>> {
  return (await (await browser.get(`${api.url}/api/v1/me`)).json()) as Record<string, unknown>;
}

async function account(email: string): Promise<string> {
  return addPerson(api.services, { email, name: 'Eva', grants: { everywhere: null, tenants: new Map([[tenantId, 'viewer']]) } });
}

test('anybody may ask how people sign in', async () => {
  const { body } = await api.request('GET', '/sign-in-methods', { token: null });
  expect(body).toEqual({ password: true, oidc: { label: 'Müller-Konto' } });
});

test('who has an account is signed in by the verified address, and later by who the provider says it is', async () => {
  const email = comes();
  await account(email.toUpperCase());
  const browser = new Browser();
  expect(await signIn(browser, '/records?q=4711')).toBe('/records?q=4711');
  expect(await me(browser)).toMatchObject({ email, tenants: [{ tenantId, role: 'viewer' }] });
  expect([...browser.cookiesFor(api.url).keys()]).toEqual(['ml-relay']);
  provider.person.claims['email'] = 'married@example.com';
  const other = new Browser();
  expect(await signIn(other)).toBe('/');
  expect(await me(other)).toMatchObject({ email });
  const trail = await api.ok<{ items: { kind: string; data: Record<string, unknown> }[] }>('GET', '/audit');
  expect(trail.items).toContainEqual(
    expect.objectContaining({ kind: 'session.begin', data: expect.objectContaining({ by: 'oidc' }) as object }),
  );
});

test('the cookie that goes along is bound to the browser, short-lived, and no script reads it', async () => {
  const response = await new Browser().get(start());
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^ml-relay-oidc=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  const asked = new URL(response.headers.get('location') ?? '').searchParams;
  expect(asked.get('redirect_uri')).toBe(`${api.url}/oauth/oidc/callback`);
  expect(asked.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) expect(cookie).not.toContain(asked.get(name));
});

test.each(['https://evil.example.com', '//evil.example.com', '/\\evil.example.com', 'javascript:alert(1)', '/a\r\nSet-Cookie: x=y'])(
  'nobody is sent to %j after the sign-in',
  async (to) => {
    await account(comes());
    expect(await signIn(new Browser(), to)).toBe('/');
  },
);

test('another browser cannot come back with it, and neither can the same one twice', async () => {
  await account(comes());
  const browser = new Browser();
  const back = await browser.until(start(), isCallback);
  const before = provider.tokenRequests;
  expect(await new Browser().until(back, isPage)).toBe(`${api.url}/sign-in?error=OIDC_EXPIRED`);
  expect(provider.tokenRequests).toBe(before);
  const kept = new Map(browser.cookiesFor(api.url));
  expect(await browser.until(back, isPage)).toBe(`${api.url}/`);
  const twice = new Browser();
  for (const [name, value] of kept) twice.cookiesFor(api.url).set(name, value);
  expect(await twice.until(back, isPage)).toBe(`${api.url}/sign-in?error=OIDC_EXPIRED`);
  expect(provider.tokenRequests).toBe(before + 1);
});

test('a code that was used already is refused by the provider, and nobody is signed in', async () => {
  await account(comes());
  const used = new Browser();
  const back = new URL(await used.until(start(), isCallback));
  await used.get(back.href);
  const browser = new Browser();
  const fresh = new URL(await browser.until(start(), isCallback));
  fresh.searchParams.set('code', back.searchParams.get('code') ?? '');
  expect(await browser.until(fresh.href, isPage)).toBe(`${api.url}/sign-in?error=OIDC_INVALID`);
  expect(await me(browser)).toMatchObject({ code: 'TOKEN_INVALID' });
});

test.each([
  ['a wrong state', (back: URL) => back.searchParams.set('state', 'x'.repeat(43)), 'OIDC_STATE'],
  ['no state', (back: URL) => back.searchParams.delete('state'), 'OIDC_STATE'],
  ['another issuer', (back: URL) => back.searchParams.set('iss', 'https://evil.example.com'), 'OIDC_INVALID'],
  ['no code', (back: URL) => back.searchParams.delete('code'), 'OIDC_INVALID'],
  ['a made-up code', (back: URL) => back.searchParams.set('code', 'x'), 'OIDC_INVALID'],
])('%s ends on the page that says so', async (_what, spoil, code) => {
  await account(comes());
  const browser = new Browser();
  const back = new URL(await browser.until(start(), isCallback));
  spoil(back);
  expect(await browser.until(back.href, isPage)).toBe(`${api.url}/sign-in?error=${code}`);
  expect(await me(browser)).toMatchObject({ code: 'TOKEN_INVALID' });
});

test.each([
  ['an address that is not verified', { email_verified: false }, 'OIDC_EMAIL'],
  ['an address of which nothing is said', { email_verified: undefined }, 'OIDC_EMAIL'],
  ['"true" in place of true', { email_verified: 'true' }, 'OIDC_EMAIL'],
  ['no address', { email: undefined }, 'OIDC_EMAIL'],
  ['an address of another domain', { email: 'eva@example.com.evil.example' }, 'OIDC_DOMAIN'],
  ['nobody known, without a group', { email: 'neu@example.com', groups: ['guests', 'gone'] }, 'OIDC_NO_ACCOUNT'],
])('%s is refused', async (_what, claims, code) => {
  await account(comes(claims));
  expect(await signIn()).toBe(`/sign-in?error=${code}`);
});

test('who is disabled is refused, at first and later', async () => {
  const personId = await account(comes());
  await setDisabled(api.services, personId, true);
  expect(await signIn()).toBe('/sign-in?error=ACCOUNT_DISABLED');
  await setDisabled(api.services, personId, false);
  expect(await signIn()).toBe('/');
  await setDisabled(api.services, personId, true);
  expect(await signIn()).toBe('/sign-in?error=ACCOUNT_DISABLED');
});

test('an address that was given to somebody else does not bring the account along', async () => {
  const email = comes();
  await account(email);
  expect(await signIn()).toBe('/');
  comes({ email });
  expect(await signIn()).toBe('/sign-in?error=OIDC_OTHER_IDENTITY');
});

test('who has no account gets one with what the groups give', async () => {
  const email = comes({ groups: ['ops', 'leads', 'gone', 'choir'] });
  const browser = new Browser();
  expect(await signIn(browser)).toBe('/');
  expect(await me(browser)).toMatchObject({ email, name: 'Eva Müller', everywhere: null, tenants: [{ tenantId, role: 'operator' }] });
  expect((await findPerson(api.services, { email }))?.row.password_hash).toBeNull();
  comes({ groups: ['relay-admins'] });
  const admin = new Browser();
  await signIn(admin);
  expect(await me(admin)).toMatchObject({ everywhere: 'admin' });
});

test('who does not agree at the provider ends on the page as well', async () => {
  comes();
  provider.agrees = false;
  expect(await signIn()).toBe('/sign-in?error=OIDC_DENIED');
});

test('a provider that is away is told apart, and the password still works', async () => {
  await using alone = await startApi({ oidc: { ...config, issuer: 'http://127.0.0.1:9' } });
  const response = await new Browser().get(`${alone.url}/oauth/oidc/start`);
  expect(response.headers.get('location')).toBe('/sign-in?error=OIDC_UNREACHABLE');
});

test('without an identity provider there is nothing of it', async () => {
  await using plain = await startApi();
  expect((await plain.request('GET', '/sign-in-methods', { token: null })).body).toEqual({ password: true, oidc: null });
  expect((await plain.request('GET', '//oauth/oidc/start')).status).toBe(404);
});
