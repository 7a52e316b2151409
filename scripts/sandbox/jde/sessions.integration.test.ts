import { startJde, type JdeSim, type JdeSimOptions } from './index.ts';
import { browseOf, call, logOn } from './testing/call.ts';

const small: JdeSimOptions = { seed: { suppliers: 3, orders: 2, accounts: 20 }, clock: { now: () => Date.parse('2025-03-04T15:11:12Z') } };

function logonBody(sim: JdeSim, change: object = {}): object {
  const { user, password, environment, role } = sim.credentials;
  return { username: user, password, environment, role, deviceName: 'erp-agent-01', ...change };
}

test('a logon answers a token that has to be escaped in a query, and how the user writes dates', async () => {
  await using sim = await startJde(small);
  const { status, json } = await call(sim, 'POST', '/v2/tokenrequest', { body: logonBody(sim) });
  expect(status).toBe(200);
  expect(json).toMatchObject({ username: 'CONNSVC', environment: 'JPD920', role: '*ALL' });
  expect(json['userInfo']).toMatchObject({
    token: expect.stringMatching(/^(?=.*\+)(?=.*\/)(?=.*=).*$/),
    dateFormat: 'DME',
    dateSeperator: '/',
    simpleDateFormat: 'dd/MM/yyyy',
    timeZoneOffset: 'UTC-05:00',
    country: ' ',
  });
});

test('defaultconfig needs no logon and says which capabilities are missing', async () => {
  await using sim = await startJde({ ...small, isPlainHttp: true });
  const { status, json } = await call(sim, 'GET', '/v2/defaultconfig?requiredCapabilities=grid,teleport');
  expect(status).toBe(200);
  expect(json).toMatchObject({ defaultEnvironment: 'JPD920', defaultCachingOn: false, requiredCapabilityMissing: true });
});

test('whoever does not trust the private authority gets no connection', async () => {
  await using sim = await startJde(small);
  await expect(call({ baseUrl: sim.baseUrl, caPem: '' }, 'GET', '/v2/defaultconfig')).rejects.toThrow(/certificate/);
});

test('a token works with its device name only', async () => {
  await using sim = await startJde(small);
  const { headers, token } = await logOn(sim);
  const validate = (sent: Record<string, string>, body: object = {}): Promise<{ status: number; text: string }> =>
    call(sim, 'POST', '/v2/tokenrequest/validate', { body, headers: sent });
  expect(await validate(headers)).toMatchObject({ status: 200, text: '{"isValidSession":true}' });
  expect((await validate({}, { token, deviceName: 'erp-agent-01' })).status).toBe(200);
  expect(await validate({ ...headers, 'jde-AIS-Auth-Device': 'other' })).toMatchObject({
    status: 444,
    text: '{"message":"Invalid Token","exception":"Exception","timeStamp":"2025-03-04T15:11:12.000+0000"}',
  });
});

test('a token asked for without a device name works from that address only', async () => {
  await using sim = await startJde({ ...small, isPlainHttp: true });
  const { json } = await call(sim, 'POST', '/v2/tokenrequest', { body: logonBody(sim, { deviceName: '' }) });
  const { token } = json['userInfo'] as { token: string };
  const browse = (localAddress: string): Promise<{ status: number }> =>
    call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers: { 'jde-AIS-Auth': token }, localAddress });
  expect((await browse('127.0.0.1')).status).toBe(200);
  expect((await browse('127.0.0.2')).status).toBe(444);
});

test('a token dies after its idle time, and each use starts that anew', async () => {
  await using sim = await startJde(small);
  const { headers } = await logOn(sim);
  const use = async (): Promise<number> => (await call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers })).status;
  sim.clock.advance(25 * 60_000);
  expect(await use()).toBe(200);
  sim.clock.advance(25 * 60_000);
  expect(await use()).toBe(200);
  sim.clock.advance(31 * 60_000);
  expect(await use()).toBe(444);
  expect(sim.sessions()).toEqual([]);
});

