import { figure, sampled, type Report, type Sampled } from './report.ts';
import type { AgentQuestions } from './tunnel/agent-end.ts';
import { nodeFlags, startBenchProcess, type BenchProcess } from './tunnel/asking.ts';
import type { Driven } from './tunnel/drive.ts';
import type { RelayQuestions } from './tunnel/relay-end.ts';
import { findSshd, openSshTunnel } from './tunnel/ssh-tunnel.ts';
import { uploads } from './tunnel/uploads.ts';

/** The tunnel's round trip and its upload over a slow link, beside their limits. */
export async function run(report: Report): Promise<void> {
  await roundTrips(report);
  await uploads(report);
}

const callers = [1, 16, 64, 256];
const runs = 3;
const runMs = 1500;
const warmUpMs = 3000;
/** Before each run, as the process was idle while the other ways had their turn. Shorter, and the first calls weigh on the figures. */
const againMs = 700;

interface Ends {
  relay: BenchProcess<RelayQuestions>;
  agent: BenchProcess<AgentQuestions>;
  /** Of what stands between them. */
  cpuMicrosBetween?: () => number;
}

interface Sample extends Driven {
  /** Of all processes, per call. */
  cpuMicros: number;
}

async function roundTrips(report: Report): Promise<void> {
  report.note(
    'A BAPI call of 1.1 KB answered with 2.3 KB; caller (relay) and handler (agent) are two processes on this machine, closed loop, ' +
      `${runs} runs of ${runMs / 1000} s after warm-up, all ways in turn, so that other load hits them alike; median and half of the spread. ` +
      `Node runs with ${nodeFlags[0]}. CPU is of all processes.`,
  );
  await using opened = new AsyncDisposableStack();
  const ways = new Map<string, Ends>([
    [tunnel, await tunnelEnds(opened)],
    [direct, await httpEnds(opened)],
    [bare, await http2Ends(opened)],
  ]);
  const sshd = findSshd();
  if (sshd) {
    ways.set(sshNoDelay, await sshEnds(opened, { sshd, noDelay: true }));
    ways.set(sshPlain, await sshEnds(opened, { sshd, noDelay: false }));
  } else report.note('ssh -R: skipped, there is no sshd on this machine (apt-get install openssh-server).');

  for (const { relay } of ways.values()) await relay.ask('drive', { callers: 16, ms: warmUpMs });
  for (const count of callers) {
    const measured = await measure(ways, count);
    report.table(`${count} caller${count === 1 ? '' : 's'}`, [...measured].map(tableRow));
    compare(report, measured, count);
  }
}

const tunnel = 'tunnel (gRPC, TLS 1.3)';
const direct = 'direct HTTP keep-alive';
const bare = 'bare HTTP/2 stream, same frames, TLS';
const sshNoDelay = 'HTTP through ssh -R with TCP_NODELAY';
const sshPlain = 'HTTP through ssh -R as it comes';

type Measured = Map<string, (field: keyof Sample) => Sampled>;

async function measure(ways: Map<string, Ends>, count: number): Promise<Measured> {
  const samples = new Map<string, Sample[]>([...ways.keys()].map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [name, ends] of ways) {
      await ends.relay.ask('drive', { callers: count, ms: againMs });
      const before = await cpuMicrosOf(ends);
      const driven = await ends.relay.ask('drive', { callers: count, ms: runMs });
      samples.get(name)?.push({ ...driven, cpuMicros: ((await cpuMicrosOf(ends)) - before) / driven.calls });
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, (field) => sampled(taken.map((sample) => sample[field]))]));
}

function tableRow([name, of]: [string, (field: keyof Sample) => Sampled]): Record<string, string> {
  return {
    way: name,
    'calls/s': figure(of('perSecond')),
    'p50 ms': figure(of('p50'), 2),
    'p99 ms': figure(of('p99'), 2),
    'CPU µs/call': figure(of('cpuMicros')),
  };
}

function compare(report: Report, measured: Measured, count: number): void {
  const ratio = (field: keyof Sample, other: string): number =>
    (measured.get(tunnel)?.(field).median ?? Number.NaN) / (measured.get(other)?.(field).median ?? Number.NaN);
  if (measured.has(sshNoDelay) && count <= 64) {
    atLeast(report, `calls/s against ssh -R with TCP_NODELAY at ${count}`, ratio('perSecond', sshNoDelay), 2);
    atMost(report, `p50 against ssh -R with TCP_NODELAY at ${count}`, ratio('p50', sshNoDelay), 0.5);
    atMost(report, `CPU per call against ssh -R with TCP_NODELAY at ${count}`, ratio('cpuMicros', sshNoDelay), 0.4);
  }
  atLeast(report, `stretch: calls/s against the bare HTTP/2 stream at ${count}`, ratio('perSecond', bare), 0.7);
}

async function cpuMicrosOf({ relay, agent, cpuMicrosBetween }: Ends): Promise<number> {
  return (await relay.cpuMicros()) + (await agent.cpuMicros()) + (cpuMicrosBetween?.() ?? 0);
}

async function startEnds(opened: AsyncDisposableStack): Promise<Ends> {
  const relay = opened.use(await startBenchProcess<RelayQuestions>('relay-end.ts'));
  const agent = opened.use(await startBenchProcess<AgentQuestions>('agent-end.ts'));
  return { relay, agent };
}

async function tunnelEnds(opened: AsyncDisposableStack): Promise<Ends> {
  const ends = await startEnds(opened);
  const port = await ends.relay.ask('tunnel');
  await ends.agent.ask('tunnel', { token: await ends.relay.ask('token', { port }), compresses: true });
  return ends;
}

async function httpEnds(opened: AsyncDisposableStack): Promise<Ends> {
  const ends = await startEnds(opened);
  await ends.relay.ask('http', { port: await ends.agent.ask('http') });
  return ends;
}

async function http2Ends(opened: AsyncDisposableStack): Promise<Ends> {
  const ends = await startEnds(opened);
  await ends.agent.ask('http2', await ends.relay.ask('http2'));
  return ends;
}

async function sshEnds(opened: AsyncDisposableStack, { sshd, noDelay }: { sshd: string; noDelay: boolean }): Promise<Ends> {
  const ends = await startEnds(opened);
  const between = opened.use(await openSshTunnel({ sshd, noDelay, targetPort: await ends.agent.ask('http') }));
  await ends.relay.ask('http', { port: between.port });
  return { ...ends, cpuMicrosBetween: () => between.cpuMicros() };
}

function atLeast(report: Report, what: string, ratio: number, wanted: number): void {
  report.target({ what, wanted: `>= ${wanted}x`, measured: `${ratio.toFixed(2)}x`, met: ratio >= wanted });
}

function atMost(report: Report, what: string, ratio: number, wanted: number): void {
  report.target({ what, wanted: `<= ${wanted}x`, measured: `${ratio.toFixed(2)}x`, met: ratio <= wanted });
}
