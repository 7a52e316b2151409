import { silentLog, systemClock, type SapUnitAnswer, type SapWritingUnit } from '@ml-connector/shared';
import type { SapSystem as SimulatedSap } from '../../../../scripts/sandbox/sap/index.ts';
import { openJournal, openUnits, type Units } from '../../journal/index.ts';
import { openSapBench, testCall, type SapBench } from './testing/simulated-sap.ts';

/** Units through the journal, the RFC process and the real addon, to a SAP system that misbehaves. */
let bench: SapBench;
let stack: AsyncDisposableStack;
let units: Units;
let vendors: string[];
const slowMs = 20_000;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  bench = stack.use(await openSapBench({ functions: { also: ['Z_VENDOR_CHANGE'] } }));
  const journal = stack.use(openJournal({ dataDir: bench.dataDir, clock: systemClock }));
  units = stack.use(openUnits({ journal, clock: systemClock, log: silentLog }));
  vendors = bench.sap.vendors.list();
});
afterEach(() => stack.disposeAsync());

const change = (vendor: string | undefined, value: string) => ({
  function: 'Z_VENDOR_CHANGE',
  parameters: { VENDORNO: vendor, FIELDNAME: 'NAME2', VALUE: value },
});

function unit(unitId: string, more: Partial<SapWritingUnit> = {}): SapWritingUnit {
  const times = { notAfter: Date.now() + 30_000, remainingMs: 30_000 };
  return { system: 'ECC', commit: 'whenClean', unitId, isRepeat: false, ...times, calls: [change(vendors[0], unitId)], ...more };
}

function run(request: SapWritingUnit, signal = new AbortController().signal, system = bench.system): Promise<SapUnitAnswer> {
  const call = { callId: 'c1', context: {}, clockOffsetMs: 0, signal };
  return units.run(request, call, (gate) => system.writingUnit(request, gate));
}

