import { SystemError } from '@ml-connector/shared';
import { cancelRequest, requestRun, type RunRequest } from '../../ledger/index.ts';
import type { RunRequestRow, RunRow } from '../../store/index.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const batches = [1, 2, 3].map((number) => [{ key: `${number}`, name: `Lieferant ${number}` }]);
const runs = (): Promise<RunRow[]> => bench.store.db.selectFrom('run').selectAll().orderBy('id').execute();
const flow = () => bench.store.db.selectFrom('integration_flow').selectAll().executeTakeFirstOrThrow();
const requests = (): Promise<RunRequestRow[]> => bench.store.db.selectFrom('run_request').selectAll().orderBy('id').execute();
const untilRuns = (...expected: string[]): Promise<void> =>
  bench.until(
    `runs ${expected.join(', ')}`,
    async () => (await runs()).map(({ mode, state }) => `${mode} ${state}`).join(', ') === expected.join(', '),
  );
const ask = (mode: RunRequest['mode'], range?: RunRequest['range']): Promise<RunRequestRow> =>
  requestRun(bench.store, bench.clock, { flow: flowRef, mode, actor: 'user:eva', ...(range && { range }) });
const evening = JSON.stringify({ cron: '0 22 * * *', timeZone: 'Europe/Berlin' });
const iso = (moment: number | null | undefined): string => new Date(moment ?? 0).toISOString().slice(0, 16);

test('a run begins at the time of its pattern, and not before', async () => {
  bench = await EngineBench.open({ at: '2030-03-20T19:00' });
  await bench.changeFlow({ schedule_json: evening, next_run_at: Date.parse('2030-03-20T21:00Z') });
  bench.start();
  await bench.rounds();
  expect(await runs()).toEqual([]);
  bench.clock.goTo('2030-03-20T21:00');
  await untilRuns('changes succeeded');
  expect(iso((await flow()).next_run_at)).toBe('2030-03-21T21:00');
});

test('times that were missed while the relay was down are caught up by one run', async () => {
  bench = await EngineBench.open({ at: '2030-03-20T19:00' });
  await bench.changeFlow({ schedule_json: evening, next_run_at: Date.parse('2030-03-20T21:00Z') });
  bench.clock.goTo('2030-03-25T12:00');
  bench.start();
  await untilRuns('changes succeeded');
  await bench.rounds();
  await untilRuns('changes succeeded');
  expect(iso((await flow()).next_run_at)).toBe('2030-03-25T21:00');
});

test('times that were missed while the flow was paused are caught up by one run', async () => {
  bench = await EngineBench.open({ at: '2030-03-20T19:00' });
  await bench.changeFlow({ schedule_json: evening, next_run_at: Date.parse('2030-03-20T21:00Z'), paused: 1 });
  bench.start();
  bench.clock.goTo('2030-03-25T12:00');
  await bench.rounds();
  expect(await runs()).toEqual([]);
  await bench.changeFlow({ paused: 0 });
  await untilRuns('changes succeeded');
  await bench.rounds();
  await untilRuns('changes succeeded');
});

test('a time that comes while the run before is under way is caught up after it', async () => {
  bench = await EngineBench.open({ at: '2030-03-20T20:59' });
  bench.source.batches = batches;
  await bench.changeFlow({ schedule_json: JSON.stringify({ cron: '0 * * * *' }), next_run_at: Date.parse('2030-03-20T20:00Z') });
  const [reading, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  bench.source.beforeBatch = async () => {
    reading.resolve();
    await goOn.promise;
  };
  bench.start();
  await reading.promise;
  bench.clock.goTo('2030-03-20T22:30');
  goOn.resolve();
  await untilRuns('changes succeeded', 'changes succeeded');
  expect(iso((await flow()).next_run_at)).toBe('2030-03-20T23:00');
});

test('a sweep begins at its own time, beside an interval for the changes', async () => {
  bench = await EngineBench.open({ at: '2030-03-20T19:00' });
  const schedule = { everyMs: 36_000_000, sweepCron: '0 2 * * 6', timeZone: 'Europe/Berlin' };
  await bench.changeFlow({ schedule_json: JSON.stringify(schedule), next_sweep_at: Date.parse('2030-03-23T01:00Z') });
  bench.start();
  await untilRuns('changes succeeded');
  await bench.changeFlow({ next_run_at: Date.parse('2030-04-01T00:00Z') });
  bench.clock.goTo('2030-03-23T01:00');
  await untilRuns('changes succeeded', 'sweep succeeded');
  expect(iso((await flow()).next_sweep_at)).toBe('2030-03-30T01:00');
});

test('a sweep that a person asked for is done once where the schedule has none', async () => {
  bench = await EngineBench.open();
  (bench.flow as { schedule: object }).schedule = { everyMs: 3_600_000 };
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 1, error: new SystemError('TUNNEL_LOST', 'uncertain', 'the tunnel broke') };
  await ask('sweep');
  bench.start();
  await untilRuns('sweep failed', 'sweep succeeded');
  await bench.rounds();
  await untilRuns('sweep failed', 'sweep succeeded');
  expect((await flow()).next_sweep_at).toBeNull();
});

