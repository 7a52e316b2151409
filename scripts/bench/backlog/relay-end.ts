/**
 * A process with the engine on a ledger that already holds so many finished records: works off a backlog and says how fast, how dear a claim is
 * and how much memory it took. `node relay-end.ts <file> <finished> <backlog> <target url>`
 */
import { performance } from 'node:perf_hooks';
import { systemClock } from '@ml-connector/shared';
import { dueRecords, intake, startRun } from '../../../relay/src/ledger/index.ts';
import { memoryOf } from '../process-facts.ts';
import { drive, orderFlow } from '../pipeline/engine-end.ts';
import { orderOf } from '../pipeline/order.ts';
import { benchFlow, openSeededLedger } from '../seeded-ledger.ts';

export interface BacklogFacts {
  finished: number;
  backlog: number;
  recordsPerSecond: number;
  /** Of fetching the next hundred due records, in milliseconds. */
  claimP95: number;
  /** Most of the process while it worked, in MB. */
  peakRss: number;
}

const [file = '', finished = '0', backlog = '0', targetUrl = ''] = process.argv.slice(2);
const flow = benchFlow(orderFlow.id);

await using store = await openSeededLedger(file, orderFlow.id);
const run = await startRun(store, systemClock, { flow, mode: 'full', trigger: 'manual' });
for (let taken = 0; taken < Number(backlog); taken += 1000) {
  const orders = Array.from({ length: Math.min(1000, Number(backlog) - taken) }, (_, index) => orderOf(500_000_000 + taken + index));
  const records = orders.map((order) => ({ key: order.id, label: order.customer.name, payload: order }));
  await intake(store, systemClock, { flow, runId: run.id, kind: 'document', mappingVersion: 'm1', records });
}
const claims: number[] = [];
for (let round = 0; round < 200; round++) {
  const began = performance.now();
  await dueRecords(store, flow, systemClock.now(), 100);
  claims.push(performance.now() - began);
}
const seconds = await drive({ store, source: { next: 0, end: 0 }, targetUrl, inFlight: 16, count: Number(backlog) });
const facts: BacklogFacts = {
  finished: Number(finished),
  backlog: Number(backlog),
  recordsPerSecond: Number(backlog) / seconds,
  claimP95: claims.toSorted((one, other) => one - other)[Math.floor(claims.length * 0.95)] ?? Number.NaN,
  peakRss: memoryOf(process.pid).peak,
};
console.log(JSON.stringify(facts));