/** Resolves when the simulated system has begun this call. */
async function began({ counts }: SimulatedSap, functionName: string): Promise<void> {
  while (!counts.calls[functionName]) await new Promise((resolve) => setImmediate(resolve));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const oneChange = (value: string): string[] => [`Z_VENDOR_CHANGE ${vendors[0]} NAME2 ${value}`];

test('a clean unit is committed on its session, with every step told', async () => {
  const answer = await run(unit('u1', { calls: [change(vendors[0], 'Ä & Söhne'), change(vendors[1], '北京')] }));
  expect(answer.results).toMatchObject([{ RETURN: { TYPE: 'S' } }, { RETURN: { TYPE: 'S' } }]);
  expect(answer.unit).toMatchObject({ ending: 'committed' });
  expect(answer.unit?.steps.map((step) => [step.function, step.outcome])).toEqual([
    ['Z_VENDOR_CHANGE', 'ok'],
    ['Z_VENDOR_CHANGE', 'ok'],
    ['BAPI_TRANSACTION_COMMIT', 'ok'],
  ]);
  expect(bench.sap.committed).toEqual([...oneChange('Ä & Söhne'), `Z_VENDOR_CHANGE ${vendors[1]} NAME2 北京`]);
  expect(bench.sap.locks.list()).toEqual([]);
});

test('what follows an error in RETURN is not called; the rest is rolled back and no lock stays', async () => {
  const calls = [change(vendors[0], 'one'), change('0009999999', 'two'), change(vendors[1], 'three')];
  await expect(run(unit('u1', { calls }))).rejects.toMatchObject({
    code: 'SAP_RETURN_ERROR',
    verdict: 'refused',
    message: expect.stringContaining('E F2 163') as string,
    facts: { unit: { ending: 'rolledBack' }, messages: [{ TYPE: 'E', ID: 'F2', NUMBER: '163', MESSAGE_V1: '0009999999' }] },
  });
  expect(bench.sap.counts.calls['Z_VENDOR_CHANGE']).toBe(2);
  expect([bench.sap.committed, bench.sap.locks.list()]).toEqual([[], []]);
  await run(unit('u2'));
});

test('a vendor that another session holds is tried again later', async () => {
  bench.sap.faults.add({ kind: 'slow', when: 'after', ms: 300, function: 'Z_VENDOR_CHANGE', times: 1 });
  const first = run(unit('u1'));
  await until(() => bench.sap.locks.list().length > 0);
  await expect(run(unit('u2'))).rejects.toMatchObject({ code: 'SAP_LOCKED', verdict: 'retry', facts: { unit: { ending: 'rolledBack' } } });
  await first;
  await run(unit('u3'));
  expect(bench.sap.committed).toEqual([...oneChange('u1'), ...oneChange('u3')]);
});

test('nothing is kept of a unit that may not commit', async () => {
  await bench.system.unit({ system: 'ECC', calls: [change(vendors[0], 'tried')], commit: 'never' }, testCall());
  await until(() => bench.sap.locks.list().length === 0);
  await run(unit('u1'));
  expect(bench.sap.committed).toEqual(oneChange('u1'));
});

test.each([
  ['the line breaks before the call', { kind: 'cut', when: 'before', function: 'Z_VENDOR_CHANGE', times: 1 }, 'uncertain', 'abandoned', 0],
  ['the line breaks after the call', { kind: 'cut', when: 'after', function: 'Z_VENDOR_CHANGE', times: 1 }, 'uncertain', 'abandoned', 0],
  ['the call dumps', { kind: 'dump', key: 'TIME_OUT', message: 'x', function: 'Z_VENDOR_CHANGE', times: 1 }, 'retry', 'rolledBack', 0],
  ['the line breaks before the commit', { kind: 'cut', when: 'before', function: 'BAPI_TRANSACTION_COMMIT', times: 1 }, 'uncertain', 'unknown', 0],
  ['the answer to the commit is lost', { kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 1 }, 'uncertain', 'unknown', 1],
  ['the update is stopped', { kind: 'update-stopped', times: 1 }, 'uncertain', 'unknown', 0],
] as const)('%s', async (_what, fault, verdict, ending, committed) => {
  bench.sap.faults.add(fault);
  const outcome = { verdict, facts: { unit: { ending } } };
  await expect(run(unit('u1'))).rejects.toMatchObject(outcome);
  await expect(run(unit('u1', { isRepeat: true }))).rejects.toMatchObject({ ...outcome, facts: { unit: { ending, isReplayed: true } } });
  expect(bench.sap.committed).toHaveLength(committed);
  await until(() => bench.sap.locks.list().length === 0);
  await run(unit('u2'));
  expect(bench.sap.committed).toHaveLength(committed + 1);
}); // prettier-ignore

test('every connection breaks while a call is under way: the commit is never sent to the new session', async () => {
  bench.sap.faults.add({ kind: 'slow', ms: 300, function: 'Z_VENDOR_CHANGE', times: 1 });
  const running = run(unit('u1'));
  const outcome = Promise.allSettled([running]);
  await began(bench.sap, 'Z_VENDOR_CHANGE');
  bench.sap.cutSessions();
  expect(await outcome).toMatchObject([{ reason: { verdict: 'uncertain', facts: { unit: { ending: 'abandoned' } } } }]);
  expect(bench.sap.counts.calls['BAPI_TRANSACTION_COMMIT']).toBeUndefined();
});

test.each([
  ['a call', 'Z_VENDOR_CHANGE', undefined, 'uncertain', 'abandoned', 0],
  ['the commit, before it took effect', 'BAPI_TRANSACTION_COMMIT', 'before', 'uncertain', 'unknown', 0],
  ['the commit, after it took effect', 'BAPI_TRANSACTION_COMMIT', 'after', 'uncertain', 'unknown', 1],
] as const)('the RFC process is killed during %s', async (_what, name, when, verdict, ending, committed) => {
  await bench.system.ping(testCall());
  bench.sap.faults.add({ kind: 'slow', ms: slowMs, function: name, times: 1, ...(when ? { when } : {}) });
  const outcome = Promise.allSettled([run(unit('u1'))]);
  await began(bench.sap, name);
  await until(() => bench.sap.committed.length === committed);
  process.kill(bench.system.info().pid as number, 'SIGKILL');
  expect(await outcome).toMatchObject([{ reason: { code: 'SAP_WORKER_CRASHED', verdict, facts: { unit: { ending } } } }]);
  await expect(run(unit('u1', { isRepeat: true }))).rejects.toMatchObject({ verdict, facts: { unit: { isReplayed: true } } });
  await until(() => bench.sap.locks.list().length === 0);
  await run(unit('u2'));
  expect(bench.sap.committed).toHaveLength(committed + 1);
});

test('the RFC process is killed while the unit waits for a connection: nothing was sent, and the same unit may run', async () => {
  const narrow = bench.openAgain({ maxConnections: 1 });
  const waiting = { system: 'ECC', commit: 'never' as const, calls: [{ function: 'RFC_PING_AND_WAIT', parameters: { SECONDS: 20 } }] };
  const busy = Promise.allSettled([narrow.unit(waiting, testCall())]);
  await began(bench.sap, 'RFC_PING_AND_WAIT');
  const outcome = Promise.allSettled([run(unit('u1'), undefined, narrow)]);
  await until(() => units.status().running.length > 0);
  process.kill(narrow.info().pid as number, 'SIGKILL');
  expect(await outcome).toMatchObject([{ reason: { verdict: 'retry', facts: { unit: { ending: 'notStarted' } } } }]);
  await busy;
  await run(unit('u1'), undefined, narrow);
  expect(bench.sap.committed).toEqual(oneChange('u1'));
});

test('the time passes while all connections are busy: nothing starts', async () => {
  const narrow = bench.openAgain({ maxConnections: 1 });
  const waiting = { system: 'ECC', commit: 'never' as const, calls: [{ function: 'RFC_PING_AND_WAIT', parameters: { SECONDS: 1 } }] };
  const busy = narrow.unit(waiting, testCall());
  await began(bench.sap, 'RFC_PING_AND_WAIT');
  const late = unit('u1', { notAfter: Date.now() + 200, remainingMs: 200 });
  await expect(run(late, undefined, narrow)).rejects.toMatchObject({ verdict: 'retry', facts: { unit: { ending: 'notStarted' } } });
  await busy;
  expect(bench.sap.counts.calls['Z_VENDOR_CHANGE']).toBeUndefined();
});

test('the time passes during a call: it is rolled back', async () => {
  await bench.system.ping(testCall());
  bench.sap.faults.add({ kind: 'slow', ms: 1300, function: 'Z_VENDOR_CHANGE', times: 1 });
  const late = unit('u1', { notAfter: Date.now() + 1200, remainingMs: 1200 });
  await expect(run(late)).rejects.toMatchObject({ code: 'UNIT_TOO_LATE', verdict: 'retry', facts: { unit: { ending: 'rolledBack' } } });
  expect([bench.sap.committed, bench.sap.locks.list()]).toEqual([[], []]);
});

test.each([
  ['during a call, it is rolled back once SAP has answered', 'Z_VENDOR_CHANGE', { status: 'rejected', reason: { code: 'UNIT_CANCELLED', verdict: 'retry' } }, 0],
  ['during the commit, it is finished', 'BAPI_TRANSACTION_COMMIT', { status: 'fulfilled', value: { unit: { ending: 'committed' } } }, 1],
] as const)('a unit is cancelled %s', async (_what, name, expected, committed) => {
  bench.sap.faults.add({ kind: 'slow', ms: 300, function: name, times: 1 });
  const cancel = new AbortController();
  const outcome = Promise.allSettled([run(unit('u1'), cancel.signal)]);
  await began(bench.sap, name);
  cancel.abort();
  expect(await outcome).toMatchObject([expected]);
  expect(bench.sap.committed).toHaveLength(committed);
  expect(bench.sap.locks.list()).toEqual([]);
}); // prettier-ignore

test('the agent stops during a call: the unit is rolled back before the connection is closed', async () => {
  bench.sap.faults.add({ kind: 'slow', ms: 300, function: 'Z_VENDOR_CHANGE', times: 1 });
  const stopping = new AbortController();
  const outcome = Promise.allSettled([run(unit('u1'), stopping.signal)]);
  await began(bench.sap, 'Z_VENDOR_CHANGE');
  stopping.abort();
  await bench.system[Symbol.asyncDispose]();
  expect(await outcome).toMatchObject([{ reason: { verdict: 'retry', facts: { unit: { ending: 'rolledBack' } } } }]);
  expect(bench.sap.counts.calls['BAPI_TRANSACTION_ROLLBACK']).toBe(1);
});

test('fifty units on four connections, each sent three times at once, are committed once each', async () => {
  const requests = Array.from({ length: 50 }, (_, n) => unit(`u${n}`, { calls: [change(vendors[n % vendors.length], `u${n}`)] }));
  const outcomes = await Promise.allSettled(
    requests.flatMap((request) => [run(request), run(request), run({ ...request, isRepeat: true })]),
  );
  const done = requests.filter((_, n) => outcomes[3 * n]?.status === 'fulfilled').length;
  const isSame = (n: number): boolean => [1, 2].every((more) => outcomes[3 * n + more]?.status === outcomes[3 * n]?.status);
  expect(requests.every((_, n) => isSame(n))).toBe(true);
  // Two units on one vendor may meet its lock; whatever they were told, none is there twice.
  expect(new Set(bench.sap.committed).size).toBe(bench.sap.committed.length);
  expect(bench.sap.committed).toHaveLength(done);
});
