import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../landscape/free-port.ts';
import { prepareAgent, startRelay, type AgentMachine } from '../landscape/index.ts';
import { buildStandIn } from '../sandbox/nwrfc-standin/index.ts';
import { startSapProcess, type SapProcess } from '../sandbox/sap/index.ts';
import type { BulkRelayQuestions } from './bulk/relay-end.ts';
import { memoryOf } from './process-facts.ts';
import { figure, sampled, type Report, type Sampled } from './report.ts';
import { startBenchProcess, type BenchProcess } from './tunnel/asking.ts';

const starts = 5;
/** After this long nothing of the start is under way any more. */
const settledMs = 3000;

/** Memory and start of the bundled agent and relay, as installed, beside a bare Node. */
export async function run(report: Report): Promise<void> {
  report.note(
    `${starts} starts each, from the start of the process. Memory is VmRSS ${settledMs / 1000} s after the start; the agent is connected, with an ` +
      `SAP system configured and its RFC process not needed yet.`,
  );
  const bare = await bareNode();
  const agent = await agentStarts();
  const relay = await relayStarts();
  report.table('Footprint', [
    { what: '`node -e 0`', 'start ms': figure(bare.startMs), 'idle MB': figure(bare.idle) },
    { what: 'agent: start to first answered call', 'start ms': figure(agent.startMs), 'idle MB': figure(agent.idle) },
    { what: 'agent: start to first row from SAP', 'start ms': figure(agent.firstRowMs), 'idle MB': '' },
    { what: 'relay: start until it serves', 'start ms': figure(relay.startMs), 'idle MB': figure(relay.idle) },
    { what: 'relay: very first start (database, certificates)', 'start ms': figure(relay.firstStartMs), 'idle MB': '' },
  ]);
  report.target({
    what: 'agent, idle and connected',
    wanted: '<= 100 MB',
    measured: `${figure(agent.idle)} MB`,
    met: agent.idle.median <= 100,
  });
  report.target({
    what: 'agent, process start to first answered call',
    wanted: '<= 0.5 s',
    measured: `${figure(agent.startMs)} ms`,
    met: agent.startMs.median <= 500,
  });
}

async function bareNode(): Promise<{ startMs: Sampled; idle: Sampled }> {
  const [times, memory]: [number[], number[]] = [[], []];
  for (let start = 0; start < starts; start += 1) {
    const began = performance.now();
    await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
    times.push(performance.now() - began);
    const waiting = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await delay(500);
    memory.push(memoryOf(waiting.pid ?? -1).rss);
    waiting.kill();
    await once(waiting, 'exit');
  }
  return { startMs: sampled(times), idle: sampled(memory) };
}

async function agentStarts(): Promise<{ startMs: Sampled; firstRowMs: Sampled; idle: Sampled }> {
  await using opened = new AsyncDisposableStack();
  const sap = opened.use(await startSapProcess(['--vendors', '1', '--bulk-rows', '10']));
  const relay = opened.use(await startBenchProcess<BulkRelayQuestions>('../bulk/relay-end.ts'));
  const agent = await enrolledAgent({ relay, sap, dataDir: newFolder(opened) });
  const [times, firstRows, memory]: [number[], number[], number[]] = [[], [], []];
  for (let start = 0; start < starts; start += 1) {
    await using stopping = new AsyncDisposableStack();
    const connected = relay.ask('nextTunnel');
    const began = performance.now();
    const running = stopping.use(agent.start());
    await connected;
    await relay.ask('call', { operation: 'Capabilities', request: {} });
    times.push(performance.now() - began);
    await delay(settledMs);
    memory.push(memoryOf(running.pid).rss);
  }
  for (let start = 0; start < starts; start += 1) {
    await using stopping = new AsyncDisposableStack();
    const connected = relay.ask('nextTunnel');
    const began = performance.now();
    stopping.use(agent.start());
    await connected;
    await relay.ask('readTable', { request: { system: 'PRD', table: 'ZBULK', fields: ['CUSTNO'], maxRows: 1 } });
    firstRows.push(performance.now() - began);
  }
  return { startMs: sampled(times), firstRowMs: sampled(firstRows), idle: sampled(memory) };
}

interface Enrolling {
  relay: BenchProcess<BulkRelayQuestions>;
  sap: SapProcess;
  dataDir: string;
}

async function enrolledAgent({ relay, sap, dataDir }: Enrolling): Promise<AgentMachine> {
  const { passwd = '', ...connection } = sap.connectionParameters;
  const agent = prepareAgent({
    dataDir,
    systems: { PRD: { type: 'sap-ecc', ...connection, sdkHome: await buildStandIn() } },
    policy: { PRD: { tables: { ZBULK: ['CUSTNO'] } } },
  });
  await relay.ask('tunnel');
  await agent.command(['enroll', '--token-file', '-', '--name', 'sap-bridge-01'], await relay.ask('token'));
  await agent.command(['credentials', 'set', 'PRD', '--stdin'], passwd);
  return agent;
}

async function relayStarts(): Promise<{ firstStartMs: Sampled; startMs: Sampled; idle: Sampled }> {
  await using opened = new AsyncDisposableStack();
  const dataDir = newFolder(opened);
  const [httpPort, tunnelPort] = [await freePort(), await freePort()];
  const [first, times, memory]: [number[], number[], number[]] = [[], [], []];
  for (let start = 0; start <= starts; start += 1) {
    const began = performance.now();
    const relay = await startRelay({ dataDir, httpPort, tunnelPort, publicAddress: `localhost:${tunnelPort}` });
    (start === 0 ? first : times).push(performance.now() - began);
    if (start > 0) await delay(settledMs);
    if (start > 0) memory.push(memoryOf(relay.child.pid).rss);
    await relay.child.stop();
  }
  return { firstStartMs: sampled(first), startMs: sampled(times), idle: sampled(memory) };
}

function newFolder(opened: AsyncDisposableStack): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
