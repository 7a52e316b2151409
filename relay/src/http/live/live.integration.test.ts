import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { addPerson, beginSession, changeGrants, endSession, setDisabled, type Grants } from '../../people/index.ts';
import { startApi, type TestApi } from '../testing/index.ts';
import { refusal, watch } from './testing/index.ts';

let api: TestApi;
let [ours, theirs] = ['', ''];
beforeAll(async () => {
  api = await startApi({ limits: { liveBeatMs: 200, liveClients: 8, liveClientsEach: 3 } });
  ours = (await api.ok('POST', '/tenants', { name: 'Müller & Söhne GmbH' })).id;
  theirs = (await api.ok('POST', '/tenants', { name: '北京进出口有限公司' })).id;
});
afterAll(() => api[Symbol.asyncDispose]());

const nobody: Grants = { everywhere: null, tenants: new Map() };
let people = 0;

/** Somebody who is signed in, with a role in our tenant. */
async function somebody() {
  const grants: Grants = { ...nobody, tenants: new Map([[ours, 'viewer']]) };
  const personId = await addPerson(api.services, { email: `eva${(people += 1)}@example.com`, name: 'Eva', grants });
  const { token } = await beginSession(api.services, { personId, address: '127.0.0.1', browser: '' });
  const session = await api.store.db.selectFrom('person_session').select('token_hash').where('person_id', '=', personId).executeTakeFirst();
  return { personId, tokenHash: session?.token_hash ?? '', headers: { cookie: `ml-relay=${token}`, origin: api.url } };
}

async function program(tenantId: string | null = ours) {
  return { headers: { authorization: `Bearer ${await api.token({ tenantId, role: 'viewer' })}` } };
}

test('who is signed in hears of changes in the own tenant, and of nothing in another', async () => {
  await using page = await watch(api.url, `tenant=${ours}`, await somebody());
  expect(await page.next()).toEqual({ seq: expect.any(String), changes: [] });
  api.store.notify({ about: 'record', tenantId: theirs, id: 'rec_theirs' });
  api.store.notify({ about: 'connection', id: 'con_of_unknown_tenant' });
  api.store.notify({ about: 'record', tenantId: ours, id: 'rec_ours' });
  api.store.notify({ about: 'cancel', tenantId: ours, id: 'run_ours' });
  expect((await page.nextChange()).changes).toEqual([
    { about: 'connection', id: null },
    { about: 'record', id: 'rec_ours' },
    { about: 'run', id: 'run_ours' },
  ]);
});

test('what somebody changes through the API is told to the others', async () => {
  await using watcher = await watch(api.url, `tenant=${ours}`, await program(null));
  await watcher.next();
  await api.ok('POST', `/tenants/${ours}/sites`, { name: 'Werk Süd' });
  expect((await watcher.nextChange()).changes).toEqual([{ about: 'settings', id: null }]);
});

test('a thousand changes are few messages, and not a thousand ids', async () => {
  await using watcher = await watch(api.url, `tenant=${ours}`, await program());
  for (let count = 0; count < 1000; count++) api.store.notify({ about: 'record', tenantId: ours, id: `rec_${count}` });
  for (let count = 0; count < 3; count++) api.store.notify({ about: 'run', tenantId: ours, id: 'run_1' });
  expect((await watcher.nextChange()).changes).toEqual([
    { about: 'record', id: null },
    { about: 'run', id: 'run_1' },
  ]);
});

test('after a cut it goes on where it was; what is not remembered is said', async () => {
  const own = await program();
  let seq = '';
  {
    await using watcher = await watch(api.url, `tenant=${ours}`, own);
    api.store.notify({ about: 'run', tenantId: ours, id: 'run_before' });
    ({ seq } = await watcher.nextChange());
  }
  api.store.notify({ about: 'run', tenantId: ours, id: 'run_meanwhile' });
  api.store.notify({ about: 'run', tenantId: theirs, id: 'run_theirs' });
  await using resumed = await watch(api.url, `tenant=${ours}&after=${seq}`, own);
  expect(await resumed.next()).toEqual({ seq: expect.any(String), changes: [{ about: 'run', id: 'run_meanwhile' }] });
  await using stranger = await watch(api.url, `tenant=${ours}&after=AAAAAAAA.1`, own);
  expect(await stranger.next()).toEqual({ seq: expect.any(String), changes: [], reset: true });
});

