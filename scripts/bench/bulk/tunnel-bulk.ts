import { memoryOf } from '../process-facts.ts';
import { figure, sampled, type Report, type Sampled } from '../report.ts';
import { startBenchProcess } from '../tunnel/asking.ts';
import type { BulkAgentQuestions } from './agent-end.ts';
import { preparedChunks, rowsPerChunk } from './chunks.ts';
import type { BulkRelayQuestions, ReadResult } from './relay-end.ts';

const million = 1_000_000;
const runs = 3;

/** Rows through the tunnel alone: relay and agent are two processes, the agent's handler sends ready-made chunks. */
export async function tunnelBulk(report: Report): Promise<void> {
  const chunkAt = preparedChunks();
  const rawBytesPerRow =
    Array.from({ length: 20 }, (_, i) => chunkAt(i).length).reduce((sum, length) => sum + length, 0) / 20 / rowsPerChunk;
  report.note(
    `Tunnel (gRPC, TLS 1.3) on loopback: rows of 20 columns, ${rawBytesPerRow.toFixed(0)} bytes of JSON each, sent in chunks of ${rowsPerChunk}, ` +
      `parsed and looked at by the relay. New processes for every size; peaks are VmHWM.`,
  );
  const few = await throughTunnel({ rows: million / 10, processes: runs, reads: 1 });
  const one = await throughTunnel({ rows: million, processes: 1, reads: runs });
  const three = await throughTunnel({ rows: 3 * million, processes: 2, reads: 1 });
  const limit = await bare({ rows: million, reads: runs });
  const row = (what: string, { rate, wireBytesPerRow, relayPeak, agentPeak }: Measured): Record<string, string> => ({
    what,
    'rows/s': figure(rate),
    'JSON MB/s': ((rate.median * rawBytesPerRow) / 1e6).toFixed(0),
    'wire / JSON': (wireBytesPerRow / rawBytesPerRow).toFixed(2),
    'relay peak MB': figure(relayPeak),
    'agent peak MB': figure(agentPeak),
  });
  report.table('Bulk through the tunnel', [
    row('100,000 rows', few),
    row('1,000,000 rows', one),
    row('3,000,000 rows', three),
    row('limit: 1,000,000 rows on a bare HTTP/2 stream with TLS and JSON.parse', limit),
  ]);
  report.target({
    what: 'rows through the tunnel',
    wanted: '>= 250,000 rows/s',
    measured: `${figure(one.rate)} rows/s, ${(one.rate.median / limit.rate.median).toFixed(2)}x of the bare stream`,
    met: one.rate.median >= 250_000,
  });
  const growth = three.relayPeak.median / few.relayPeak.median;
  report.target({
    what: "relay's peak memory, 3,000,000 rows against 100,000",
    wanted: '<= 1.2x',
    measured: `${growth.toFixed(2)}x`,
    met: growth <= 1.2,
  });
}

interface Measured {
  rate: Sampled;
  wireBytesPerRow: number;
  relayPeak: Sampled;
  agentPeak: Sampled;
}

interface Reading {
  reads: ReadResult[];
  relayPeak: number;
  agentPeak: number;
}

async function throughTunnel({ rows, processes, reads }: { rows: number; processes: number; reads: number }): Promise<Measured> {
  const readings: Reading[] = [];
  for (let run = 0; run < processes; run += 1) {
    await using relay = await startBenchProcess<BulkRelayQuestions>('../bulk/relay-end.ts');
    await using agent = await startBenchProcess<BulkAgentQuestions>('../bulk/agent-end.ts');
    await relay.ask('tunnel');
    await agent.ask('tunnel', { token: await relay.ask('token') });
    const results: ReadResult[] = [];
    for (let read = 0; read < reads; read += 1) results.push(await relay.ask('readTable', { request: { rows } }));
    readings.push({ reads: results, relayPeak: memoryOf(relay.pid).peak, agentPeak: memoryOf(agent.pid).peak });
  }
  return toMeasured(readings, rows);
}

async function bare({ rows, reads }: { rows: number; reads: number }): Promise<Measured> {
  await using relay = await startBenchProcess<BulkRelayQuestions>('../bulk/relay-end.ts');
  await using agent = await startBenchProcess<BulkAgentQuestions>('../bulk/agent-end.ts');
  const at = await relay.ask('bare');
  const results: ReadResult[] = [];
  for (let read = 0; read < reads; read += 1) {
    const [result] = await Promise.all([relay.ask('readBare'), agent.ask('sendBare', { ...at, rows })]);
    results.push(result);
  }
  return toMeasured([{ reads: results, relayPeak: memoryOf(relay.pid).peak, agentPeak: memoryOf(agent.pid).peak }], rows);
}

function toMeasured(readings: Reading[], rows: number): Measured {
  const all = readings.flatMap(({ reads }) => reads);
  for (const read of all) if (read.rows !== rows) throw new Error(`${rows} rows were sent, ${read.rows} came`);
  return {
    rate: sampled(all.map(({ seconds }) => rows / seconds)),
    wireBytesPerRow: sampled(all.map(({ wireBytes }) => wireBytes / rows)).median,
    relayPeak: sampled(readings.map(({ relayPeak }) => relayPeak)),
    agentPeak: sampled(readings.map(({ agentPeak }) => agentPeak)),
  };
}