test('a schedule of a build that knew intervals only goes on', async () => {
  bench = await EngineBench.open();
  await bench.changeFlow({ schedule_json: JSON.stringify({ everyMs: 60_000, sweepEveryMs: 7_200_000 }) });
  bench.start();
  await untilRuns('changes succeeded');
  const [run] = await runs();
  expect((await flow()).next_run_at).toBe((run?.ended_at ?? 0) + 60_000);
  expect((await flow()).next_sweep_at).toBe((run?.ended_at ?? 0) + 7_200_000);
});

const may = { first: '2030-05-01', last: '2030-05-31' };

test('a backfill reads its days, and leaves cursor and schedule alone', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches.slice(0, 1);
  bench.start();
  await untilRuns('changes succeeded');
  const before = await flow();
  bench.source.batches.push(...batches.slice(1));
  const { id } = await ask('backfill', may);
  await untilRuns('changes succeeded', 'backfill succeeded');
  expect(bench.source.extractions[1]).toEqual({ mode: 'backfill', cursor: 1, range: may });
  expect(await flow()).toEqual(before);
  const [, backfill] = await runs();
  expect(JSON.parse(backfill?.range_json ?? '')).toEqual(may);
  expect(await requests()).toMatchObject([{ id, state: 'succeeded', run_id: backfill?.id }]);
  await bench.untilAll('succeeded');
  expect((await bench.records()).map(({ key }) => key)).toEqual(['1', '2', '3']);
});

test.each([
  ['stopped', () => bench.stop()],
  ['killed', () => bench.kill()],
])('a backfill whose relay is %s begins anew under the same request', async (_what, end) => {
  bench = await EngineBench.open({ settings: { drainMs: 0 } });
  bench.source.batches = batches;
  await bench.changeFlow({ next_run_at: Number.MAX_SAFE_INTEGER });
  const { id } = await ask('backfill', may);
  const reading = Promise.withResolvers<void>();
  bench.source.beforeBatch = (number, signal) =>
    number < 2
      ? Promise.resolve()
      : new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          reading.resolve();
        });
  bench.start();
  await reading.promise;
  await end();
  bench.source.beforeBatch = () => Promise.resolve();
  bench.start();
  await untilRuns('backfill interrupted', 'backfill succeeded');
  expect(bench.source.extractions.map(({ range }) => range)).toEqual([may, may]);
  expect(await requests()).toMatchObject([{ id, state: 'succeeded' }]);
  expect(await flow()).toMatchObject({ cursor_json: null, next_run_at: Number.MAX_SAFE_INTEGER });
});

test('a backfill that fails is tried again, and the changes come in between', async () => {
  bench = await EngineBench.open({ settings: { extractionRetry: { firstMs: 3_600_000, capMs: 3_600_000, random: () => 0.5 } } });
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 1, error: new SystemError('NO_TUNNEL', 'retry', 'no agent of site Berlin is connected') };
  await ask('backfill', may);
  bench.start();
  await untilRuns('backfill failed', 'changes succeeded');
  expect(await requests()).toMatchObject([{ state: 'waiting', failures: 1 }]);
  bench.clock.goTo('2030-03-18T00:00');
  await bench.until('the backfill', async () => (await requests())[0]?.state === 'succeeded');
});

test('a backfill that the source refuses has failed', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 0, error: new SystemError('SAP_NO_AUTHORITY', 'refused', 'no authority for BKPF') };
  await ask('backfill', may);
  bench.start();
  await untilRuns('backfill failed', 'changes succeeded');
  expect(await requests()).toMatchObject([{ state: 'failed' }]);
});

test('requests are taken up one after the other; the same one twice is one, one that was taken back is none', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  await bench.changeFlow({ next_run_at: Number.MAX_SAFE_INTEGER });
  const first = await ask('full');
  const second = await ask('backfill', may);
  expect((await ask('full')).id).toBe(first.id);
  expect((await ask('backfill', { ...may, last: '2030-05-30' })).id).not.toBe(second.id);
  const taken = { tenantId: 'ten_1', requestId: second.id, actor: 'user:eva' };
  expect(await cancelRequest(bench.store, bench.clock, taken)).toBe(true);
  bench.start();
  await untilRuns('full succeeded', 'backfill succeeded');
  expect((await requests()).map(({ state }) => state)).toEqual(['succeeded', 'cancelled', 'succeeded']);
  expect(await cancelRequest(bench.store, bench.clock, { ...taken, requestId: first.id })).toBe(false);
});

test('a run for a request that a person cancels ends the request', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  await ask('backfill', may);
  bench.source.beforeBatch = async (number, signal) => {
    if (number !== 1 || bench.source.extractions.length > 1) return;
    const [run] = await runs();
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    bench.store.notify({ about: 'cancel', id: run?.id ?? '' });
    await aborted;
  };
  bench.start();
  await untilRuns('backfill interrupted', 'changes succeeded');
  expect(await requests()).toMatchObject([{ state: 'cancelled' }]);
});