test('a logout ends the session, and the server knows of none', async () => {
  await using sim = await startJde(small);
  const { headers } = await logOn(sim);
  expect(sim.sessions()).toMatchObject([{ user: 'CONNSVC', device: 'erp-agent-01' }]);
  expect((await call(sim, 'POST', '/tokenrequest/logout', { headers })).status).toBe(200);
  expect(sim.sessions()).toEqual([]);
  expect(sim.logons()).toEqual({ logons: 1, refused: 0, logouts: 1 });
  expect((await call(sim, 'POST', '/v2/tokenrequest/logout', { headers })).status).toBe(444);
});

test('three wrong passwords in a row lock the user, who then gets in with no password', async () => {
  await using sim = await startJde(small);
  const attempt = (password: string): Promise<{ status: number; text: string }> =>
    call(sim, 'POST', '/v2/tokenrequest', { body: logonBody(sim, { password }) });
  expect((await attempt('wrong')).status).toBe(403);
  expect((await attempt('wrong')).status).toBe(403);
  expect((await attempt(sim.credentials.password)).status).toBe(200);
  for (let time = 0; time < 3; time++) expect((await attempt('wrong')).status).toBe(403);
  const locked = await attempt(sim.credentials.password);
  expect([locked.status, locked.text]).toEqual([403, expect.stringContaining('locked out')]);
  sim.unlockUser();
  expect((await attempt(sim.credentials.password)).status).toBe(200);
});

test.each([
  ['another environment', { environment: 'JPY920' }, {}, 403],
  ['a role the user has not', { role: 'ADMIN' }, {}, 403],
  ['no allowed host', {}, { isAllowedHost: false }, 405],
  ['too many sessions', {}, { maxSessions: 0 }, 500],
])('%s is refused at the logon', async (_what, body, site, status) => {
  await using sim = await startJde({ ...small, site });
  expect((await call(sim, 'POST', '/v2/tokenrequest', { body: logonBody(sim, body) })).status).toBe(status);
});

test('credentials with each request open a session and close it again', async () => {
  await using sim = await startJde(small);
  const { user, password } = sim.credentials;
  const Authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const withBasic = (): Promise<{ status: number }> =>
    call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers: { Authorization } });
  expect((await withBasic()).status).toBe(200);
  expect((await call(sim, 'POST', '/dataservice', { body: browseOf('F0010', { username: user, password }) })).status).toBe(200);
  expect([sim.sessions().length, sim.logons().logons]).toEqual([0, 2]);
  sim.site.allowsBasic = false;
  expect((await withBasic()).status).toBe(403);
});

test.each([[444], [500]] as const)('a token may outlive its session on the HTML server: %i until the next logon', async (status) => {
  await using sim = await startJde({ ...small, site: { deadHtmlSessionStatus: status } });
  const { headers } = await logOn(sim);
  sim.expireHtmlSessions();
  expect((await call(sim, 'POST', '/v2/tokenrequest/validate', { body: {}, headers })).status).toBe(200);
  expect((await call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers })).status).toBe(status);
  const again = await logOn(sim);
  expect((await call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers: again.headers })).status).toBe(200);
});

test('a restart kills tokens; while it starts, everything answers 503', async () => {
  await using sim = await startJde(small);
  const { headers } = await logOn(sim);
  sim.takeDown();
  expect((await call(sim, 'GET', '/v2/defaultconfig')).status).toBe(503);
  expect((await call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers })).status).toBe(503);
  sim.bringUp();
  expect((await call(sim, 'POST', '/v2/dataservice', { body: browseOf('F0010'), headers })).status).toBe(444);
});

test.each([
  ['no JSON', { rawBody: '{"targetName":', headers: {} }, 400],
  ['a form', { rawBody: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 415],
])('%s is refused', async (_what, { rawBody, headers }, status) => {
  await using sim = await startJde(small);
  expect((await call(sim, 'POST', '/v2/dataservice', { rawBody, headers })).status).toBe(status);
});
