import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  sealFor,
  sealingJwk,
  type CapabilitiesAnswer,
  type DoctorAnswer,
  type JdeChunk,
  type JdeInfo,
  type OperationName,
} from '@ml-connector/shared';
import { startJde, type JdeSim } from '../sandbox/jde/index.ts';
import { newFolder, startRelay, type TestRelay } from './tunnel-pair.ts';

/** The agent as a process with a JD Edwards system and no SAP, asked by the relay's own gateway; AIS is the simulated one. */
let opened: AsyncDisposableStack;
let relay: TestRelay;
let jde: JdeSim;
let folder: string;
let agent: ChildProcess;
let agentId: string;
const main = path.resolve(import.meta.dirname, '../../agent/src/main.ts');

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function start(args: string[], input?: string): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS: '', AGENT_DATA_DIR: folder, AGENT_CONFIG: '', AGENT_SERVICE: '' };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  return child;
}

function end(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const cli = (...args: string[]): Promise<Ended> => end(start(args));

const presets = '    presets: [jde-suppliers-to-cin7-suppliers, jde-purchase-orders-to-cin7-purchases]\n';
function writeSettings(policy: string): void {
  const { user, environment, role } = jde.credentials;
  const system = { type: 'jde', baseUrl: jde.baseUrl, user, environment, role, caFile: path.join(folder, 'ca.pem') };
  writeFileSync(path.join(folder, 'agent.yaml'), `systems:\n  JDE: ${JSON.stringify(system)}\npolicy:\n  JDE:\n${policy}`);
}

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  relay = opened.use(await startRelay());
  jde = opened.use(await startJde({ seed: { suppliers: 40, orders: 20, accounts: 20 } }));
  folder = newFolder(opened);
  writeFileSync(path.join(folder, 'ca.pem'), jde.caPem);
  writeSettings(presets);
  const enrolled = await end(start(['enroll', '--token-file', '-', '--name', 'Werk Süd'], await relay.token()));
  expect(enrolled).toMatchObject({ code: 0, err: '' });
  agent = start(['run']);
  opened.defer(() => void agent.kill('SIGKILL'));
  agentId = (await relay.event('tunnelUp', ({ session }) => session.systems.includes('JDE'))).session.agentId;
}, 60_000);
afterAll(() => opened.disposeAsync());

const call = <Answer>(operation: OperationName, request: object): Promise<Answer> =>
  relay.gateway.call<Answer>(relay.target, operation, request, { context: { recordId: 'rec-7' } });

async function rowsOf(request: object): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  const chunks = relay.gateway.stream<JdeChunk, unknown>(
    relay.target,
    'JdeQuery',
    { system: 'JDE', ...request },
    { context: { recordId: 'rec-7' } },
  );
  for await (const chunk of chunks)
    rows.push(...chunk.rows.map((row) => Object.fromEntries(chunk.fields.map((field, at) => [field, row[at] ?? '']))));
  return rows;
}

const suppliers = (fields: string[]): Promise<Record<string, string>[]> => rowsOf({ table: 'F0401', fields, key: ['AN8'] });

async function sendPassword(password: string): Promise<void> {
  const record = await relay.directory.find(agentId);
  const sealed = await sealFor(sealingJwk(record?.sealingKey ?? new Uint8Array()), password, { agentId, system: 'JDE' });
  await call('StoreCredential', { system: 'JDE', sealed });
}

test('passwords sealed at the relay: none, a wrong one tried once, then the right one', async () => {
  await expect(suppliers(['AN8'])).rejects.toMatchObject({ verdict: 'halt' });
  await sendPassword('wrong');
  for (const _try of [1, 2, 3]) await expect(suppliers(['AN8'])).rejects.toMatchObject({ code: 'JDE_LOGON_REFUSED', verdict: 'halt' });
  expect(jde.logons()).toMatchObject({ logons: 0, refused: 1 });
  await sendPassword(jde.credentials.password);
  const read = await suppliers(['AN8', 'TRAP']);
  expect(read).toHaveLength(jde.database.table('F0401').rows.length);
  expect(jde.logons()).toMatchObject({ logons: 1, refused: 1 });
});

test('a password entered on the machine is tried again, and the agent need not be started anew', async () => {
  await sendPassword('wrong');
  jde.expireTokens();
  await expect(suppliers(['AN8'])).rejects.toMatchObject({ code: 'JDE_LOGON_REFUSED' });
  const stored = await end(start(['credentials', 'set', 'JDE', '--stdin'], `${jde.credentials.password}\n`));
  expect(stored).toMatchObject({ code: 0, out: 'the password of JDE is stored; the agent uses it from now on\n' });
  expect((await suppliers(['AN8'])).length).toBeGreaterThan(0);
});

