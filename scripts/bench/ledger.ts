import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@ml-connector/shared';
import { beginPosting, dueRecords, intake, settlePosting, startRun } from '../../relay/src/ledger/index.ts';
import type { RecordRow, RunRow, Store } from '../../relay/src/store/index.ts';
import { inTurns } from './in-turns.ts';
import { fileSystemFact } from './ledger/file-system.ts';
import { openRaw } from './ledger/hand-written.ts';
import { bodyOf, vendor } from './ledger/vendor.ts';
import { figure, type Report, type Sampled } from './report.ts';
import { benchFlow, openSeededLedger } from './seeded-ledger.ts';

const samples = 5;
const sampleMs = 600;
const callers = 200;
const flow = benchFlow('vendors');

/** Records into the ledger and through posting, durable, beside single commits and hand-written prepared statements on the same tables. */
export async function run(report: Report): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ledger-bench-'));
  try {
    report.note(fileSystemFact(folder));
    report.note(
      `Vendor records of 1.4 KB; ${callers} callers at once, or one after the other ("single commits"); SQLite WAL, synchronous FULL.`,
    );
    await using store = await openSeededLedger(path.join(folder, 'relay.db'), flow.flowId);
    const theRun = await startRun(store, systemClock, { flow, mode: 'full', trigger: 'manual' });
    using raw = openRaw(path.join(folder, 'relay.db'), theRun);
    const insert = {
      grouped: () => rateOf(() => grouped(store, theRun)),
      single: () => rateOf(() => single(store, theRun)),
      raw: () => rateOf(async () => raw.insert(callers)),
    };
    const insertRates = await inTurns(insert, samples);
    const post = { ledger: () => rateOf(() => postRound(store)), raw: () => rateOf(async () => raw.post(callers)) };
    const postRates = await inTurns(post, samples, () => fill(store, theRun));
    print(report, insertRates, postRates);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(report: Report, insert: Record<'grouped' | 'single' | 'raw', Sampled>, post: Record<'ledger' | 'raw', Sampled>): void {
  report.table('Ledger, records per second', [
    { what: 'intake, one record per call, group commit', rate: figure(insert.grouped) },
    { what: 'intake, single commits', rate: figure(insert.single) },
    { what: 'the same rows by hand-written prepared statements, one transaction per group', rate: figure(insert.raw) },
    { what: 'claim, begin and settle a post', rate: figure(post.ledger) },
    { what: 'the same by hand-written prepared statements', rate: figure(post.raw) },
  ]);
  const against = (what: string, ours: Sampled, other: Sampled, wanted: number): void => {
    const ratio = ours.median / other.median;
    report.target({ what, wanted: `>= ${wanted}x`, measured: `${ratio.toFixed(2)}x`, met: ratio >= wanted });
  };
  against('group commit against single commits', insert.grouped, insert.single, 10);
  against('intake against prepared statements', insert.grouped, insert.raw, 0.6);
  against('claim and settle against prepared statements', post.ledger, post.raw, 0.6);
}

async function rateOf(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < sampleMs) {
    const count = await work();
    if (count === 0) break;
    done += count;
  }
  return done / ((performance.now() - start) / 1000);
}

async function takeIn(store: Store, { id }: RunRow, records: ReturnType<typeof vendor>[]): Promise<void> {
  await intake(store, systemClock, { flow, runId: id, kind: 'document', mappingVersion: 'm1', records });
}

async function grouped(store: Store, theRun: RunRow): Promise<number> {
  await Promise.all(Array.from({ length: callers }, () => takeIn(store, theRun, [vendor()])));
  return callers;
}

async function single(store: Store, theRun: RunRow): Promise<number> {
  await takeIn(store, theRun, [vendor()]);
  return 1;
}

async function fill(store: Store, theRun: RunRow): Promise<void> {
  const pending = await dueRecords(store, flow, systemClock.now(), 20_000);
  if (pending.length < 20_000) await takeIn(store, theRun, Array.from({ length: 20_000 }, vendor));
}

const notes: string[] = [];
async function postRound(store: Store): Promise<number> {
  const records = await dueRecords(store, flow, systemClock.now(), callers);
  await Promise.all(records.map((record) => postOne(store, record)));
  return records.length;
}

async function postOne(store: Store, record: RecordRow): Promise<void> {
  const body = bodyOf(record);
  const attempt = await beginPosting(store, systemClock, record, { mappingVersion: 'm1', body, notes });
  if (!attempt) return;
  const result = { targetId: `target-${record.key}`, targetLabel: record.label, action: 'created' };
  await settlePosting(store, systemClock, { record, attempt }, { state: 'succeeded', result });
}
