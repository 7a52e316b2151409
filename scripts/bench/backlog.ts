import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BacklogFacts } from './backlog/relay-end.ts';
import { startStub } from './pipeline/children.ts';
import type { Report } from './report.ts';

export interface BacklogSize {
  /** Finished records in the ledger, the smaller and the larger one. */
  finished: readonly [number, number];
  backlog: number;
}

const full: BacklogSize = { finished: [100_000, 1_000_000], backlog: 100_000 };

/** A backlog is worked off; memory and claims on a ledger of a hundred thousand records beside those on one of a million. */
export async function run(report: Report, { finished, backlog }: BacklogSize = full): Promise<void> {
  await using stub = await startStub();
  report.note(
    `${backlog} pending records at 16 in flight, each ledger in a process of its own; memory is the most that the process ever had.`,
  );
  const [small, large] = [await measure(finished[0], backlog, stub.url), await measure(finished[1], backlog, stub.url)];
  report.table(
    'Backlog',
    [small, large].map((facts) => ({
      'finished records': facts.finished,
      backlog: facts.backlog,
      'records/s': Math.round(facts.recordsPerSecond),
      'minutes for all': (facts.backlog / facts.recordsPerSecond / 60).toFixed(1),
      'claim of 100, p95 ms': facts.claimP95.toFixed(2),
      'peak MB': Math.round(facts.peakRss),
    })),
  );
  const ratio = (what: string, one: number, other: number, most: number): void =>
    report.target({ what, wanted: `<= ${most}x`, measured: `${(other / one).toFixed(2)}x`, met: other / one <= most });
  ratio('memory at ten times the ledger', small.peakRss, large.peakRss, 1.2);
  ratio('p95 of a claim at ten times the ledger', small.claimP95, large.claimP95, 1.5);
}

async function measure(finished: number, backlog: number, targetUrl: string): Promise<BacklogFacts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'backlog-bench-'));
  try {
    const file = path.join(folder, 'relay.sqlite');
    await runToEnd('fill-end.ts', [file, String(finished)]);
    return JSON.parse(await runToEnd('relay-end.ts', [file, String(finished), String(backlog), targetUrl])) as BacklogFacts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers what it printed. */
async function runToEnd(script: string, args: string[]): Promise<string> {
  const command = ['--max-semi-space-size=8', path.join(import.meta.dirname, 'backlog', script), ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return output;
}
