import { systemClock, type DoctorFinding } from '@ml-connector/shared';
import { runChecks } from '../../../checks/index.ts';
import { jdeSystemConfig } from '../settings.ts';
import { openJdeBench, type JdeBench } from '../testing/jde-bench.ts';
import { jdeChecks, type AllowedTables } from './index.ts';

let bench: JdeBench;
beforeAll(async () => {
  bench = await openJdeBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const suppliers: AllowedTables = new Map<string, readonly string[] | '*'>([
  ['F0101', ['AN8', 'ALPH', 'TAX', 'UPMJ']],
  ['F0401', ['AN8', 'TRAP']],
]);

async function findings(more: { tables?: AllowedTables; settings?: Record<string, unknown> } = {}): Promise<Record<string, DoctorFinding>> {
  const { user, environment, role } = bench.jde.credentials;
  const caFile = `${bench.dataDir}/ca.pem`;
  const settings = jdeSystemConfig.parse({ type: 'jde', baseUrl: bench.jde.baseUrl, user, environment, role, caFile, ...more.settings });
  const system = bench.openAgain(more.settings);
  const checks = jdeChecks({ system, settings, tables: more.tables ?? suppliers, clock: systemClock });
  const found = await runChecks(checks, systemClock);
  await system[Symbol.asyncDispose]();
  return Object.fromEntries(found.map((one) => [one.check.replace(/^jde\.|:JPD$/g, ''), one]));
}

test('where all is well every check says what it saw, and no session is left', async () => {
  const found = await findings();
  expect(Object.values(found).map(({ check, result }) => [check, result])).toEqual(
    ['reach', 'tls', 'server', 'cache', 'login', 'environment', 'time', 'tables'].map((name) => [`jde.${name}:JPD`, 'ok']),
  );
  expect(found['tls']?.detail).toMatch(/^TLSv1\.[23], certificate of/);
  expect(found['server']?.detail).toMatch(/^EnterpriseOne 9\.2\.8\.3, HTML server/);
  expect(found['login']?.detail).toBe('CONNSVC in JPD920 with role *ALL');
  expect(found['time']?.detail).toMatch(/UTC-05:00.*dd\/MM\/yyyy/);
  expect(found['tables']?.detail).toBe('2 tables readable: F0101, F0401');
  expect(bench.jde.sessions()).toEqual([]);
});

test.each<[string, () => void, () => void, RegExp]>([
  [
    'a column that security hides',
    () => bench.jde.site.hiddenColumns.push('F0101.TAX'),
    () => bench.jde.site.hiddenColumns.pop(),
    /F0101 comes without TAX/,
  ],
  [
    'a key that security hides',
    () => bench.jde.site.hiddenColumns.push('F0401.AN8'),
    () => bench.jde.site.hiddenColumns.pop(),
    /does not deliver AN8/,
  ],
  ['a table that is forbidden', () => bench.jde.site.deniedTables.push('F0401'), () => bench.jde.site.deniedTables.pop(), /reading F0401/],
])('%s is named, with where to give it', async (_what, arrange, undo, detail) => {
  arrange();
  const { tables } = await findings();
  undo();
  expect(tables).toMatchObject({
    result: 'failed',
    detail: expect.stringMatching(detail) as unknown,
    fix: expect.stringMatching(/P00950/) as unknown,
  });
});

test('a table without rows is a warning, as row security may hide them', async () => {
  bench.jde.site.hiddenRows = bench.jde.database
    .table('F0401')
    .rows.map(({ AN8 }) => ({ table: 'F0401', column: 'AN8', value: String(AN8) }));
  const { tables } = await findings();
  bench.jde.site.hiddenRows = [];
  expect(tables).toMatchObject({ result: 'warning', detail: expect.stringMatching(/no rows in F0401/) as unknown });
});

test('a table that does not exist and one without columns in the policy are told apart from the others', async () => {
  const tables = new Map<string, readonly string[] | '*'>([['F9999', ['AN8']], ['F0014', '*'], ['F0101', ['AN8']]]); // prettier-ignore
  const found = await findings({ tables });
  expect(found['tables']).toMatchObject({ result: 'failed', detail: expect.stringMatching(/F9999.*not tried.*F0014/) as unknown });
});

test('caching by default is a warning', async () => {
  bench.jde.site.defaultCachingOn = true;
  const { cache } = await findings();
  bench.jde.site.defaultCachingOn = false;
  expect(cache).toMatchObject({ result: 'warning', fix: expect.stringMatching(/Server Manager/) as unknown });
});

test('a certificate that nobody vouches for ends it there, before a password is sent', async () => {
  const before = bench.jde.logons();
  const found = await findings({ settings: { caFile: undefined } });
  expect(found['tls']).toMatchObject({ result: 'failed', fix: expect.stringMatching(/caFile/) as unknown });
  expect([found['server']?.result, found['login']?.result, found['tables']?.result]).toEqual(['skipped', 'skipped', 'skipped']);
  const system = bench.openAgain({ caFile: undefined });
  await expect(system.server({ deadline: Date.now() + 5000, signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'JDE_TLS',
    verdict: 'halt',
  });
  expect(bench.jde.logons()).toEqual(before);
});

test('a wrong password is tried once by all runs of the doctor together', async () => {
  bench.password.now = 'Sommer2024';
  const before = bench.jde.logons().refused;
  const [first, second] = [await findings(), await findings()];
  bench.password.now = bench.jde.site.user.password;
  expect(first['login']).toMatchObject({ result: 'failed', detail: expect.stringMatching(/JDE_LOGON_REFUSED/) as unknown });
  expect([second['login']?.result, second['tables']?.result]).toEqual(['failed', 'skipped']);
  expect(bench.jde.logons().refused).toBe(before + 1);
});

test('nothing at the port is found out first', async () => {
  const found = await findings({ settings: { baseUrl: 'http://127.0.0.1:1/jderest' } });
  expect(found['reach']?.result).toBe('failed');
  expect(found['server']?.result).toBe('skipped');
});
