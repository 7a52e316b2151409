import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type Clock } from '@ml-connector/shared';
import { forgetLogonRefusal } from '../logon-guard.ts';
import { openSapSystem } from './sap-system.ts';
import { sapSystemConfig } from './settings.ts';
import { openSapBench, rowsOf, testCall } from './testing/simulated-sap.ts';

const wait = (seconds: number) => ({
  system: 'ECC',
  commit: 'never' as const,
  calls: [{ function: 'RFC_PING_AND_WAIT', parameters: { SECONDS: seconds } }],
});
const write = { system: 'ECC', commit: 'never' as const, calls: [{ function: 'Z_VENDOR_CHANGE', parameters: {} }] };

/** Resolves when the simulated system has begun this call. */
async function began(calls: Record<string, number>, functionName: string): Promise<void> {
  while (!calls[functionName]) await new Promise((resolve) => setImmediate(resolve));
}

test('when the RFC process dies, a read may be repeated and a write is uncertain; a new process goes on', async () => {
  await using bench = await openSapBench({ functions: { also: ['Z_VENDOR_CHANGE'] } });
  await bench.system.ping(testCall());
  const { pid } = bench.system.info();
  bench.sap.faults.add({ kind: 'slow', ms: 5000, function: 'Z_VENDOR_CHANGE' });
  const reading = bench.system.unit(wait(5), testCall());
  const writing = bench.system.unit(write, testCall());
  const outcomes = Promise.allSettled([reading, writing]);
  await began(bench.sap.counts.calls, 'RFC_PING_AND_WAIT');
  await began(bench.sap.counts.calls, 'Z_VENDOR_CHANGE');
  process.kill(pid as number, 'SIGKILL');
  expect(await outcomes).toMatchObject([
    { reason: { code: 'SAP_WORKER_CRASHED', verdict: 'retry' } },
    { reason: { code: 'SAP_WORKER_CRASHED', verdict: 'uncertain' } },
  ]);
  await bench.system.ping(testCall());
  expect(bench.system.info().pid).not.toBe(pid);
});

test('a call that SAP does not answer in time is cancelled, and its connection is not used again', async () => {
  await using bench = await openSapBench({ functions: { also: ['Z_VENDOR_CHANGE'] } }, { callTimeoutSeconds: 1 });
  bench.sap.faults.add({ kind: 'slow', ms: 20_000, function: 'Z_VENDOR_CHANGE' });
  await expect(bench.system.unit(write, testCall())).rejects.toMatchObject({ code: 'SAP_TIMEOUT', verdict: 'uncertain' });
  await expect(bench.system.ping(testCall())).resolves.toMatchObject({ attributes: { sysId: 'ECC' } });
});

test('a call cancelled from outside ends at once', async () => {
  await using bench = await openSapBench();
  const cancel = new AbortController();
  const call = bench.system.unit(wait(20), testCall({ signal: cancel.signal }));
  const outcome = Promise.allSettled([call]);
  await began(bench.sap.counts.calls, 'RFC_PING_AND_WAIT');
  cancel.abort();
  expect(await outcome).toMatchObject([{ reason: { code: 'SAP_CANCELLED', verdict: 'retry' } }]);
});

test('never more calls at once than allowed', async () => {
  await using bench = await openSapBench({}, { maxConnections: 3 });
  bench.sap.faults.add({ kind: 'slow', ms: 20, function: 'STFC_CONNECTION' });
  const echo = { system: 'ECC', commit: 'never' as const, calls: [{ function: 'STFC_CONNECTION', parameters: { REQUTEXT: 'x' } }] };
  await Promise.all(Array.from({ length: 20 }, () => bench.system.unit(echo, testCall())));
  expect(bench.sap.counts.peak).toBe(3);
  expect(bench.sap.counts.logons).toBeLessThanOrEqual(3);
});

test('when SAP is overloaded, fewer calls are made at once until it copes', async () => {
  await using bench = await openSapBench({ bulkRows: 2000 }, { maxConnections: 8, pageRows: 100 });
  bench.sap.faults.add({ kind: 'busy', above: 3 });
  bench.sap.faults.add({ kind: 'slow', ms: 5, function: 'RFC_READ_TABLE' });
  const reads = Array.from({ length: 8 }, async () => {
    const call = testCall();
    await bench.system.readTable({ system: 'ECC', table: 'ZBULK', fields: ['CUSTNO'], where: [] }, call);
    return rowsOf(call).length;
  });
  expect(new Set(await Promise.all(reads))).toEqual(new Set([2000]));
  expect((await bench.system.ping(testCall())).connectionLimit).toBeLessThan(8);
});

