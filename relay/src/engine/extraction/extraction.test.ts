import { SystemError } from '@ml-connector/shared';
import { CompiledQuery } from 'kysely';
import { requestRun, wakeConnections } from '../../ledger/index.ts';
import type { RunRow } from '../../store/index.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const batches = [1, 2, 3, 4].map((number) => [
  { key: `${number}a`, name: `Lieferant ${number}a` },
  { key: `${number}b`, name: `Lieferant ${number}b` },
]);
const runs = (): Promise<RunRow[]> => bench.store.db.selectFrom('run').selectAll().orderBy('id').execute();
const flow = () => bench.store.db.selectFrom('integration_flow').selectAll().executeTakeFirstOrThrow();
const untilRuns = (...states: string[]): Promise<void> =>
  bench.until(`runs ${states.join(', ')}`, async () => JSON.stringify((await runs()).map((run) => run.state)) === JSON.stringify(states));

test('a run counts what it read, says how far it is, and plans the next one and the sweep', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.start();
  await untilRuns('succeeded');
  const [run] = await runs();
  expect(run).toMatchObject({ mode: 'changes', trigger: 'schedule', read_count: 8, new_count: 8, unchanged_count: 0, progress: 'batch 4' });
  const { next_run_at: nextRunAt, next_sweep_at: nextSweepAt, cursor_json: cursor } = await flow();
  expect(nextRunAt).toBe((run?.ended_at ?? 0) + 3_600_000);
  expect(nextSweepAt).toBe((run?.ended_at ?? 0) + 86_400_000);
  expect(cursor).toBe('4');
  const events = await bench.store.db
    .selectFrom('event')
    .selectAll()
    .where('subject_id', '=', run?.id ?? '')
    .execute();
  expect(events.map(({ kind, data_json: data }) => [kind, JSON.parse(data)])).toContainEqual([
    'call',
    expect.objectContaining({ what: 'RFC_READ_TABLE LFA1', ms: 3 }),
  ]);
  expect(JSON.stringify(events)).not.toContain('Lieferant');
});

test('a sweep is told which keys have an object in the target, so that it notices those the source lost', async () => {
  bench = await EngineBench.open();
  bench.source.batches = structuredClone(batches.slice(0, 1));
  bench.target.faults.set('1b', ['refused']);
  bench.start();
  await bench.untilRecord('1a', 'succeeded');
  await bench.untilRecord('1b', 'blocked');
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await untilRuns('succeeded', 'succeeded');
  expect(bench.source.linkedKeys).toEqual([['1a']]);
});

test('reading everything again counts the unchanged and makes one new version of what changed', async () => {
  bench = await EngineBench.open();
  bench.source.batches = structuredClone(batches);
  bench.start();
  await untilRuns('succeeded');
  await bench.untilAll('succeeded');
  const changed = bench.source.batches[1]?.[0];
  if (changed) changed.name = 'Lieferant 2a GmbH & Co. KG';
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor: 'user:eva' });
  await untilRuns('succeeded', 'succeeded');
  expect((await runs())[1]).toMatchObject({ mode: 'full', trigger: 'manual', read_count: 8, new_count: 1, unchanged_count: 7 });
  expect(bench.source.extractions).toEqual([
    { mode: 'changes', cursor: null },
    { mode: 'full', cursor: null },
  ]);
  await bench.untilAll('succeeded');
  expect(bench.target.calls.filter((call) => call.startsWith('update'))).toEqual(['update 2a']);
});

test('a run that breaks goes on from the cursor of its last stored batch', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 2, error: new SystemError('NO_TUNNEL', 'retry', 'no agent of site Berlin is connected') };
  bench.start();
  await untilRuns('failed', 'succeeded');
  expect(bench.source.extractions).toEqual([
    { mode: 'changes', cursor: null },
    { mode: 'changes', cursor: 2 },
  ]);
  expect((await runs()).map((run) => run.new_count)).toEqual([4, 4]);
  expect((await runs())[0]?.error_json).toContain('NO_TUNNEL');
  expect(await flow()).toMatchObject({ failures: 0 });
});

test('when the tunnel is back the extraction that waits for it starts at once', async () => {
  bench = await EngineBench.open({ settings: { extractionRetry: { firstMs: 1e12, capMs: 1e12 } } });
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 1, error: new SystemError('NO_TUNNEL', 'retry', 'no agent of site Berlin is connected') };
  bench.start();
  await untilRuns('failed');
  await bench.until('planned', async () => (await flow()).failures === 1);
  await wakeConnections(bench.store, bench.clock, ['con_source']);
  await untilRuns('failed', 'succeeded');
});

