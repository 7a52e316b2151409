import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  sealFor,
  sealingJwk,
  type CapabilitiesAnswer,
  type DoctorAnswer,
  type DoctorFinding,
  type OperationName,
  type TableChunk,
} from '@ml-connector/shared';
import { buildStandIn } from '../sandbox/nwrfc-standin/index.ts';
import { defaultUser, startSapSystem, type SapSystem } from '../sandbox/sap/index.ts';
import { newFolder, startRelay, type TestRelay } from './tunnel-pair.ts';

/** The agent as a process: enrolled, configured and asked as in the field, with the relay's own gateway and the simulated SAP. */
let opened: AsyncDisposableStack;
let relay: TestRelay;
let sap: SapSystem;
let folder: string;
let agent: ChildProcess;
let agentId: string;
const main = path.resolve(import.meta.dirname, '../../agent/src/main.ts');

function start(args: string[], input?: string): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS: '', AGENT_DATA_DIR: folder, AGENT_CONFIG: '', AGENT_SERVICE: '' };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  return child;
}

function end(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

function writeSettings(sdkHome: string, policy: string): void {
  const { ashost, sysnr, client } = sap.connectionParameters;
  const system = { type: 'sap-ecc', ashost, sysnr, client, user: defaultUser.name, sdkHome };
  writeFileSync(path.join(folder, 'agent.yaml'), `systems:\n  PRD: ${JSON.stringify(system)}\npolicy:\n  PRD:\n${policy}`);
}

const vendorsOnly = '    presets: [sap-vendors-to-cin7-suppliers]\n';
let sdkHome = '';

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  sdkHome = await buildStandIn();
  relay = opened.use(await startRelay());
  sap = opened.use(await startSapSystem({ vendors: 25 }));
  folder = newFolder(opened);
  writeSettings(sdkHome, vendorsOnly);
  const enrolled = await end(start(['enroll', '--token-file', '-', '--name', 'Werk Süd'], await relay.token()));
  expect(enrolled).toMatchObject({ code: 0, err: '' });
  expect(await enrolmentAsDoctorSeesIt()).toMatchObject({ result: 'ok', detail: expect.stringContaining('takes this agent') as string });
  agent = start(['run']);
  opened.defer(() => void agent.kill('SIGKILL'));
  agentId = (await relay.event('tunnelUp', ({ session }) => session.systems.includes('PRD'))).session.agentId;
}, 60_000);
afterAll(() => opened.disposeAsync());

/** While no agent runs, the doctor proves the enrolment by itself. */
async function enrolmentAsDoctorSeesIt(): Promise<DoctorFinding | undefined> {
  const { out } = await end(start(['doctor', '--json']));
  return (JSON.parse(out) as DoctorAnswer).findings.find(({ check }) => check === 'enrolment');
}

const call = <Answer>(operation: OperationName, request: object): Promise<Answer> =>
  relay.gateway.call<Answer>(relay.target, operation, request, { context: { recordId: 'rec-7' } });

async function stream<Chunk>(operation: OperationName, request: object): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of relay.gateway.stream<Chunk, unknown>(relay.target, operation, request, { context: { recordId: 'rec-7' } }))
    chunks.push(chunk);
  return chunks;
}

const vendors = (fields: string[]): Promise<TableChunk[]> => stream<TableChunk>('SapTableRead', { system: 'PRD', table: 'LFA1', fields });

async function sendPassword(password: string): Promise<void> {
  const record = await relay.directory.find(agentId);
  const sealed = await sealFor(sealingJwk(record?.sealingKey ?? new Uint8Array()), password, { agentId, system: 'PRD' });
  await call('StoreCredential', { system: 'PRD', sealed });
}

test('passwords sealed at the relay: none, a wrong one tried once, then the right one', async () => {
  await expect(vendors(['LIFNR'])).rejects.toMatchObject({ code: 'SAP_CREDENTIAL_MISSING', verdict: 'halt' });
  await sendPassword('wrong');
  for (const _try of [1, 2, 3]) await expect(vendors(['LIFNR'])).rejects.toMatchObject({ code: 'SAP_LOGON_REFUSED', verdict: 'halt' });
  await sendPassword(defaultUser.password);
  const rows = (await vendors(['LIFNR', 'NAME1'])).flatMap((chunk) => chunk.rows);
  expect(rows).toHaveLength(25);
});

