import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLog, systemClock, type DoctorAnswer, type SapUnitAnswer, type SystemError } from '@ml-connector/shared';
import { openSapSession, sapEccSettings, type SapSession } from '../../relay/src/systems/sap-ecc/index.ts';
import type { Exchange } from '../../relay/src/systems/index.ts';
import { openLink, type CuttableLink } from '../landscape/cuttable-link.ts';
import { buildStandIn } from '../sandbox/nwrfc-standin/index.ts';
import { defaultUser, startSapSystem, type SapSystem } from '../sandbox/sap/index.ts';
import { newFolder, startRelay, type TestRelay } from './tunnel-pair.ts';
import { moment } from './scene.ts';

/** Writing to SAP from end to end: the relay's facade, the tunnel, the agent as a process, the real addon. Everything is broken at every step. */
let opened: AsyncDisposableStack;
let relay: TestRelay;
let link: CuttableLink;
let sap: SapSystem;
let session: SapSession;
let exchanges: Exchange[];
let folder: string;
let agent: ChildProcess;
let vendor: string;
let units = 0;
/** What the tests before this one committed. */
const everything: string[] = [];
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

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  const sdkHome = await buildStandIn();
  relay = opened.use(await startRelay());
  link = opened.use(await openLink({ host: '127.0.0.1', port: relay.gateway.port }));
  sap = opened.use(await startSapSystem({ vendors: 5, functions: { also: ['Z_VENDOR_CHANGE'] } }));
  vendor = sap.vendors.list()[0] ?? '';
  folder = newFolder(opened);
  const { ashost, sysnr, client } = sap.connectionParameters;
  const system = { type: 'sap-ecc', ashost, sysnr, client, user: defaultUser.name, sdkHome, maxConnections: 1 };
  const parameters = "[{ function: Z_VENDOR_CHANGE, parameter: FIELDNAME, allow: ['NAME2'] }]";
  const policy = `policy:\n  PRD:\n    writes: [Z_VENDOR_CHANGE]\n    functions: [RFC_PING_AND_WAIT]\n    parameters: ${parameters}\n`;
  writeFileSync(path.join(folder, 'agent.yaml'), `systems:\n  PRD: ${JSON.stringify(system)}\n${policy}`);
  expect(await end(start(['enroll', '--token-file', '-'], await relay.token({ port: link.port })))).toMatchObject({ code: 0 });
  expect(await end(start(['credentials', 'set', 'PRD', '--stdin'], defaultUser.password))).toMatchObject({ code: 0 });
  session = openSapSession({
    tenantId: relay.target.tenantId,
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: relay.target.siteId, agentSystem: 'PRD', callTimeoutSeconds: 20 }),
    clock: systemClock,
    log: silentLog,
    agents: relay.gateway,
  });
  await startAgent();
}, 60_000);
afterAll(() => opened.disposeAsync());
beforeEach(() => {
  sap.faults.clear();
  sap.counts.reset();
  everything.push(...sap.committed.splice(0));
  exchanges = [];
});

