import { clockWasSet, releaseFarWaits, requestRun } from '../ledger/index.ts';
import { EngineBench, flowRef } from './testing/engine-bench.ts';

const hourMs = 3_600_000;

test.each([-5 * hourMs, 5 * hourMs])('the clock is set by %i ms: what waits goes on, nothing is created twice', async (ms) => {
  await using bench = await EngineBench.open({ settings: { retry: { firstMs: 2000, capMs: 2000, random: () => 0.9 } } });
  bench.source.batches = [['1', '2', '3'].map((key) => ({ key, name: `Lieferant ${key}` }))];
  bench.target.faults.set('1', ['retry']);
  bench.target.faults.set('2', ['lost before']);
  bench.target.faults.set('3', ['lost after']);
  bench.start();
  await bench.untilRecord('1', 'failed');
  bench.clock.set(ms);
  await bench.untilAll('succeeded');
  expect(['1', '2', '3'].map((key) => bench.target.creations(key))).toEqual([1, 1, 1]);
});

test('what was planned since the clock was set forwards, but before that was noticed, keeps its time', async () => {
  await using bench = await EngineBench.open();
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.target.faults.set('1', [{ retryAfterMs: 600_000 }]);
  bench.start();
  await bench.untilRecord('1', 'failed');
  await bench.stop();
  const planned = bench.clock.now() + 5 * hourMs + 1000;
  await bench.store.db.updateTable('record').set({ next_attempt_at: planned }).execute();
  bench.clock.set(5 * hourMs);
  await clockWasSet(bench.store, bench.clock, 5 * hourMs);
  expect(await bench.store.db.selectFrom('record').select('next_attempt_at').execute()).toEqual([{ next_attempt_at: planned }]);
});

test('a write that comes late is waited for although the clock was set forwards meanwhile', async () => {
  await using bench = await EngineBench.open({ settings: { lookup: { firstMs: 10, capMs: 50, marginMs: 1500, personAfterMs: 60_000 } } });
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  // By the target's own clock, which nobody sets.
  bench.target.lateMs = 5 * hourMs + 1000;
  bench.target.faults.set('1', ['late']);
  bench.start();
  await bench.untilRecord('1', 'uncertain');
  bench.clock.set(5 * hourMs);
  await bench.untilAll('succeeded');
  expect(bench.target.creations('1')).toBe(1);
});

test.each([-5 * 60_000, 5 * 60_000])(
  'what a relay with a clock off by %i ms lost is not ruled out before the margin has passed for the relay that takes over',
  async (ms) => {
    await using bench = await EngineBench.open({ settings: { lookup: { firstMs: 10, capMs: 50, marginMs: 700, personAfterMs: 60_000 } } });
    bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
    bench.target.faults.set('1', ['lost before']);
    bench.target.probeFaults.set('1', Array(10_000).fill('unknown'));
    const startedAt = performance.now();
    bench.start();
    await bench.untilRecord('1', 'uncertain');
    await bench.until('the relay to be older than the margin', () => performance.now() > startedAt + 750);
    const now = bench.clock.now();
    await bench.store.db
      .updateTable('attempt')
      .set({ ended_at: now + ms })
      .execute();
    await bench.store.db.updateTable('record').set({ node_id: 'nod_other' }).execute();
    await bench.store.db.updateTable('connection_lease').set({ since: now }).execute();
    bench.target.probeFaults.clear();
    await bench.untilAll('succeeded');
    expect(bench.clock.now() - now).toBeGreaterThanOrEqual(700);
  },
);

test('the clock was set back while the relay was down: far waits and failed runs are due at the start', async () => {
  await using bench = await EngineBench.open();
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.target.faults.set('1', [{ retryAfterMs: 600_000 }]);
  bench.start();
  await bench.untilRecord('1', 'failed');
  await bench.stop();
  bench.clock.set(-5 * hourMs);
  const failing = { failures: 1, next_run_at: bench.clock.now() + 5 * hourMs };
  await bench.store.db.updateTable('integration_flow').set(failing).where('flow_id', '=', flowRef.flowId).execute();
  bench.start();
  await bench.untilAll('succeeded');
  await bench.until('another run', () => bench.source.extractions.length === 2);
});

test.each(['waiting', 'pending'])('a %s record whose time a clock ahead has set is due at the start', async (state) => {
  await using bench = await EngineBench.open();
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.target.faults.set('1', [{ retryAfterMs: 600_000 }]);
  bench.start();
  await bench.untilRecord('1', 'failed');
  await bench.stop();
  const yearAhead = bench.clock.now() + 365 * 24 * hourMs;
  await bench.store.db.updateTable('record').set({ state, next_attempt_at: yearAhead }).execute();
  bench.start();
  await bench.untilAll('succeeded');
});

test('a run that a person asked for while the clock was ahead begins at the start', async () => {
  await using bench = await EngineBench.open();
  await bench.store.db.updateTable('integration_flow').set({ next_run_at: Number.MAX_SAFE_INTEGER }).execute();
  bench.clock.set(5 * hourMs);
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor: 'user:eva' });
  bench.clock.set(-5 * hourMs);
  bench.start();
  await bench.until('the run', () => bench.source.extractions.length === 1);
});

test.each<[string, (bench: EngineBench) => Promise<void>]>([
  ['while the relay runs', ({ store, clock }) => clockWasSet(store, clock, -5 * hourMs)],
  ['while it was down', ({ store, clock }) => releaseFarWaits(store, clock, { recordMs: hourMs, failedRunMs: hourMs })],
])('what the source is still to be told is not put off by a clock set back %s', async (_when, notice) => {
  await using bench = await EngineBench.open();
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.start();
  await bench.untilAll('succeeded');
  await bench.stop();
  const [record] = await bench.records();
  const { tenantId, integrationId, flowId } = flowRef;
  const flow = { tenant_id: tenantId, integration_id: integrationId, flow_id: flowId, key: '1' };
  const waiting = { failures: 1, next_attempt_at: bench.clock.now() + 5 * hourMs, result_json: '{}', error_json: null, created_at: 0 };
  await bench.store.db
    .insertInto('acknowledgement')
    .values({ record_id: record?.id ?? '', ...flow, ...waiting })
    .execute();
  await notice(bench);
  const told = await bench.store.db.selectFrom('acknowledgement').select('next_attempt_at').executeTakeFirst();
  expect(told?.next_attempt_at).toBeLessThanOrEqual(bench.clock.now());
});

test('a run that was planned before the clock was set back begins now', async () => {
  await using bench = await EngineBench.open();
  bench.start();
  await bench.until('the first run', () => bench.source.extractions.length === 1);
  bench.clock.set(-5 * hourMs);
  await bench.until('the next one', () => bench.source.extractions.length === 2);
});
