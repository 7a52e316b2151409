import { forgetLogonRefusal } from '../logon-guard.ts';
import { openJdeBench, query, recordsOf, testCall, type JdeBench } from './testing/jde-bench.ts';

let bench: JdeBench;
beforeEach(async () => {
  bench = await openJdeBench({ isPlainHttp: true });
});
afterEach(() => bench[Symbol.asyncDispose]());

const suppliers = query('F0101', 'AN8 ALPH', { maxRows: 5 });
const read = (system = bench.system) => system.query(suppliers, testCall());

test('calls at the same time share one login and its token', async () => {
  await Promise.all([read(), read(), read(), bench.system.describe(testCall())]);
  expect(bench.jde.logons()).toEqual({ logons: 1, refused: 0, logouts: 0 });
  expect(bench.system.info()).toMatchObject({ state: 'running', problem: undefined });
});

test('closing logs out, so that no session is left at the HTML server', async () => {
  await read();
  await bench.system[Symbol.asyncDispose]();
  expect(bench.jde.sessions()).toEqual([]);
  await expect(read()).rejects.toMatchObject({ code: 'JDE_STOPPED', verdict: 'retry' });
});

test('closing during a login leaves no session either', async () => {
  bench.jde.faults.add({ kind: 'slow', path: '/tokenrequest', ms: 100 });
  const done = read().catch((error: unknown) => error);
  await bench.system[Symbol.asyncDispose]();
  await expect(done).resolves.toMatchObject({ verdict: 'retry' });
  expect(bench.jde.sessions()).toEqual([]);
});

test('a token that expired is renewed once, for all calls that met it', async () => {
  await read();
  bench.jde.expireTokens();
  await Promise.all([read(), read(), read()]);
  expect(bench.jde.logons().logons).toBe(2);
});

test('a read goes on where its token expired in the middle, or the server was started anew', async () => {
  const system = bench.openAgain({ pageSize: 10 });
  const call = testCall();
  let answers = 0;
  const done = system.query(query('F0101', 'AN8 ALPH'), call);
  await bench.jde.until(() => ++answers >= 3);
  bench.jde.restart();
  await done;
  expect(recordsOf(call).map(({ AN8 }) => Number(AN8))).toEqual(bench.jde.database.table('F0101').rows.map(({ AN8 }) => Number(AN8)));
});

test('a token that is refused again and again is no endless story', async () => {
  await read();
  bench.jde.faults.add({ kind: 'invalidToken', path: '/dataservice', times: 50 });
  await expect(read()).rejects.toMatchObject({ code: 'JDE_SESSION_LOST', verdict: 'retry' });
  expect(bench.jde.logons().logons).toBe(2);
});

test('a table that is forbidden costs one login, and is refused with what to do', async () => {
  await read();
  bench.jde.site.deniedTables = ['F0401'];
  await expect(bench.system.query(query('F0401', 'AN8'), testCall())).rejects.toMatchObject({
    code: 'JDE_NOT_AUTHORIZED',
    verdict: 'refused',
    fix: expect.stringMatching(/F0401 in Security Workbench/) as unknown,
  });
  expect(bench.jde.logons()).toMatchObject({ logons: 2, refused: 0 });
  await expect(read()).resolves.toBeDefined();
});

test('a server that is away is waited for, and found again with a new login', async () => {
  await read();
  bench.jde.takeDown();
  await expect(read()).rejects.toMatchObject({ code: 'JDE_UNAVAILABLE', verdict: 'retry', retryAfterMs: 30_000 });
  expect(bench.system.info()).toMatchObject({ problem: { code: 'JDE_UNAVAILABLE' } });
  bench.jde.bringUp();
  await expect(read()).resolves.toBeDefined();
  expect(bench.system.info()).toMatchObject({ state: 'running', problem: undefined });
});

