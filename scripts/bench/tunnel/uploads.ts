import { figure, sampled, type Report, type Sampled } from '../report.ts';
import type { AgentQuestions } from './agent-end.ts';
import { startBenchProcess } from './asking.ts';
import type { RelayQuestions } from './relay-end.ts';
import type { SlowLinkQuestions } from './slow-link.ts';

const link = { delayMs: 20, megabitsPerSecond: 20 };
const linkBytesPerSecond = (link.megabitsPerSecond * 1e6) / 8;
const runs = 3;

/** A table read from agent to relay over 40 ms round trip and 20 Mbit/s. */
export async function uploads(report: Report): Promise<void> {
  report.note(
    `Upload: rows of 20 columns (189 bytes of JSON each), ${link.delayMs * 2} ms round trip, ${link.megabitsPerSecond} Mbit/s, by a proxy in a process of its own.`,
  );
  const plain = await upload({ compresses: false, rows: 50_000 });
  const compressed = await upload({ compresses: true, rows: 200_000 });
  report.table('Upload from agent to relay over the slow link', [
    { chunks: 'as they are', 'rows/s': figure(plain.rowsPerSecond), 'link used': percent(plain.linkShare) },
    { chunks: 'zstd', 'rows/s': figure(compressed.rowsPerSecond), 'link used': percent(compressed.linkShare) },
  ]);
  const share = plain.linkShare.median;
  report.target({
    what: 'upload over the slow link',
    wanted: '>= 90 % of the link',
    measured: percent(plain.linkShare),
    met: share >= 0.9,
  });
  // The rows a fully used link would carry uncompressed are the yardstick, not our own uncompressed figure.
  const uncompressedLimit = plain.rowsPerSecond.median / share;
  const gain = compressed.rowsPerSecond.median / uncompressedLimit;
  report.target({
    what: 'compressed upload against what the link carries uncompressed',
    wanted: '>= 4x the rows/s',
    measured: `${gain.toFixed(2)}x`,
    met: gain >= 4,
  });
}

interface Uploaded {
  rowsPerSecond: Sampled;
  /** Bytes on the wire against what the link carries. */
  linkShare: Sampled;
}

async function upload({ compresses, rows }: { compresses: boolean; rows: number }): Promise<Uploaded> {
  await using relay = await startBenchProcess<RelayQuestions>('relay-end.ts');
  await using agent = await startBenchProcess<AgentQuestions>('agent-end.ts');
  await using between = await startBenchProcess<SlowLinkQuestions>('slow-link.ts');
  const port = await between.ask('open', { ...link, targetPort: await relay.ask('tunnel') });
  await agent.ask('tunnel', { token: await relay.ask('token', { port }), compresses });
  await relay.ask('read', { rows: 20_000 });
  const [rates, shares]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const before = await between.ask('bytesUp');
    const seconds = await relay.ask('read', { rows });
    rates.push(rows / seconds);
    shares.push(((await between.ask('bytesUp')) - before) / seconds / linkBytesPerSecond);
  }
  return { rowsPerSecond: sampled(rates), linkShare: sampled(shares) };
}

function percent({ median, spread }: Sampled): string {
  return `${(median * 100).toFixed(1)} % (±${(spread * 100).toFixed(0)} %)`;
}
