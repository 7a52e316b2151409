import { startStub } from './pipeline/children.ts';
import { engineRate } from './pipeline/engine-end.ts';
import { startNodeRed } from './pipeline/node-red-end.ts';
import { figure, sampled, type Report } from './report.ts';

/** The pipeline beside Node-RED with the same flow, installed for the occasion; left out where npm's registry cannot be reached. */
export async function run(report: Report, { records, samples } = { records: 10_000, samples: 3 }): Promise<void> {
  await using stub = await startStub();
  await using peer = await startNodeRed(stub.url).catch((error: unknown) => {
    report.note(`Node-RED could not be installed or started: ${String(error).slice(0, 300)}`);
    return null;
  });
  if (!peer) return;
  report.note(
    'Node-RED keeps an order as a line appended to a file without fsync; the engine commits it durably before and after the post.',
  );
  const rows: Record<string, string | number>[] = [];
  for (const inFlight of [16, 64]) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let sample = 0; sample <= samples; sample++) {
      const engine = await engineRate({ targetUrl: stub.url, inFlight, count: records });
      const nodeRed = await peer.rate({ inFlight, ms: 3000 });
      if (sample === 0) continue; // the first one warms up
      ours.push(engine);
      theirs.push(nodeRed);
    }
    const [engine, nodeRed] = [sampled(ours), sampled(theirs)];
    const ratio = engine.median / nodeRed.median;
    rows.push({ 'in flight': inFlight, 'engine, records/s': figure(engine), 'Node-RED': figure(nodeRed), ratio: ratio.toFixed(2) });
    report.target({
      what: `pipeline at ${inFlight} in flight against Node-RED`,
      wanted: '>= 2x',
      measured: `${ratio.toFixed(2)}x`,
      met: ratio >= 2,
    });
  }
  report.table('Pipeline beside Node-RED', rows);
}
