import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareAgent, runChild } from '../../landscape/index.ts';
import { buildStandIn } from '../../sandbox/nwrfc-standin/index.ts';
import { startSapProcess, type SapProcess } from '../../sandbox/sap/index.ts';
import { childrenOf, cpuMicrosOf, memoryOf } from '../process-facts.ts';
import { figure, sampled, type Report, type Sampled } from '../report.ts';
import { startBenchProcess } from '../tunnel/asking.ts';
import type { BareRead, BareReadRequest } from './bare-table-read.ts';
import type { BulkRelayQuestions } from './relay-end.ts';

const rows = 1_000_000;
const runs = 3;
const pageRows = 5000; // the agent's default
const fields = [
  'CUSTNO', 'NAME1', 'NAME2', 'STRAS', 'ORT01', 'PSTLZ', 'LAND1', 'REGIO', 'TELF1', 'STCEG',
  'SPRAS', 'KTOKD', 'ERDAT', 'LAEDA', 'LAETM', 'WAERS', 'UMSAT', 'KLIMK', 'SKONT', 'SCORE',
]; // prettier-ignore

const request = { system: 'PRD', table: 'ZBULK', fields };

/** A table all the way from the simulated SAP to the relay, as an installed agent does it, beside a bare node-rfc script. */
export async function tablePath(report: Report): Promise<void> {
  report.note(
    `\nTable read: ${rows.toLocaleString('en')} rows of ZBULK, ${fields.length} columns, from the simulated SAP ECC through node-rfc (pages of ${pageRows} by key), ` +
      `RFC process, agent and tunnel to a relay that parses every row. Four processes besides the bench share this machine.`,
  );
  await using opened = new AsyncDisposableStack();
  const sdkHome = await buildStandIn();
  const sap = opened.use(await startSapProcess(['--bulk-rows', String(rows), '--vendors', '1']));
  const ours = await throughAgent(sap, sdkHome);
  const limit = await bareScript(sap, sdkHome);
  report.table('Table read', [
    { what: 'SAP, RFC process, agent, tunnel, relay', 'rows/s': figure(ours.rate) },
    { what: 'limit: node-rfc in a bare script, rows split, no tunnel', 'rows/s': figure(limit) },
  ]);
  report.table(
    'Its processes',
    ours.processes.map(({ what, cpuMicros, peak }) => ({ what, 'CPU µs/row': figure(cpuMicros, 2), 'peak MB': peak.toFixed(0) })),
  );
  const ratio = ours.rate.median / limit.median;
  report.note(`The whole path reads at ${ratio.toFixed(2)}x of the bare script's pace.`);
}

interface ThroughAgent {
  rate: Sampled;
  processes: { what: string; cpuMicros: Sampled; peak: number }[];
}

async function throughAgent(sap: SapProcess, sdkHome: string): Promise<ThroughAgent> {
  await using opened = new AsyncDisposableStack();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ml-bench-agent-'));
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const { passwd = '', ...connection } = sap.connectionParameters;
  const agent = prepareAgent({
    dataDir,
    systems: { PRD: { type: 'sap-ecc', ...connection, sdkHome } },
    policy: { PRD: { tables: { ZBULK: fields } } },
    logLevel: 'warn',
  });
  const relay = opened.use(await startBenchProcess<BulkRelayQuestions>('../bulk/relay-end.ts'));
  await relay.ask('tunnel');
  await agent.command(['enroll', '--token-file', '-', '--name', 'sap-bridge-01'], await relay.ask('token'));
  await agent.command(['credentials', 'set', 'PRD', '--stdin'], passwd);
  const connected = relay.ask('nextTunnel');
  const running = opened.use(agent.start());
  await connected;
  await relay.ask('readTable', { request: { ...request, maxRows: 10 * pageRows } }); // starts the RFC process, logs on
  const [rfcProcess = -1] = childrenOf(running.pid);
  const processes = Object.entries({ 'simulated SAP': sap.pid, 'RFC process': rfcProcess, agent: running.pid, relay: relay.pid });
  const rates: number[] = [];
  const cpu = processes.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    const before = processes.map(([, pid]) => cpuMicrosOf(pid));
    const read = await relay.ask('readTable', { request });
    if (read.rows !== rows) throw new Error(`the table has ${rows} rows, ${read.rows} came`);
    rates.push(rows / read.seconds);
    for (const [index, [, pid]] of processes.entries()) cpu[index]?.push((cpuMicrosOf(pid) - (before[index] ?? 0)) / rows);
  }
  return {
    rate: sampled(rates),
    processes: processes.map(([what, pid], index) => ({ what, cpuMicros: sampled(cpu[index] ?? []), peak: memoryOf(pid).peak })),
  };
}

async function bareScript(sap: SapProcess, sdkHome: string): Promise<Sampled> {
  const bareRead: BareReadRequest = { connection: sap.connectionParameters, table: 'ZBULK', key: 'CUSTNO', fields, pageRows, reads: runs };
  const output = await runChild({
    name: 'bare table read',
    args: ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'bare-table-read.ts'), JSON.stringify(bareRead)],
    env: { LD_LIBRARY_PATH: path.join(sdkHome, 'lib') },
  });
  const results = JSON.parse(output.split('\n').at(-1) ?? '[]') as BareRead;
  for (const result of results)
    if (result.rows !== rows) throw new Error(`the table has ${rows} rows, the bare script read ${result.rows}`);
  return sampled(results.map(({ seconds }) => rows / seconds));
}
