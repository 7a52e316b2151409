import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { cpuMicrosOf } from './process-facts.ts';
import { figure, sampled, type Report } from './report.ts';
import { send, type Measured, type Target } from './webhooks/deliveries.ts';

const rounds = 7;
const sampleMs = 1500;
const connections = 64;
const kinds = ['bare', 'single', 'relay'] as const;
type Kind = (typeof kinds)[number];

/** Webhooks with signature check and durable answer, beside a server that only checks, and one that commits each of them. */
export async function run(report: Report): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'webhooks-bench-'));
  await using open = new AsyncDisposableStack();
  open.defer(() => rmSync(folder, { recursive: true }));
  report.note(
    `Signed BigCommerce events, ${connections} kept-alive connections with one delivery at a time each; server and sender in processes of ` +
      `their own; ${rounds} rounds of ${sampleMs / 1000} s in turns, after one that does not count. SQLite WAL, synchronous FULL: 200 means that the event is on disk.`,
  );
  const servers = new Map<Kind, Server>();
  for (const kind of kinds) servers.set(kind, open.use(await startServer(kind, path.join(folder, `${kind}.db`))));
  const samples = new Map<Kind, Sample[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [kind, server] of servers) {
      const sample = await measure(server);
      if (round > 0) samples.get(kind)?.push(sample);
      else server.uncounted = sample.answered;
    }
  print(report, samples);
  checkStored(report, { file: path.join(folder, 'relay.db'), answered: answeredBy(servers, samples) });
}

interface Server extends AsyncDisposable {
  target: Target;
  pid: number;
  /** Answered in the round that does not count. */
  uncounted: number;
}

async function startServer(kind: Kind, file: string): Promise<Server> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'webhooks', 'server.ts'), [kind, file]);
  const [target] = (await once(child, 'message')) as [Target];
  return {
    target,
    pid: child.pid ?? 0,
    uncounted: 0,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

interface Sample extends Measured {
  cpuMicros: number;
}

async function measure({ target, pid }: Server): Promise<Sample> {
  const before = cpuMicrosOf(pid);
  const measured = await send(target, { connections, ms: sampleMs, most: 60_000 });
  return { ...measured, cpuMicros: (cpuMicrosOf(pid) - before) / measured.answered };
}

const names: Record<Kind, string> = {
  bare: 'node:http that checks the signature, stores nothing',
  single: 'the same with one commit per delivery',
  relay: "the relay's receiver: signature, header secret, event on disk",
};

function print(report: Report, samples: ReadonlyMap<Kind, Sample[]>): void {
  const of = (kind: Kind, read: (sample: Sample) => number) => sampled((samples.get(kind) ?? []).map(read));
  report.table(
    'Webhooks',
    kinds.map((kind) => ({
      server: names[kind],
      'deliveries/s': figure(of(kind, ({ rate }) => rate)),
      'p50 ms': figure(
        of(kind, ({ p50 }) => p50),
        1,
      ),
      'p99 ms': figure(
        of(kind, ({ p99 }) => p99),
        1,
      ),
      'CPU µs each': figure(of(kind, ({ cpuMicros }) => cpuMicros)),
    })),
  );
  // Of each round, so that a slower minute of the machine meets both.
  const ratio = (other: Kind, read: (sample: Sample) => number) =>
    sampled((samples.get('relay') ?? []).map((sample, round) => read(sample) / read(samples.get(other)?.[round] ?? sample)));
  const rate = ratio('bare', (sample) => sample.rate);
  const slow = ratio('bare', (sample) => sample.p99);
  const single = ratio('single', (sample) => sample.rate);
  report.target({
    what: 'deliveries per second against checking only',
    wanted: '>= 0.6x',
    measured: `${figure(rate, 2)}x`,
    met: rate.median >= 0.6,
  });
  report.target({ what: 'p99 against checking only', wanted: '<= 3x', measured: `${figure(slow, 2)}x`, met: slow.median <= 3 });
  report.target({ what: 'against one commit per delivery', wanted: '>= 6x', measured: `${figure(single, 1)}x`, met: single.median >= 6 });
}

function answeredBy(servers: ReadonlyMap<Kind, Server>, samples: ReadonlyMap<Kind, Sample[]>): number {
  return (servers.get('relay')?.uncounted ?? 0) + (samples.get('relay') ?? []).reduce((sum, { answered }) => sum + answered, 0);
}

/** Who answered faster than it stored would be found here. */
function checkStored(report: Report, { file, answered }: { file: string; answered: number }): void {
  const handle = new Database(file, { readonly: true });
  const { stored } = handle.prepare('select count(*) as stored from webhook_event').get() as { stored: number };
  handle.close();
  report.target({ what: 'answered 200 and on disk', wanted: `${answered}`, measured: `${stored}`, met: stored === answered });
}
