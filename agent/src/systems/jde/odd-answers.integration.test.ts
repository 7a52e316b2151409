import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type Clock } from '@ml-connector/shared';
import { openJdeSystem, type JdeSystem } from './jde-system.ts';
import { jdeSystemConfig } from './settings.ts';
import { query, recordsOf, testCall } from './testing/jde-bench.ts';
import { gridAnswer, loginAnswer, startStubAis, stubToken, type StubAis, type StubAnswer, type StubCall } from './testing/stub-ais.ts';

let stub: StubAis;
let dataDir: string;
let system: JdeSystem;
let nowMs: number;
const clock: Clock = { ...systemClock, now: () => nowMs };
beforeEach(async () => {
  stub = await startStubAis();
  dataDir = mkdtempSync(path.join(tmpdir(), 'jde-odd-'));
  nowMs = Date.now();
  system = open();
});
afterEach(async () => {
  await system[Symbol.asyncDispose]();
  await stub[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const password = 'Größe+/=1';
function open(more: Record<string, unknown> = {}): JdeSystem {
  return openJdeSystem({
    name: 'JPD',
    settings: jdeSystemConfig.parse({
      type: 'jde',
      baseUrl: stub.baseUrl,
      user: 'CONNSVC',
      environment: 'JPD920',
      deviceName: 'erp-01',
      ...more,
    }),
    credential: () => Promise.resolve(password),
    dataDir,
    clock,
    log: silentLog,
  });
}

/** The usual answers, and this one from the data service. */
function answerData(answer: StubAnswer | ((call: StubCall, number: number) => StubAnswer)): void {
  let number = 0;
  stub.script = (call) => {
    if (call.path !== 'v2/dataservice') return undefined;
    return typeof answer === 'function' ? answer(call, number++) : answer;
  };
}
const suppliers = query('F0101', 'AN8 ALPH');
const rows = [{ AN8: 4343, ALPH: 'Ünal Gıda A.Ş.' }];
const dataCalls = (): StubCall[] => stub.calls.filter(({ path: to }) => to === 'v2/dataservice');

test('paths stand behind whatever the customer’s address has, and the token goes by header only', async () => {
  answerData({ body: gridAnswer('F0101', rows) });
  const call = testCall();
  await system.query(suppliers, call);
  expect(recordsOf(call)).toEqual([{ AN8: '4343', ALPH: 'Ünal Gıda A.Ş.' }]);
  expect(stub.calls.map((one) => one.path)).toEqual(['v2/tokenrequest', 'v2/dataservice']);
  expect(stub.calls[0]?.body).toEqual({ username: 'CONNSVC', password, deviceName: 'erp-01', environment: 'JPD920', role: '*ALL' });
  expect(stub.calls[1]?.headers).toMatchObject({
    'jde-ais-auth': stubToken,
    'jde-ais-auth-device': 'erp-01',
    'content-type': 'application/json',
  });
  expect(JSON.stringify(stub.calls[1]?.body)).not.toContain(stubToken);
});

test('an address without a slash at its end is the same', async () => {
  const other = open({ baseUrl: stub.baseUrl.replace(/\/$/, '') });
  await expect(other.describe(testCall())).resolves.toMatchObject({ aisVersion: 'EnterpriseOne 9.2.8.3', decimalFormat: ',' });
  await other[Symbol.asyncDispose]();
});

test('the key of the next page has the user’s decimal point, and its own digits', async () => {
  answerData((_call, number) => ({ body: gridAnswer('F0101', [{ AN8: 10.5 + number, ALPH: 'x' }], { hasMore: number === 0 }) }));
  await system.query(suppliers, testCall());
  expect(dataCalls()[1]?.body['query']).toMatchObject({
    condition: [{ controlId: 'F0101.AN8', operator: 'GREATER', value: [{ content: '10,5', specialValueId: 'LITERAL' }] }],
  });
});

test('a redirect is not followed, above all not with a password', async () => {
  stub.script = () => ({ status: 302, headers: { location: `${stub.baseUrl}elsewhere` } });
  await expect(system.query(suppliers, testCall())).rejects.toMatchObject({ code: 'JDE_REDIRECTED', verdict: 'halt' });
  expect(stub.calls.map((one) => one.path)).toEqual(['v2/tokenrequest']);
});

test('no error holds the token or the password, though AIS repeats both', async () => {
  const href = `http://ais/jderest/v2/dataservice/next?token=${encodeURIComponent(stubToken)}`;
  const message = `Invalid query of {"password":"${password}","token":"${stubToken}"} see ${href}`;
  answerData({ status: 500, body: { message, exception: 'Exception' } });
  const error = (await system.query(suppliers, testCall()).catch((thrown: unknown) => thrown)) as Error & { facts: unknown };
  const told = JSON.stringify([error.message, error.facts, error]);
  expect(told).toContain('[secret]');
  expect(told).not.toMatch(/Größe|044Z|MDE5/);
});

test('a login that is answered without a token is no login, and is tried again', async () => {
  stub.script = ({ path: to }) => (to === 'v2/tokenrequest' ? { body: { username: 'CONNSVC' } } : undefined);
  await expect(system.query(suppliers, testCall())).rejects.toMatchObject({ code: 'JDE_ANSWER_UNREADABLE', verdict: 'retry' });
  answerData({ body: gridAnswer('F0101', rows) });
  await expect(system.query(suppliers, testCall())).resolves.toMatchObject({ rows: 1 });
});

test('an expired result is asked for again without the relay noticing', async () => {
  const TITLE = 'JAS_MSG347: The query results expired.';
  answerData((_call, number) =>
    number === 0 ? { status: 500, body: { sysErrors: [{ TITLE, DESC: TITLE }] } } : { body: gridAnswer('F0101', rows) },
  );
  await expect(system.query(suppliers, testCall())).resolves.toEqual({ rows: 1, calls: 2 });
});

test('a server that fails is logged in to anew, once its session is not fresh any more', async () => {
  answerData({ status: 500, body: { message: 'java.lang.NullPointerException' } });
  const logins = (): number => stub.calls.filter(({ path: to }) => to === 'v2/tokenrequest').length;
  const fail = () =>
    expect(system.query(suppliers, testCall({ deadline: nowMs + 20_000 }))).rejects.toMatchObject({ code: 'JDE_SERVER_ERROR' });
  await fail();
  await fail();
  expect(logins()).toBe(1);
  nowMs += 61_000;
  await fail();
  await fail();
  expect(logins()).toBe(2);
  expect(stub.calls.filter(({ path: to }) => to === 'v2/tokenrequest/logout')).toHaveLength(1);
});

test('members that nobody knows, and an address number that is a text, do no harm', async () => {
  stub.script = ({ path: to }) =>
    to === 'v2/tokenrequest' ? { body: { ...loginAnswer({ addressNumber: '1', country: ' ' }), fromTheFuture: {} } } : undefined;
  await expect(system.describe(testCall())).resolves.toMatchObject({ user: 'CONNSVC', timeZoneOffset: 'UTC+01:00' });
});

test('something else that answers at the address is not taken for AIS', async () => {
  stub.script = ({ path: to }) => (to === 'v2/defaultconfig' ? { body: { hello: 'world' } } : undefined);
  await expect(system.server(testCall())).rejects.toMatchObject({ code: 'JDE_WRONG_PATH', verdict: 'halt' });
});

test('nobody there is a matter of time', async () => {
  const away = open({ baseUrl: 'http://127.0.0.1:1/jderest' });
  await expect(away.query(suppliers, testCall())).rejects.toMatchObject({ code: 'JDE_UNREACHABLE', verdict: 'retry' });
  expect(away.info()).toMatchObject({ state: 'idle', problem: { code: 'JDE_UNREACHABLE' } });
  await away[Symbol.asyncDispose]();
});

test('a CA file that cannot be used says so at the first call, and nothing is sent', async () => {
  const file = path.join(dataDir, 'ca.pem');
  writeFileSync(file, 'no certificate');
  const other = open({ caFile: file });
  expect(other.info()).toMatchObject({ state: 'halted', problem: { code: 'JDE_CA_FILE' } });
  await expect(other.query(suppliers, testCall())).rejects.toMatchObject({ code: 'JDE_CA_FILE', verdict: 'halt' });
  expect(stub.calls).toEqual([]);
  await other[Symbol.asyncDispose]();
});

test('no more calls at once than agreed, whoever makes them', async () => {
  let [now, most] = [0, 0];
  let meet = (): void => undefined;
  const met = new Promise<void>((resolve) => (meet = resolve));
  stub.script = async ({ path: to }) => {
    if (to !== 'v2/dataservice') return undefined;
    most = Math.max(most, ++now);
    if (now === 2) meet();
    await met;
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return { body: gridAnswer('F0101', rows) };
  };
  await Promise.all(Array.from({ length: 12 }, () => system.query(suppliers, testCall())));
  expect(most).toBe(2);
});

describe('orchestrations', () => {
  const run = { system: 'JPD', name: 'ML_PurchaseOrders', inputs: { Days: '3' } };
  test('the output comes with numbers as text', async () => {
    stub.script = ({ path: to }) =>
      to.startsWith('v3/') ? { body: '{"Orders":[{"DOCO":4501,"AEXP":12.50}],"jde__status":"SUCCESS"}' } : undefined;
    await expect(system.orchestration(run, testCall())).resolves.toMatchObject({ Orders: [{ DOCO: '4501', AEXP: '12.50' }] });
    expect(stub.calls.at(-1)).toMatchObject({ path: 'v3/orchestrator/ML_PurchaseOrders', body: { Days: '3' } });
  });

  test.each<[string, StubAnswer, string]>([
    ['one that is not there', { status: 404, body: { message: 'not found' } }, 'JDE_ORCHESTRATION_MISSING'],
    ['one that failed', { body: { jde__status: 'ERROR' } }, 'JDE_ORCHESTRATION_FAILED'],
    [
      'one with an error in its middle',
      { status: 500, body: { message: { ServiceRequest1: { message: 'Record invalid' } } } },
      'JDE_SERVER_ERROR',
    ],
    ['one that answers XML', { body: '<?xml version="1.0"?><x/>', type: 'application/xml' }, 'JDE_ANSWER_UNREADABLE'],
  ])('%s', async (_what, answer, code) => {
    stub.script = ({ path: to }) => (to.startsWith('v3/') ? answer : undefined);
    await expect(system.orchestration(run, testCall())).rejects.toMatchObject({ code });
  });
});
