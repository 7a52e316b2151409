import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareAgent, startJdeProcess, type Child, type JdeProcess } from '../landscape/index.ts';
import type { BulkRelayQuestions } from './bulk/relay-end.ts';
import { inTurns } from './in-turns.ts';
import type { DirectQuestions } from './jde/direct-end.ts';
import { cpuMicrosOf, memoryOf } from './process-facts.ts';
import { figure, type Report } from './report.ts';
import { startBenchProcess, type BenchProcess } from './tunnel/asking.ts';

const rows = 200_000;
const samples = 3;
const pageRows = 500; // the agent's default
const system = 'JDE';
const table = 'F0401';
const fields = ['AN8', 'APC', 'CRRP', 'TXA2', 'EXR2', 'HDPY', 'TRAP', 'HOLD', 'UPMJ', 'UPMT'];

/** A table all the way from the simulated AIS server to the relay, as an installed agent does it, beside the same HTTP calls made directly. */
export async function run(report: Report): Promise<void> {
  report.note(
    `AIS read: ${rows.toLocaleString('en')} rows of ${table}, ${fields.length} columns, in pages of ${pageRows} by key over HTTPS, through agent and tunnel to a ` +
      `relay that parses every row. Directly: the same requests from one process that parses the answers and takes the last key. Three processes ` +
      `besides the bench share this machine; the simulated server's own work is part of both.`,
  );
  await using opened = new AsyncDisposableStack();
  const jde = opened.use(await startJdeProcess({ suppliers: rows, orders: 0, accounts: 0 }));
  const direct = opened.use(await startBenchProcess<DirectQuestions>('../jde/direct-end.ts'));
  await direct.ask('open', { server: { baseUrl: jde.baseUrl, caPem: jde.caPem, credentials: jde.credentials }, table, fields, pageRows });
  const { relay, agent } = await throughAgent(jde, opened);
  const cpu: Record<string, number[]> = { 'AIS (simulated)': [], agent: [], relay: [] };
  const pids = { 'AIS (simulated)': jde.child.pid, agent: agent.pid, relay: relay.pid };
  const memory: number[] = [];
  const rates = await inTurns(
    {
      tunnel: async () => {
        const before = Object.values(pids).map(cpuMicrosOf);
        const read = await relay.ask('readJde', { request: { system, table, fields, key: ['AN8'] } });
        if (read.rows !== rows) throw new Error(`the table has ${rows} rows, ${read.rows} came`);
        for (const [index, [what, pid]] of Object.entries(pids).entries())
          cpu[what]?.push((cpuMicrosOf(pid) - (before[index] ?? 0)) / rows);
        memory.push(memoryOf(agent.pid).rss);
        return rows / read.seconds;
      },
      direct: async () => {
        const read = await direct.ask('read');
        if (read.rows !== rows) throw new Error(`the table has ${rows} rows, the direct calls read ${read.rows}`);
        return rows / read.seconds;
      },
    },
    samples,
  );
  report.table('AIS read', [
    { what: 'AIS, agent, tunnel, relay', 'rows/s': figure(rates.tunnel) },
    { what: 'the same HTTP calls made directly, JSON parsed', 'rows/s': figure(rates.direct) },
  ]);
  report.table(
    'Its processes',
    Object.entries(pids).map(([what, pid]) => ({
      what,
      'CPU µs/row': ((cpu[what] ?? []).slice(1).toSorted((a, b) => a - b)[1] ?? Number.NaN).toFixed(2),
      'peak MB': memoryOf(pid).peak.toFixed(0),
    })),
  );
  const ratio = rates.tunnel.median / rates.direct.median;
  report.target({
    what: 'AIS read through agent and tunnel against the same calls made directly',
    wanted: '>= 0.8x',
    measured: `${ratio.toFixed(2)}x`,
    met: ratio >= 0.8,
  });
  const [warm = Number.NaN, last = Number.NaN] = [memory[1], memory.at(-1)];
  report.target({
    what: `memory of the agent after ${samples + 1} reads of ${rows.toLocaleString('en')} rows against after the second one`,
    wanted: '<= 1.2x',
    measured: `${(last / warm).toFixed(2)}x (${memory.map((megabytes) => megabytes.toFixed(0)).join(', ')} MB)`,
    met: last / warm <= 1.2,
  });
}

async function throughAgent(
  jde: JdeProcess,
  opened: AsyncDisposableStack,
): Promise<{ relay: BenchProcess<BulkRelayQuestions>; agent: Child }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ml-bench-jde-'));
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const caFile = path.join(dataDir, 'ca.pem');
  writeFileSync(caFile, jde.caPem);
  const { user, environment, role, password } = jde.credentials;
  const agent = prepareAgent({
    dataDir,
    systems: { [system]: { type: 'jde', baseUrl: jde.baseUrl, user, environment, role, caFile } },
    policy: { [system]: { tables: { [table]: fields } } },
    logLevel: 'warn',
  });
  const relay = opened.use(await startBenchProcess<BulkRelayQuestions>('../bulk/relay-end.ts'));
  await relay.ask('tunnel');
  await agent.command(['enroll', '--token-file', '-', '--name', 'erp-bridge-01'], await relay.ask('token'));
  await agent.command(['credentials', 'set', system, '--stdin'], password);
  const connected = relay.ask('nextTunnel');
  const running = opened.use(agent.start());
  await connected;
  return { relay, agent: running };
}
