import { SystemError } from '@ml-connector/shared';
import type { Flow, ReconcileInput, ReconciledSlice } from '../../flows/flow.ts';
import { differencesOf, requestReconciliation, slicesOf } from '../../ledger/index.ts';
import type { ReconciliationRow } from '../../store/index.ts';
import { changePlan, findPlan, plannedRange, reconciliationSettings } from './plan.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

type Reconcile = (input: ReconcileInput<unknown, unknown>) => AsyncIterable<ReconciledSlice>;

async function open(reconcile: Reconcile, at = '2030-03-20T12:00'): Promise<void> {
  bench = await EngineBench.open({ at });
  (bench.flow as { reconcile?: Flow['reconcile'] }).reconcile = reconcile;
}

const rows = (): Promise<ReconciliationRow[]> => bench.store.db.selectFrom('reconciliation').selectAll().orderBy('id').execute();
const untilStates = (...states: string[]): Promise<void> =>
  bench.until(`reconciliations ${states.join(', ')}`, async () => (await rows()).map(({ state }) => state).join() === states.join());
const ask = () =>
  requestReconciliation(bench.store, bench.clock, {
    flow: flowRef,
    range: { first: '2030-02-01', last: '2030-02-28' },
    trigger: 'manual',
    actor: 'user:eva',
  });

const side = (count: number, sum: string) => ({ count, sum });
const slice = (name: string, differences: ReconciledSlice['differences'] = []): ReconciledSlice => ({
  name,
  source: side(2, '300.00'),
  ledger: side(2, '300.00'),
  target: side(2 - differences.length, '100.00'),
  differences,
});

async function* twoSlices(input: ReconcileInput<unknown, unknown>): AsyncGenerator<ReconciledSlice, void, void> {
  yield slice(`${input.range.first} ${input.range.last}`);
  const [entry] = await input.ledger(['1', 'never read']);
  const missing = {
    key: '1',
    code: 'NOT_IN_TARGET',
    message: 'Größe & Töchter GmbH has no journal',
    ...(entry && { recordId: entry.recordId }),
  };
  yield slice('1000 2030-03 EUR', [missing]);
}

test('one that a person asks for is stored slice by slice, its differences down to the record', async () => {
  await open(twoSlices);
  bench.source.batches = [[{ key: '1', name: 'Größe & Töchter GmbH' }]];
  bench.start();
  await bench.untilAll('succeeded');
  const { row, isNew } = await ask();
  await untilStates('succeeded');
  const [record] = await bench.records();
  expect(isNew).toBe(true);
  expect((await rows())[0]).toMatchObject({ id: row.id, slice_count: 2, difference_count: 1, error_json: null });
  expect(await slicesOf(bench.store, row.id)).toMatchObject([
    { name: '2030-02-01 2030-02-28', source_count: 2, source_sum: '300.00', difference_count: 0 },
    { name: '1000 2030-03 EUR', target_count: 1, target_sum: '100.00', difference_count: 1 },
  ]);
  expect(await differencesOf(bench.store, { reconciliationId: row.id, limit: 10 })).toMatchObject([
    { number: 1, slice_number: 2, code: 'NOT_IN_TARGET', record_id: record?.id },
  ]);
});

test('a plan is due at its hour, once however often it was missed, over its months', async () => {
  await open(twoSlices);
  await changePlan(bench.store, bench.clock, flowRef, reconciliationSettings.parse({ hour: 2, timeZone: 'Europe/Berlin' }));
  bench.start();
  await bench.rounds();
  expect(await rows()).toEqual([]);
  bench.clock.goTo('2030-03-25T01:30');
  await untilStates('succeeded');
  await bench.rounds();
  expect(await rows()).toMatchObject([{ trigger: 'schedule', first_day: '2030-02-01', last_day: '2030-03-25' }]);
  expect(new Date((await findPlan(bench.store, flowRef))?.next_at ?? 0).toISOString()).toBe('2030-03-26T01:00:00.000Z');
});

test('a flow without a plan gets the nightly one, and is not compared at once', async () => {
  await open(twoSlices);
  bench.start();
  await bench.rounds();
  expect(await rows()).toEqual([]);
  expect(new Date((await findPlan(bench.store, flowRef))?.next_at ?? 0).toISOString()).toBe('2030-03-21T02:00:00.000Z');
});

test('there are never two at once: a second request answers the one that is open', async () => {
  const goOn = Promise.withResolvers<void>();
  await open(async function* () {
    await goOn.promise;
    yield slice('1000');
  });
  const first = await ask();
  bench.start();
  await untilStates('running');
  const second = await ask();
  expect([second.isNew, second.row.id]).toEqual([false, first.row.id]);
  goOn.resolve();
  await untilStates('succeeded');
});

test.each([
  ['after 10 minutes when it passes by itself', 'retry' as const, 10],
  ['at the regular time when it needs a person', 'refused' as const, 60],
])('a failure is explained, and the next one is %s', async (_what, verdict, after) => {
  await open(async function* () {
    yield slice('1000 2030-03 EUR');
    throw new SystemError('SAP_DUMP', verdict, 'reading BSEG: Time limit exceeded.', { fix: 'Ask Basis.' });
  });
  await changePlan(bench.store, bench.clock, flowRef, reconciliationSettings.parse({ everyHours: 1 }));
  bench.start();
  bench.clock.goTo('2030-03-20T13:30');
  await untilStates('failed');
  const [row] = await rows();
  expect(JSON.parse(row?.error_json ?? '{}')).toMatchObject({
    code: 'SAP_DUMP',
    message: 'reading BSEG: Time limit exceeded.',
    fix: 'Ask Basis.',
  });
  await bench.until('plan', async () => (await findPlan(bench.store, flowRef))?.failures === 1);
  const minutes = Math.round((((await findPlan(bench.store, flowRef))?.next_at ?? 0) - bench.clock.now()) / 60_000);
  expect(minutes).toBe(after);
});

test('one that the end of the relay cuts off is begun anew, without what it had found', async () => {
  let isFirst = true;
  await open(async function* ({ scope }) {
    yield slice('1000');
    if (!isFirst) return;
    isFirst = false;
    await new Promise((_resolve, reject) => scope.signal.addEventListener('abort', () => reject(new Error('cut off'))));
  });
  const { row } = await ask();
  bench.start();
  await bench.until('a slice', async () => (await slicesOf(bench.store, row.id)).length === 1);
  await bench.stop();
  expect(await rows()).toMatchObject([{ state: 'waiting', ended_at: null }]);
  bench.start();
  await untilStates('succeeded');
  expect(await rows()).toMatchObject([{ attempts: 2, slice_count: 1 }]);
  expect(await slicesOf(bench.store, row.id)).toHaveLength(1);
});

test('one that a killed relay left behind is taken up', async () => {
  await open(async function* () {
    yield slice('1000');
  });
  await ask();
  await bench.store.db.updateTable('reconciliation').set({ state: 'running', attempts: 3, slice_count: 7 }).execute();
  bench.start();
  await untilStates('succeeded');
  expect(await rows()).toMatchObject([{ attempts: 4, slice_count: 1 }]);
});

test.each([
  [2, '2026-05-20', { first: '2026-04-01', last: '2026-05-20' }],
  [1, '2026-05-01', { first: '2026-05-01', last: '2026-05-01' }],
  [3, '2026-01-15', { first: '2025-11-01', last: '2026-01-15' }],
])('%i months up to %s', async (months, today, range) => {
  await open(twoSlices);
  expect(plannedRange({ months, timeZone: 'UTC' }, Date.parse(`${today}T12:00:00Z`))).toEqual(range);
});
