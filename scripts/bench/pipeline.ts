import { bareRate } from './pipeline/bare-end.ts';
import { startStub } from './pipeline/children.ts';
import { engineRate } from './pipeline/engine-end.ts';
import { figure, sampled, type Report } from './report.ts';

export interface PipelineSize {
  /** Records of one sample. */
  records: number;
  samples: number;
}

/** Poll in, intake, map ten fields, HTTP POST to a stub, settle, with full audit; beside a bare script that only commits twice and posts. */
export async function run(report: Report, { records, samples }: PipelineSize = { records: 10_000, samples: 5 }): Promise<void> {
  await using stub = await startStub();
  report.note(
    `${records} orders of a kilobyte a sample, into a new database each; SQLite WAL, synchronous FULL; the stub is a process of its own, ` +
      'the contenders take turns in this one.',
  );
  const rows: Record<string, string | number>[] = [];
  for (const inFlight of [16, 64]) {
    const [engine, bare]: [number[], number[]] = [[], []];
    for (let sample = 0; sample <= samples; sample++) {
      const work = { targetUrl: stub.url, inFlight, count: records };
      const [engineOnce, bareOnce] = [await engineRate(work), await bareRate(work)];
      if (sample === 0) continue; // the first one warms up
      engine.push(engineOnce);
      bare.push(bareOnce);
    }
    const [ours, limit] = [sampled(engine), sampled(bare)];
    const ratio = ours.median / limit.median;
    rows.push({ 'in flight': inFlight, 'engine, records/s': figure(ours), 'bare script': figure(limit), ratio: ratio.toFixed(2) });
    report.target({
      what: `pipeline at ${inFlight} in flight against a bare script`,
      wanted: '>= 0.6x',
      measured: `${ratio.toFixed(2)}x`,
      met: ratio >= 0.6,
    });
  }
  report.table('Pipeline', rows);
}