describe('a wrong password', () => {
  const refused = { code: 'JDE_LOGON_REFUSED', verdict: 'halt' };
  beforeEach(() => {
    bench.password.now = 'Sommer2024';
  });

  test('is sent once, however many calls there are, and not again after a restart of the agent', async () => {
    await Promise.all([1, 2, 3].map(() => expect(read()).rejects.toMatchObject(refused)));
    await expect(read()).rejects.toMatchObject({ ...refused, fix: expect.stringMatching(/credentials set JPD/) as unknown });
    await expect(read(bench.openAgain())).rejects.toMatchObject(refused);
    expect(bench.jde.logons()).toEqual({ logons: 0, refused: 1, logouts: 0 });
    expect(bench.system.info()).toMatchObject({ state: 'halted', problem: refused });
  });

  test('that is corrected is tried', async () => {
    await expect(read()).rejects.toMatchObject(refused);
    bench.password.now = bench.jde.site.user.password;
    await expect(read()).resolves.toBeDefined();
    expect(bench.system.info()).toMatchObject({ state: 'running', problem: undefined });
  });

  test('that was right all along is tried after it was entered again', async () => {
    bench.password.now = bench.jde.site.user.password;
    bench.jde.lockUser();
    await expect(read()).rejects.toMatchObject(refused);
    bench.jde.unlockUser();
    await expect(read()).rejects.toMatchObject(refused);
    forgetLogonRefusal(bench.dataDir, 'JPD');
    await expect(read()).resolves.toBeDefined();
  });

  test('that was changed in JD Edwards while the agent was logged in costs one try', async () => {
    bench.password.now = bench.jde.site.user.password;
    await read();
    bench.jde.site.user.password = 'Winter2024';
    bench.jde.expireTokens();
    await Promise.all([1, 2, 3].map(() => expect(read()).rejects.toMatchObject(refused)));
    expect(bench.jde.logons()).toMatchObject({ logons: 1, refused: 1 });
  });

  test('shows in no error', async () => {
    bench.jde.site.user.password = 'x';
    const error = (await read().catch((thrown: unknown) => thrown)) as Error;
    const cause = error.cause as Error | undefined;
    expect(JSON.stringify([error, error.message, cause?.message])).not.toContain('Sommer2024');
  });
});

test('no password at all is said so, and nothing is sent', async () => {
  bench.password.now = undefined;
  await expect(read()).rejects.toMatchObject({ code: 'JDE_CREDENTIAL_MISSING', verdict: 'halt' });
  expect(bench.jde.calls()).toEqual({});
});

test('an AIS server that the HTML server does not list is told how to be listed, and asked again when it is', async () => {
  bench.jde.site.isAllowedHost = false;
  await expect(read()).rejects.toMatchObject({
    code: 'JDE_ALLOWED_HOSTS',
    verdict: 'halt',
    fix: expect.stringMatching(/Allowed Hosts/) as unknown,
  });
  bench.jde.site.isAllowedHost = true;
  await expect(read()).resolves.toBeDefined();
});

describe('with the password in every call', () => {
  test('reads go without a session of their own', async () => {
    const system = bench.openAgain({ loginMethod: 'basic' });
    const call = testCall();
    await system.query(suppliers, call);
    expect(recordsOf(call)).toHaveLength(5);
    await system.describe(testCall());
    await system[Symbol.asyncDispose]();
    expect(bench.jde.sessions()).toEqual([]);
  });

  test('a wrong password is sent once', async () => {
    bench.password.now = 'Sommer2024';
    const system = bench.openAgain({ loginMethod: 'basic' });
    for (let turn = 0; turn < 3; turn++) await expect(read(system)).rejects.toMatchObject({ code: 'JDE_LOGON_REFUSED' });
    expect(bench.jde.logons()).toMatchObject({ logons: 0, refused: 1 });
  });

  test('a password that was changed in JD Edwards is sent once, whatever is being read', async () => {
    const system = bench.openAgain({ loginMethod: 'basic' });
    await read(system);
    bench.jde.site.user.password = 'Winter2024';
    await Promise.all([1, 2, 3, 4].map(() => expect(read(system)).rejects.toMatchObject({ code: 'JDE_LOGON_REFUSED', verdict: 'halt' })));
    expect(bench.jde.logons().refused).toBe(1);
  });

  test('a table that is forbidden is refused, and the others go on', async () => {
    const system = bench.openAgain({ loginMethod: 'basic' });
    bench.jde.site.deniedTables = ['F0401'];
    await expect(system.query(query('F0401', 'AN8'), testCall())).rejects.toMatchObject({ code: 'JDE_NOT_AUTHORIZED' });
    await expect(read(system)).resolves.toBeDefined();
  });
});