async function startAgent(): Promise<void> {
  const before = relay.events.filter(({ kind }) => kind === 'tunnelUp').length;
  agent = start(['run']);
  const child = agent;
  opened.defer(() => void child.kill('SIGKILL'));
  await until(() => relay.events.filter(({ kind }) => kind === 'tunnelUp').length > before);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
const began = (name: string): Promise<void> => until(() => sap.counts.calls[name] !== undefined);

interface Post {
  unitId: string;
  outcome: Promise<{ answer: SapUnitAnswer | undefined; error: SystemError | undefined }>;
}

function post(more: { withinMs?: number; unitId?: string } = {}): Post {
  const { unitId = `rec-${++units}.1`, withinMs = 15_000 } = more;
  const parameters = { VENDORNO: vendor, FIELDNAME: 'NAME2', VALUE: unitId };
  const scope = { signal: new AbortController().signal, context: { recordId: unitId }, trace: (one: Exchange) => void exchanges.push(one) };
  const outcome = session.unit({ unitId, withinMs, calls: [{ function: 'Z_VENDOR_CHANGE', parameters }] }, scope).then(
    (answer) => ({ answer, error: undefined }),
    (error: SystemError) => ({ answer: undefined, error }),
  );
  return { unitId, outcome };
}

const journal = async (
  ...args: string[]
): Promise<{ code: number | null; entries: { unitId: string; state: string; code?: string }[] }> => {
  const { code, out } = await end(start(['journal', '--json', ...args]));
  return { code, entries: JSON.parse(out) as [] };
};

/** What SAP holds of it: 0 or 1, never 2. */
const held = (unitId: string): number => sap.committed.filter((one) => one.endsWith(` ${unitId}`)).length;

test('a unit is posted once, traced call by call, audited, and answered again from the journal', async () => {
  const { unitId, outcome } = post();
  expect(await outcome).toMatchObject({ answer: { results: [{ RETURN: { TYPE: 'S' } }], unit: { ending: 'committed' } } });
  expect(await post({ unitId }).outcome).toMatchObject({ answer: { unit: { isReplayed: true } } });
  expect(held(unitId)).toBe(1);
  const told = exchanges.filter(({ what }) => what.includes('VENDOR') || what.includes('COMMIT') || what.includes('unit'));
  expect(told.slice(0, 3).map(({ what, status }) => [what, status])).toEqual([
    ['RFC Z_VENDOR_CHANGE', 'ok'],
    ['RFC BAPI_TRANSACTION_COMMIT', 'ok'],
    [`SAP unit ${unitId}`, 'committed'],
  ]);
  expect(JSON.stringify(exchanges)).not.toContain(defaultUser.password);
  const [file = ''] = readdirSync(path.join(folder, 'audit'));
  // Complete lines: the agent may be writing the next one.
  const audited = (): unknown[] => {
    const text = readFileSync(path.join(folder, 'audit', file), 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as unknown);
  };
  await moment('the audit to tell of the unit', () => Promise.resolve(JSON.stringify(audited()).includes('"ending":"committed"')));
  const steps = [
    { function: 'Z_VENDOR_CHANGE', outcome: 'ok' },
    { function: 'BAPI_TRANSACTION_COMMIT', outcome: 'ok' },
  ];
  expect(audited()).toContainEqual(
    expect.objectContaining({
      unitId,
      recordId: unitId,
      ending: 'committed',
      steps: steps.map((one) => expect.objectContaining(one) as unknown),
    }),
  );
});

test('a value that the policy does not list is refused before anything is sent', async () => {
  const parameters = { VENDORNO: vendor, FIELDNAME: 'STCD1', VALUE: 'DE123' };
  const scope = { signal: new AbortController().signal, context: {}, trace: () => undefined };
  const denied = session.unit({ unitId: 'denied.1', calls: [{ function: 'Z_VENDOR_CHANGE', parameters }] }, scope);
  await expect(denied).rejects.toMatchObject({ code: 'POLICY_DENIED', verdict: 'refused' });
  const commit = session.unit({ unitId: 'denied.2', calls: [{ function: 'BAPI_TRANSACTION_COMMIT', parameters: {} }] }, scope);
  await expect(commit).rejects.toMatchObject({ code: 'POLICY_DENIED', verdict: 'refused' });
  expect(sap.counts.calls['Z_VENDOR_CHANGE']).toBeUndefined();
});

test.each([
  ['while the unit waits for a connection', 'RFC_PING_AND_WAIT', undefined, 'committed', 1],
  ['during the call', 'Z_VENDOR_CHANGE', 'before', 'UNIT_INTERRUPTED', 0],
  ['during the call, after it took effect', 'Z_VENDOR_CHANGE', 'after', 'UNIT_INTERRUPTED', 0],
  ['during the commit, before it took effect', 'BAPI_TRANSACTION_COMMIT', 'before', 'UNIT_INTERRUPTED_IN_COMMIT', 0],
  ['during the commit, after it took effect', 'BAPI_TRANSACTION_COMMIT', 'after', 'UNIT_INTERRUPTED_IN_COMMIT', 1],
] as const)('the agent is killed %s', async (_what, name, when, expected, count) => {
  if (when) sap.faults.add({ kind: 'slow', when, ms: 20_000, function: name, times: 1 });
  // The only connection is taken.
  else void relay.gateway.call(relay.target, 'SapUnit', waiting).catch(() => undefined);
  if (!when) await began(name);
  const { unitId, outcome } = post();
  if (when) await began(name);
  else await until(() => relay.gateway.sessions().some(({ pending }) => pending >= 2));
  if (when === 'after' && name === 'BAPI_TRANSACTION_COMMIT') await until(() => held(unitId) === 1);
  agent.kill('SIGKILL');
  await end(agent);
  const wasOpen = await journal();
  const { out } = await end(start(['doctor', '--json']));
  const finding = (JSON.parse(out) as DoctorAnswer).findings.find(({ check }) => check === 'journal');
  expect([wasOpen.code, finding?.result]).toEqual(when ? [1, 'warning'] : [0, 'ok']);
  if (when) expect(wasOpen.entries).toMatchObject([{ unitId, state: 'interrupted' }]);
  await startAgent();
  const { answer, error } = await outcome;
  expect(error?.code ?? answer?.unit?.ending).toBe(expected);
  if (error) expect(error.verdict).toBe('uncertain');
  expect(await post({ unitId }).outcome).toMatchObject(error ? { error: { code: expected } } : { answer: { unit: { isReplayed: true } } });
  expect(held(unitId)).toBe(count);
  expect(await journal()).toEqual({ code: 0, entries: [] });
  await until(() => sap.locks.list().length === 0);
}, 30_000); // prettier-ignore

const waiting = { system: 'PRD', commit: 'never', calls: [{ function: 'RFC_PING_AND_WAIT', parameters: { SECONDS: 3 } }] };

test.each([
  ['during the call: it is rolled back, and the relay hears so', 'Z_VENDOR_CHANGE', { error: { code: 'UNIT_CANCELLED', verdict: 'retry' } }, 0],
  ['during the commit: it is finished, and the relay hears so', 'BAPI_TRANSACTION_COMMIT', { answer: { unit: { ending: 'committed' } } }, 1],
] as const)('the tunnel is cut %s', async (_what, name, expected, count) => {
  sap.faults.add({ kind: 'slow', ms: 500, function: name, times: 1 });
  const { unitId, outcome } = post();
  await began(name);
  link.cut();
  link.mend();
  expect(await outcome).toMatchObject(expected);
  expect(held(unitId)).toBe(count);
  expect(exchanges.find(({ what }) => what === `SAP unit ${unitId}`)).toMatchObject({ status: 'TUNNEL_LOST' });
  expect(await journal()).toMatchObject({ code: 0 });
}, 20_000); // prettier-ignore

test('an agent that is told to stop rolls back nothing that it can finish', async () => {
  sap.faults.add({ kind: 'slow', ms: 500, function: 'Z_VENDOR_CHANGE', times: 1 });
  const { unitId, outcome } = post();
  await began('Z_VENDOR_CHANGE');
  const ended = end(agent);
  agent.kill('SIGTERM');
  expect(await outcome).toMatchObject({ answer: { unit: { ending: 'committed' } } });
  expect((await ended).code).toBe(0);
  expect(held(unitId)).toBe(1);
  await startAgent();
}, 20_000);

/** No file of the agent may grow beyond what the journal has now: a full disk, for the journal alone. */
function fillDisk(): void {
  const bytes = statSync(path.join(folder, 'units.db-wal')).size;
  execFileSync('prlimit', ['--pid', String(agent.pid), `--fsize=${bytes}:`]);
}
function emptyDisk(): void {
  execFileSync('prlimit', ['--pid', String(agent.pid), '--fsize=unlimited:']);
}

describe('the disk is full', () => {
  beforeEach(async () => {
    expect(await post().outcome).toMatchObject({ answer: {} }); // the journal is there
    sap.counts.reset();
  });
  afterEach(emptyDisk);

  test('before the unit: nothing is sent to SAP, and the unit may be sent again', async () => {
    fillDisk();
    const { unitId, outcome } = post();
    expect(await outcome).toMatchObject({ error: { code: 'JOURNAL_UNAVAILABLE', verdict: 'retry' } });
    expect(sap.counts.calls['Z_VENDOR_CHANGE']).toBeUndefined();
    const { out } = await end(start(['status']));
    expect(out).toMatch(/units +0 under way/);
    emptyDisk();
    expect(await post({ unitId }).outcome).toMatchObject({ answer: { unit: { ending: 'committed' } } });
    expect(held(unitId)).toBe(1);
  });

  test('between call and commit: the unit is rolled back', async () => {
    sap.faults.add({ kind: 'slow', ms: 500, function: 'Z_VENDOR_CHANGE', times: 1 });
    const { unitId, outcome } = post();
    await began('Z_VENDOR_CHANGE');
    fillDisk();
    expect(await outcome).toMatchObject({
      error: { code: 'JOURNAL_UNAVAILABLE', verdict: 'retry', facts: { unit: { ending: 'rolledBack' } } },
    });
    expect(sap.counts.calls['BAPI_TRANSACTION_COMMIT']).toBeUndefined();
    expect(held(unitId)).toBe(0);
  });

  test('after the commit: the answer goes out, is given again from memory, and is written when there is room', async () => {
    sap.faults.add({ kind: 'slow', when: 'after', ms: 500, function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
    const { unitId, outcome } = post();
    await until(() => held(unitId) === 1);
    fillDisk();
    expect(await outcome).toMatchObject({ answer: { unit: { ending: 'committed' } } });
    expect(await post({ unitId }).outcome).toMatchObject({ answer: { unit: { ending: 'committed', isReplayed: true } } });
    emptyDisk();
    let entries: { state: string }[] = [];
    while (entries[0]?.state !== 'finished') ({ entries } = await journal('--unit', unitId));
    expect(held(unitId)).toBe(1);
  }, 30_000);
});

test('whatever broke, nothing was committed twice', () => {
  expect(everything.length).toBeGreaterThan(8);
  expect(new Set(everything).size).toBe(everything.length);
});
