import { inTurns, type Contenders } from './in-turns.ts';
import { bareRate } from './pipeline/bare-end.ts';
import { startStub } from './pipeline/children.ts';
import { engineRate } from './pipeline/engine-end.ts';
import { startNodeRed, type NodeRed } from './pipeline/node-red-end.ts';
import { figure, sampled, type Report, type Sampled } from './report.ts';

export interface PipelineSize {
  /** Records of one sample. */
  records: number;
  samples: number;
  nodeRedMs: number;
}

/**
 * Poll in, intake, map ten fields, HTTP POST to a stub, settle, with full audit; beside a bare script that only commits twice and posts, and
 * beside Node-RED with the same flow. That one is installed for the occasion, and left out where npm's registry cannot be reached.
 */
export async function run(
  report: Report,
  { records, samples, nodeRedMs }: PipelineSize = { records: 10_000, samples: 5, nodeRedMs: 3000 },
): Promise<void> {
  await using stub = await startStub();
  report.note(
    `${records} orders of a kilobyte a sample, into a new database each; SQLite WAL, synchronous FULL; the stub is a process of its own, ` +
      'the contenders take turns.',
  );
  await using nodeRed = await startNodeRed(stub.url).catch((error: unknown) => {
    report.note(`Node-RED could not be installed or started: ${String(error).slice(0, 300)}`);
    return null;
  });
  if (nodeRed)
    report.note(
      'Node-RED keeps an order as a line appended to a file without fsync; the engine commits it durably before and after the post.',
    );
  const rows: Record<string, string | number>[] = [];
  for (const inFlight of [16, 64]) {
    const load = { inFlight, targetUrl: stub.url, count: records };
    const rates = await inTurns(contenders({ load, nodeRed, nodeRedMs }), samples);
    const engine = rates['engine'] ?? sampled([]);
    const others = Object.entries(rates).map(([name, rate]) => [`${name}, records/s`, figure(rate)]);
    rows.push({ 'in flight': inFlight, ...(Object.fromEntries(others) as Record<string, string>) });
    against(report, { what: `pipeline at ${inFlight} in flight vs the bare script`, engine, other: rates['bare script'], wanted: 0.6 });
    against(report, { what: `pipeline at ${inFlight} in flight vs Node-RED`, engine, other: rates['Node-RED'], wanted: 2 });
  }
  report.table('Pipeline', rows);
}

interface Load {
  inFlight: number;
  targetUrl: string;
  count: number;
}

function contenders({ load, nodeRed, nodeRedMs }: { load: Load; nodeRed: NodeRed | null; nodeRedMs: number }): Contenders {
  return {
    engine: () => engineRate(load),
    'bare script': () => bareRate(load),
    ...(nodeRed && { 'Node-RED': () => nodeRed.rate({ inFlight: load.inFlight, ms: nodeRedMs }) }),
  };
}

function against(
  report: Report,
  { what, engine, other, wanted }: { what: string; engine: Sampled; other: Sampled | undefined; wanted: number },
): void {
  if (!other) return;
  const ratio = engine.median / other.median;
  report.target({ what, wanted: `>= ${wanted}x`, measured: `${ratio.toFixed(2)}x`, met: ratio >= wanted });
}
