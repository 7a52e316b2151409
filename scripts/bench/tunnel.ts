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
const warmUpMs = 1500;

interface Ends {
  relay: BenchProcess<RelayQuestions>;
  agent: BenchProcess<AgentQuestions>;
  /** Of what stands between them. */
  cpuMicrosBetween?: () => number;
}

interface Measured {
  perSecond: Sampled;
  p50: Sampled;
  p99: Sampled;
  /** Of all processes, per call. */
  cpuMicros: Sampled;
}
type ByCallers = Map<number, Measured>;

async function roundTrips(report: Report): Promise<void> {
  report.note(
    `A BAPI call of 1.1 KB answered with 2.3 KB; the caller (relay) and the handler (agent) are two processes on this machine, closed loop, ` +
      `${runs} runs of ${runMs / 1000} s after warm-up, median and half of the spread. Node runs with ${nodeFlags[0]}. CPU is of all processes.`,
  );
  const tunnel = await measure('tunnel (gRPC, TLS 1.3)', tunnelEnds, report);
  await measure('direct HTTP keep-alive', httpEnds, report);
  const bare = await measure('bare HTTP/2 stream, same frames, TLS', http2Ends, report);
  const sshd = findSshd();
  if (!sshd) report.note('ssh -R: skipped, there is no sshd on this machine (apt-get install openssh-server).');
  const ssh = sshd && (await measure('ssh -R with TCP_NODELAY, HTTP', (opened) => sshEnds(opened, { sshd, noDelay: true }), report));
  if (sshd) await measure('ssh -R as it comes, HTTP', (opened) => sshEnds(opened, { sshd, noDelay: false }), report);

  for (const count of [1, 16, 64]) {
    const [ours, theirs] = [tunnel.get(count), ssh ? ssh.get(count) : undefined];
    if (!ours || !theirs) continue;
    const at = `${count} caller${count === 1 ? '' : 's'}`;
    atLeast(report, `calls/s against ssh -R with TCP_NODELAY, ${at}`, ours.perSecond.median / theirs.perSecond.median, 2);
    atMost(report, `p50 against ssh -R with TCP_NODELAY, ${at}`, ours.p50.median / theirs.p50.median, 0.5);
    atMost(report, `CPU per call against ssh -R with TCP_NODELAY, ${at}`, ours.cpuMicros.median / theirs.cpuMicros.median, 0.4);
  }
  for (const count of callers) {
    const [ours, limit] = [tunnel.get(count), bare.get(count)];
    if (ours && limit)
      atLeast(
        report,
        `stretch: calls/s against the bare HTTP/2 stream, ${count} callers`,
        ours.perSecond.median / limit.perSecond.median,
        0.7,
      );
  }
}

async function measure(name: string, open: (opened: AsyncDisposableStack) => Promise<Ends>, report: Report): Promise<ByCallers> {
  await using opened = new AsyncDisposableStack();
  const ends = await open(opened);
  await ends.relay.ask('drive', { callers: 16, ms: warmUpMs });
  const measured: ByCallers = new Map();
  for (const count of callers) {
    await ends.relay.ask('drive', { callers: count, ms: 300 });
    const samples: (Driven & { cpuMicros: number })[] = [];
    for (let run = 0; run < runs; run += 1) {
      const before = await cpuMicrosOf(ends);
      const driven = await ends.relay.ask('drive', { callers: count, ms: runMs });
      samples.push({ ...driven, cpuMicros: ((await cpuMicrosOf(ends)) - before) / driven.calls });
    }
    const of = (field: keyof (typeof samples)[number]): Sampled => sampled(samples.map((sample) => sample[field]));
    measured.set(count, { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), cpuMicros: of('cpuMicros') });
  }
  report.table(
    name,
    [...measured].map(([count, { perSecond, p50, p99, cpuMicros }]) => ({
      callers: count,
      'calls/s': figure(perSecond),
      'p50 ms': figure(p50, 2),
      'p99 ms': figure(p99, 2),
      'CPU µs/call': figure(cpuMicros),
    })),
  );
  return measured;
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