test('a wrong password costs one logon, however many calls wait, and however often the agent is started', async () => {
  await using bench = await openSapBench();
  const right = bench.password.now;
  bench.password.now = 'Wrong-2024';
  const refused = { status: 'rejected', reason: { code: 'SAP_LOGON_REFUSED', verdict: 'halt' } };
  expect(await Promise.allSettled(Array.from({ length: 12 }, () => bench.system.ping(testCall())))).toMatchObject(
    Array.from({ length: 12 }, () => refused),
  );
  await expect(bench.openAgain().ping(testCall())).rejects.toMatchObject(refused.reason);
  expect(bench.sap.users.stateOf('ML_AGENT')).toEqual({ failedLogons: 1, isLocked: false });

  bench.password.now = right;
  await bench.system.ping(testCall());
  expect(bench.sap.users.stateOf('ML_AGENT').failedLogons).toBe(0);
});

test('a password changed in SAP stops the system as well; the same password entered anew is tried again', async () => {
  await using bench = await openSapBench();
  await bench.system.ping(testCall());
  bench.sap.users.set({ name: 'ML_AGENT', password: 'Changed-in-SU01' });
  bench.sap.cutSessions();
  await expect(bench.system.ping(testCall())).rejects.toMatchObject({ code: 'SAP_LOGON_REFUSED', verdict: 'halt' });
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => bench.system.ping(testCall())));
  expect(calls.some((call) => call.status === 'fulfilled')).toBe(false);
  expect(bench.sap.users.stateOf('ML_AGENT')).toEqual({ failedLogons: 1, isLocked: false });

  bench.sap.users.set({ name: 'ML_AGENT', password: bench.password.now as string });
  forgetLogonRefusal(bench.dataDir, 'ECC');
  await bench.system.ping(testCall());
});

test('a system that is away is said to be, and answers again when it is back', async () => {
  await using bench = await openSapBench();
  await bench.system.ping(testCall());
  const restarted = bench.sap.restart(150);
  await expect(bench.system.ping(testCall({ deadline: Date.now() + 100 }))).rejects.toMatchObject({ verdict: 'retry' });
  await restarted;
  await expect(bench.system.ping(testCall())).resolves.toMatchObject({ attributes: { sysId: 'ECC' } });
});

test('without a password nothing is tried', async () => {
  await using bench = await openSapBench();
  bench.password.now = undefined;
  await expect(bench.system.ping(testCall())).rejects.toMatchObject({ code: 'SAP_CREDENTIAL_MISSING', verdict: 'halt' });
  expect(bench.sap.counts.logons).toBe(0);
});

describe('without what it needs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'no-sdk-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (more: Record<string, unknown>, clock: Clock = systemClock) =>
    openSapSystem({
      name: 'ECC',
      settings: sapSystemConfig.parse({ type: 'sap-ecc', ashost: '127.0.0.1', sysnr: '00', client: '100', user: 'ML', ...more }),
      credential: () => Promise.resolve('x'),
      dataDir: folder,
      clock,
      log: silentLog,
    });

  test('a missing SDK is one clear message with the fix', async () => {
    await using system = open({ sdkHome: folder });
    const { message, code, verdict, fix } = (await system.ping(testCall()).catch((error: unknown) => error)) as Record<string, string>;
    expect({ code, verdict }).toEqual({ code: 'SAP_SDK_MISSING', verdict: 'halt' });
    expect(message).toMatch(/looked in .*no-sdk-.*lib; nothing is there.*libsapnwrfc\.so/);
    expect(fix).toMatch(/SAP Software Center/);
    expect(system.info()).toMatchObject({ state: 'halted', problem: { code: 'SAP_SDK_MISSING' } });
  });

  test('a missing SDK is looked for again in time, although the clock was set back by hours', async () => {
    let passedMs = 0;
    const clock = {
      ...systemClock,
      now: () => Date.now() - (passedMs > 0 ? 5 * 3_600_000 : 0),
      steadyMs: () => performance.now() + passedMs,
    };
    await using system = open({ sdkHome: folder }, clock);
    await expect(system.ping(testCall())).rejects.toThrow('nothing is there');
    mkdirSync(path.join(folder, 'lib'));
    writeFileSync(path.join(folder, 'lib', 'libsapucum.so'), '');
    await expect(system.ping(testCall())).rejects.toThrow('nothing is there');
    passedMs = 16_000;
    await expect(system.ping(testCall())).rejects.toThrow(/^(?!.*nothing is there)/);
  });

  test('a missing module is another', async () => {
    await using system = open({ rfcModule: '@sap-rfc/not-installed' });
    await expect(system.ping(testCall())).rejects.toMatchObject({ code: 'SAP_RFC_MODULE_MISSING', verdict: 'halt' });
  });
});