test('a denied call names the missing rule, and a saved agent.yaml allows it from the next call on', async () => {
  const denied = vendors(['LIFNR', 'KONZS']);
  await expect(denied).rejects.toMatchObject({
    code: 'POLICY_DENIED',
    verdict: 'refused',
    fix: expect.stringMatching(/LFA1:\n\s+- KONZS/) as string,
  });
  writeSettings(sdkHome, `${vendorsOnly}    tables: { LFA1: [KONZS] }\n`);
  expect(await end(start(['policy', 'reload']))).toMatchObject({ code: 0 });
  expect((await vendors(['LIFNR', 'KONZS'])).flatMap((chunk) => chunk.rows)).toHaveLength(25);
});

test('every call is in the audit of the agent, with names and without values', async () => {
  await vendors(['LIFNR', 'NAME1']);
  const [file = ''] = readdirSync(path.join(folder, 'audit'));
  const text = readFileSync(path.join(folder, 'audit', file), 'utf8');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries).toContainEqual(
    expect.objectContaining({
      recordId: 'rec-7',
      operation: 'SapTableRead',
      system: 'PRD',
      tables: { LFA1: ['LIFNR', 'NAME1'] },
      decision: 'allowed',
      outcome: 'ok',
      rows: 25,
    }),
  );
  expect(entries).toContainEqual(expect.objectContaining({ decision: 'denied', outcome: 'refused', rule: 'missing: field LFA1.KONZS' }));
  expect(text).not.toMatch(/wrong|Nordwerk/);
});

test('the doctor finds everything in order, asked by the relay and on the machine', async () => {
  const { findings } = await call<DoctorAnswer>('Doctor', {});
  const troubles = findings.filter(({ result }) => result !== 'ok');
  expect(troubles).toEqual([
    expect.objectContaining({ check: 'sap.functions:PRD', result: 'warning', detail: 'this system has no BAPI_VENDOR_GETLIST' }),
  ]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['relay.tls', 'relay.clock', 'enrolment', 'sap.logon:PRD', 'sap.tables:PRD']),
  );
  const here = await end(start(['doctor']));
  expect(here).toMatchObject({ code: 0, err: '' });
  expect(here.out).toContain('tables readable with RFC_READ_TABLE');
});

test('the log level changes without restart, and the tail is filtered by record', async () => {
  await call('SetLogLevel', { level: 'debug' });
  await vendors(['LIFNR']);
  const lines = await stream<Record<string, unknown>>('LogTail', { lines: 5, recordId: 'rec-7', level: 'debug' });
  expect(lines.at(-1)).toMatchObject({ level: 'debug', recordId: 'rec-7', operation: 'SapTableRead', rows: 25, msg: 'call answered' });
  const printed = await end(start(['logs', '--json', '--record', 'rec-7', '-n', '1000']));
  expect(printed.out).toContain('"operation":"SapTableRead"');
  expect(printed.out).not.toMatch(/Nordwerk/);
});

test('capabilities and captured metadata say what this system is', async () => {
  const answer = await call<CapabilitiesAnswer>('Capabilities', {});
  expect(answer.systems).toMatchObject([{ name: 'PRD', type: 'sap-ecc', details: { state: 'running' } }]);
  expect(answer.operations).toContain('SapTableRead');
  const captured = await end(start(['capture-metadata', '--system', 'PRD', '--table', 'TCURX', '--function', 'STFC_CONNECTION']));
  expect(captured).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(captured.out)).toMatchObject({
    system: { sysId: 'ECC' },
    tables: { TCURX: { fields: expect.any(Array) as unknown } },
    functions: { STFC_CONNECTION: { parameters: expect.any(Array) as unknown } },
  });
});

test('a revoked agent ends with the code that keeps the service from starting it again', async () => {
  const ended = end(agent);
  await relay.gateway.revoke(agentId);
  expect(await ended).toMatchObject({ code: 78, err: expect.stringContaining('REVOKED') as string });
  expect(await enrolmentAsDoctorSeesIt()).toMatchObject({ result: 'failed', detail: expect.stringContaining('REVOKED') as string });
});