test('a wrong password halts the source after one try, what was read before still goes out', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.source.failAfter = { batches: 1, error: new SystemError('SAP_LOGON_FAILED', 'halt', 'name or password is incorrect') };
  bench.start();
  await untilRuns('failed');
  await bench.untilAll('succeeded');
  const source = () => bench.store.db.selectFrom('connection').select('halted_json').where('id', '=', 'con_source').executeTakeFirst();
  expect((await source())?.halted_json).toContain('SAP_LOGON_FAILED');
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'changes', actor: 'user:eva' });
  const another = bench.target.calls.length;
  await bench.store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_source').execute();
  await untilRuns('failed', 'succeeded');
  expect(bench.target.calls.length).toBeGreaterThanOrEqual(another);
});

test('a sweep that breaks is repeated as a sweep', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.start();
  await untilRuns('succeeded');
  bench.source.failAfter = { batches: 1, error: new SystemError('TUNNEL_LOST', 'uncertain', 'the tunnel broke') };
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await untilRuns('succeeded', 'failed', 'succeeded');
  expect((await runs()).map((run) => run.mode)).toEqual(['changes', 'sweep', 'sweep']);
});

test('a sweep that breaks again and again leaves the changes their turn', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.start();
  await untilRuns('succeeded');
  bench.source.beforeBatch = () =>
    bench.source.extractions.at(-1)?.mode === 'sweep'
      ? Promise.reject(new SystemError('SAP_BAPI_REFUSED', 'refused', 'reading vendor 0000100123: SAP answered E F2 163'))
      : Promise.resolve();
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await untilRuns('succeeded', 'failed', 'failed', 'succeeded');
  expect((await runs()).map((run) => run.mode)).toEqual(['changes', 'sweep', 'sweep', 'changes']);
  const { next_run_at: nextRunAt, next_sweep_at: nextSweepAt } = await flow();
  expect(nextSweepAt).toBeLessThanOrEqual(nextRunAt ?? 0);
});

test('pausing stops a run where it is, and resuming goes on from there', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  const paused = Promise.withResolvers<void>();
  bench.source.beforeBatch = async (number, signal) => {
    if (number !== 2) return;
    await bench.store.db.updateTable('integration_flow').set({ paused: 1 }).execute();
    signal.addEventListener('abort', () => paused.resolve());
    await paused.promise;
  };
  bench.start();
  await untilRuns('interrupted');
  expect((await flow()).cursor_json).toBe('2');
  bench.source.beforeBatch = () => Promise.resolve();
  await bench.store.db.updateTable('integration_flow').set({ paused: 0 }).execute();
  await untilRuns('interrupted', 'succeeded');
  await bench.untilAll('succeeded');
  expect(bench.source.extractions[1]).toEqual({ mode: 'changes', cursor: 2 });
});

test('a run that is cancelled ends after its batch, and the next one begins at its regular time', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  bench.source.beforeBatch = async (number, signal) => {
    if (number !== 2) return;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const [run] = await runs();
    bench.store.notify({ about: 'cancel', id: 'run_another' });
    bench.store.notify({ about: 'cancel', id: run?.id ?? '' });
    await aborted;
  };
  bench.start();
  await untilRuns('interrupted');
  const [run] = await runs();
  const planned = await flow();
  expect(planned.next_run_at).toBe((run?.ended_at ?? 0) + 3_600_000);
  expect(planned.cursor_json).toBe('2');
});

test('a flow that does not react to the stop does not hold it up, and goes on at the next start', async () => {
  bench = await EngineBench.open({ settings: { drainMs: 10 } });
  bench.source.batches = batches;
  const stuck = Promise.withResolvers<void>();
  bench.source.beforeBatch = async (number) => {
    if (number !== 2) return;
    stuck.resolve();
    await new Promise(() => {});
  };
  bench.start();
  await stuck.promise;
  await bench.stop();
  await untilRuns('interrupted');
  bench.source.beforeBatch = () => Promise.resolve();
  bench.start();
  await untilRuns('interrupted', 'succeeded');
});

test('the end of a run is written down as soon as the store takes it', async () => {
  bench = await EngineBench.open();
  bench.source.batches = batches;
  const statement = (text: string) => bench.store.db.executeQuery(CompiledQuery.raw(text));
  const [fill, free] = bench.store.isShared
    ? ['alter table run add constraint full_disk check (ended_at is null) not valid', 'alter table run drop constraint full_disk']
    : [
        `create trigger full_disk before update of ended_at on run begin select raise(abort, 'the disk is full'); end`,
        'drop trigger full_disk',
      ];
  await statement(fill);
  bench.start();
  await bench.until('all read', async () => (await bench.records()).length === 8);
  await bench.untilAll('succeeded');
  await statement(free);
  await untilRuns('succeeded');
});

test('cursor and records are stored together or not at all', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [batches[0] ?? [], [{ key: 'bad', name: undefined as unknown as string }]];
  bench.start();
  await bench.until('a failed run', async () => (await runs()).some((run) => run.state === 'failed'));
  expect((await flow()).cursor_json).toBe('1');
  expect((await bench.records()).map(({ key }) => key)).toEqual(['1a', '1b']);
});