test('nobody comes in without a right to see the tenant', async () => {
  const { headers } = await somebody();
  const at = `/live?tenant=${ours}`;
  const answers = [
    await refusal(api.url, at, {}),
    await refusal(api.url, at, { headers: { cookie: headers.cookie, origin: 'https://evil.example.com' } }),
    await refusal(api.url, at, { headers: { cookie: headers.cookie } }),
    await refusal(api.url, at, { headers: { cookie: `ml-relay=${'x'.repeat(43)}`, origin: api.url } }),
    await refusal(api.url, at, { headers: { authorization: 'Bearer mlr_x' } }),
    await refusal(api.url, at, await program(theirs)),
    await refusal(api.url, `/live?tenant=${theirs}`, { headers }),
    await refusal(api.url, '/live?tenant=ten_none', await program(null)),
    await refusal(api.url, '/live', { headers }),
    await refusal(api.url, `/other?tenant=${ours}`, { headers }),
    await refusal(api.url, '//', { headers }),
  ];
  expect(answers).toEqual([401, 403, 403, 401, 401, 404, 404, 404, 404, 404, 404]);
});

test.each([
  ['signs out', ({ tokenHash }: { tokenHash: string }) => endSession(api.services, tokenHash)],
  ['is disabled', ({ personId }: { personId: string }) => setDisabled(api.services, personId, true)],
  ['loses the role', ({ personId }: { personId: string }) => changeGrants(api.services, personId, { tenants: new Map([[ours, null]]) })],
])('who %s is cut, and nobody else', async (_what, end) => {
  const [one, other] = [await somebody(), await somebody()];
  await using page = await watch(api.url, `tenant=${ours}`, one);
  await using elsewhere = await watch(api.url, `tenant=${ours}`, other);
  await end(one);
  expect(await page.closed).toEqual({ code: 1008, reason: 'signed out' });
  api.store.notify({ about: 'record', tenantId: ours, id: 'rec_1' });
  expect((await elsewhere.nextChange()).changes).toEqual([{ about: 'record', id: 'rec_1' }]);
});

test('a token that is revoked hears nothing more', async () => {
  const made = await api.ok<{ id: string; token: string }>('POST', '/api-tokens', { name: 'Monitor', tenantId: ours, role: 'viewer' });
  await using watcher = await watch(api.url, `tenant=${ours}`, { headers: { authorization: `Bearer ${made.token}` } });
  await api.ok('DELETE', `/api-tokens/${made.id}`);
  expect((await watcher.closed).code).toBe(1008);
});

test('an open page does not keep a session alive', async () => {
  const one = await somebody();
  const longAgo = api.services.clock.now() - 3_600_000;
  await using page = await watch(api.url, `tenant=${ours}`, one);
  await api.store.db.updateTable('person_session').set({ last_used_at: longAgo }).where('token_hash', '=', one.tokenHash).execute();
  for (let beats = 0; beats < 3; beats++) await page.next();
  const row = await api.store.db
    .selectFrom('person_session')
    .select('last_used_at')
    .where('token_hash', '=', one.tokenHash)
    .executeTakeFirstOrThrow();
  expect(row.last_used_at).toBe(longAgo);
});

test('who does not answer any more is cut, and who talks as well', async () => {
  await using silent = await watch(api.url, `tenant=${ours}`, { ...(await program()), autoPong: false });
  expect((await silent.closed).code).toBe(1006);
  await using talker = await watch(api.url, `tenant=${ours}`, await program());
  talker.socket.send('{"subscribe":"everything"}');
  expect((await talker.closed).code).toBe(1008);
  await using shouter = await watch(api.url, `tenant=${ours}`, await program());
  shouter.socket.send('x'.repeat(5000));
  expect((await shouter.closed).code).toBe(1009);
});

test('a request that offers another protocol is answered as ever', async () => {
  const { port } = new URL(api.url);
  const request = get({ port, path: '/healthz', headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
});

test('one caller has so many, and all together have so many', async () => {
  await using open = new AsyncDisposableStack();
  const greedy = await program();
  const at = `tenant=${ours}`;
  for (let count = 0; count < 3; count++) open.use(await watch(api.url, at, greedy));
  expect(await refusal(api.url, `/live?${at}`, greedy)).toBe(429);
  for (let count = 0; count < 5; count++) open.use(await watch(api.url, at, await program()));
  expect(await refusal(api.url, `/live?${at}`, await program())).toBe(429);
});

test('a relay that stops says so', async () => {
  await using other = await startApi();
  const { id } = await other.ok('POST', '/tenants', { name: "O'Brien Imports" });
  await using watcher = await watch(other.url, `tenant=${id}`, { headers: { authorization: `Bearer ${other.adminToken}` } });
  await other[Symbol.asyncDispose]();
  expect(await watcher.closed).toEqual({ code: 1001, reason: 'the relay is stopping' });
});