test('what the policy does not list is denied with the lines that allow it, from the next call on', async () => {
  const dl01 = { table: 'F0006', fields: ['MCU', 'DL01'], key: ['MCU'] };
  await expect(rowsOf(dl01)).rejects.toMatchObject({
    code: 'POLICY_DENIED',
    verdict: 'refused',
    fix: expect.stringMatching(/JDE:\n {4}tables:\n {6}F0006:\n {8}- MCU\n {8}- DL01/) as string,
  });
  await expect(call('JdeCall', { system: 'JDE', service: 'orchestration', name: 'ML_Suppliers' })).rejects.toMatchObject({
    code: 'POLICY_DENIED',
    fix: expect.stringContaining('- ML_Suppliers') as string,
  });
  await expect(call('SapDescribe', { system: 'JDE', functions: ['RFC_PING'] })).rejects.toMatchObject({ code: 'POLICY_DENIED' });
  await expect(call('JdeCall', { system: 'PRD', service: 'info' })).rejects.toMatchObject({ code: 'SYSTEM_UNKNOWN' });

  writeSettings(`${presets}    tables: { F0101: [ALPH, AT1] }\n    rows: [{ table: F4311, field: KCOO, allow: ['00200'] }]\n`);
  expect(await cli('policy', 'reload')).toMatchObject({ code: 0 });
  const lines = { table: 'F4311', fields: ['DOCO', 'LNID', 'KCOO'], key: ['DOCO', 'LNID'] };
  await expect(rowsOf(lines)).rejects.toMatchObject({ code: 'POLICY_DENIED', message: expect.stringContaining('every KCOO') as string });
  const some = await rowsOf({ ...lines, where: [{ field: 'KCOO', op: 'EQ', value: '00200' }] });
  expect(new Set(some.map(({ KCOO }) => KCOO))).toEqual(new Set(['00200']));
});

test('who is logged on, and how many rows there are', async () => {
  expect(await call<JdeInfo>('JdeCall', { system: 'JDE', service: 'info' })).toMatchObject({
    user: jde.credentials.user,
    environment: 'JPD920',
    timeZoneOffset: expect.stringContaining('UTC') as string,
  });
  const counted = await call('JdeCall', { system: 'JDE', service: 'count', table: 'F0401' });
  expect(counted).toEqual({ count: jde.database.table('F0401').rows.length });
});

test('an orchestration runs by its name, a filter by text finds what is there', async () => {
  const values = { table: 'F0101', fields: ['AN8', 'ALPH'], key: ['AN8'] };
  expect(await rowsOf({ ...values, where: [{ field: 'ALPH', op: 'EQ', value: "Müller & O'Brien" }] })).toEqual([]);
  writeSettings(`${presets}    orchestrations: [ORCH_Accounts]\n`);
  expect(await cli('policy', 'reload')).toMatchObject({ code: 0 });
  const output = await call('JdeCall', { system: 'JDE', service: 'orchestration', name: 'ORCH_Accounts', inputs: { Company: '00200' } });
  expect(output).toMatchObject({ Accounts: expect.any(Array) as unknown });
});

test('the doctor finds everything in order, asked by the relay and on the machine', async () => {
  const { findings } = await call<DoctorAnswer>('Doctor', {});
  expect(findings.filter(({ result }) => result === 'failed' || result === 'skipped')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['config', 'jde.reach:JDE', 'jde.tls:JDE', 'jde.login:JDE', 'jde.environment:JDE', 'jde.tables:JDE']),
  );
  const here = await cli('doctor', '--system', 'JDE');
  expect(here).toMatchObject({ code: 0, err: '' });
  expect(here.out).toContain('tables readable');
});

test('capabilities and status say what this system is', async () => {
  const answer = await call<CapabilitiesAnswer>('Capabilities', {});
  expect(answer.systems).toMatchObject([{ name: 'JDE', type: 'jde', details: { state: 'running', environment: 'JPD920' } }]);
  expect(answer.operations).toEqual(expect.arrayContaining(['JdeQuery', 'JdeCall', 'SapTableRead']));
  expect((await cli('status')).out).toMatch(/system {4}JDE {2}running/);
  expect(await cli('capture-metadata', '--system', 'JDE')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no SAP system') as string,
  });
});

test('a stopped agent has logged off, and all it ever asked of JD Edwards was reading', async () => {
  const ended = end(agent);
  agent.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  expect(jde.sessions()).toEqual([]);
  const asked = new Set(jde.log().map(({ method, path: at }) => `${method} ${at}`));
  expect(
    [...asked].filter(
      (one) => !/ \/v2\/(defaultconfig|tokenrequest(\/logout|\/validate)?|dataservice)$| \/v3\/orchestrator\/ORCH_Accounts$/.test(one),
    ),
  ).toEqual([]);
});

test('every call was written to the audit of the agent, with names and without values', () => {
  const [file = ''] = readdirSync(path.join(folder, 'audit'));
  const text = readFileSync(path.join(folder, 'audit', file), 'utf8');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries).toContainEqual(
    expect.objectContaining({
      recordId: 'rec-7',
      operation: 'JdeQuery',
      system: 'JDE',
      tables: { F0101: ['AN8', 'ALPH'] },
      decision: 'allowed',
      outcome: 'ok',
      rows: 0,
    }),
  );
  expect(entries).toContainEqual(expect.objectContaining({ operation: 'JdeCall', orchestration: 'ML_Suppliers', decision: 'denied' }));
  expect(entries).toContainEqual(expect.objectContaining({ orchestration: 'ORCH_Accounts', decision: 'allowed', rule: 'orchestrations' }));
  expect(entries).toContainEqual(expect.objectContaining({ operation: 'JdeCall', tables: { F0401: [] }, decision: 'allowed' }));
  expect(entries).toContainEqual(expect.objectContaining({ decision: 'denied', rule: 'missing: table F0006' }));
  expect(text).not.toMatch(/wrong|Brien|00200/);
  expect(text).not.toContain(jde.credentials.password);
});
