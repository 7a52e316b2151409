import { approveRecords, recordStory, replayRecords, requestRun, skipRecords, waitingByReason } from '../../ledger/index.ts';
import type { CalendarEntry } from './posting-hold.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const document = (key: string, more: { after?: string[]; day?: string; terms?: string; asksSource?: boolean } = {}) => ({
  key,
  name: `Beleg ${key}`,
  ...more,
});
const noMoreRuns = { next_run_at: Number.MAX_SAFE_INTEGER };
const readNow = () => requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'changes', actor: 'user:eva' });
const untilRead = (count: number) => bench.until(`${count} read`, async () => (await bench.records()).length === count);
const posted = () => bench.target.calls.filter((call) => call.startsWith('create'));
const reasonOf = async (key: string): Promise<string> => (await bench.records()).find((record) => record.key === key)?.reason_json ?? '';
const eva = { actor: 'user:eva', reason: 'checked with accounting' };
const idsOf = async (...keys: string[]) => ({
  tenantId: 'ten_1',
  recordIds: (await bench.records()).filter(({ key }) => keys.includes(key)).map(({ id }) => id),
});

async function freeze(...entries: CalendarEntry[]): Promise<void> {
  await bench.store.db.deleteFrom('close_calendar').execute();
  const calendar = { id: 'cal_1', tenant_id: 'ten_1', name: 'Month end', time_zone: 'Europe/Berlin', created_at: 0 };
  const row = { ...calendar, entries_json: JSON.stringify(entries), changed_at: bench.clock.now() };
  await bench.store.db.insertInto('close_calendar').values(row).execute();
}

describe('when records are posted', () => {
  test('at the time of posting goes what was read before, and what is read later waits for the next time', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T19:00' });
    await bench.changeFlow({ posting_json: JSON.stringify({ cron: '0 22 * * *', timeZone: 'Europe/Berlin' }) });
    bench.source.batches = [[document('1'), document('2')]];
    bench.start();
    await untilRead(2);
    await bench.rounds();
    expect(await bench.states()).toEqual(['1.1 pending', '2.1 pending']);
    bench.target.faults.set('1', ['retry']);
    bench.clock.goTo('2030-03-20T21:00');
    await bench.untilAll('succeeded');
    bench.source.batches.push([document('3')]);
    await readNow();
    await untilRead(3);
    await bench.rounds();
    expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 succeeded', '3.1 pending']);
    bench.clock.goTo('2030-03-21T21:00');
    await bench.untilAll('succeeded');
  });

  test('a window of minutes shuts again', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T21:31' });
    await bench.changeFlow({ posting_json: JSON.stringify({ cron: '0 22 * * *', timeZone: 'Europe/Berlin', forMinutes: 30 }) });
    bench.source.batches = [[document('1')]];
    bench.start();
    await untilRead(1);
    await bench.rounds();
    expect(posted()).toEqual([]);
    bench.clock.goTo('2030-03-21T21:10');
    await bench.untilAll('succeeded');
  });

  test('in a freeze reading goes on and nothing is posted; what is uncertain is still looked up; all goes out afterwards', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T19:00' });
    bench.source.batches = [[document('1')]];
    bench.target.faults.set('1', ['lost after']);
    bench.target.probeFaults.set('1', ['unknown', 'unknown']);
    bench.start();
    await bench.until('sent', () => posted().length === 1);
    await freeze({ kind: 'freeze', from: '2030-03-20', to: '2030-03-21' });
    await bench.rounds();
    bench.source.batches.push([document('2')], [document('3')]);
    await readNow();
    await bench.untilRecord('1', 'succeeded');
    await untilRead(3);
    await bench.rounds();
    expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 pending', '3.1 pending']);
    bench.clock.goTo('2030-03-21T23:00');
    await bench.untilAll('succeeded');
    expect(posted().toSorted()).toEqual(['create 1', 'create 2', 'create 3']);
  });

  test('a person lets go what is there, and not what is read later', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T19:00' });
    await freeze({ kind: 'freeze', from: '2030-03-20', to: '2030-03-21' });
    bench.source.batches = [[document('1')]];
    bench.start();
    await untilRead(1);
    await bench.changeFlow({ post_now_at: bench.clock.now() });
    await bench.untilAll('succeeded');
    bench.source.batches.push([document('2')]);
    await readNow();
    await untilRead(2);
    await bench.rounds();
    expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 pending']);
  });
});

describe('blackouts', () => {
  const night = JSON.stringify([{ cron: '0 1 * * *', forMinutes: 180, timeZone: 'Europe/Berlin' }]);
  const darken = (id: string) =>
    bench.store.db.insertInto('blackout').values({ connection_id: id, tenant_id: 'ten_1', windows_json: night, changed_at: 0 }).execute();

  test('nothing goes to a target in its blackout, not even a look-up; reading goes on', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T23:00' });
    bench.source.batches = [[document('1')]];
    bench.target.faults.set('1', ['lost after']);
    bench.target.probeFaults.set(
      '1',
      Array.from({ length: 1000 }, () => 'unknown' as const),
    );
    bench.start();
    await bench.untilRecord('1', 'uncertain');
    await darken('con_target');
    bench.clock.goTo('2030-03-21T00:00');
    await bench.rounds();
    const calls = bench.target.calls.length;
    bench.source.batches.push([document('2')]);
    await readNow();
    await untilRead(2);
    await bench.rounds();
    expect(bench.target.calls).toHaveLength(calls);
    bench.target.probeFaults.clear();
    bench.clock.goTo('2030-03-21T03:00');
    await bench.untilAll('succeeded');
    expect(bench.target.creations('1')).toBe(1);
  });

  test('a run ends after its batch when the blackout of its source begins, and goes on after it', async () => {
    bench = await EngineBench.open({ at: '2030-03-20T23:00' });
    bench.source.batches = [[document('1')], [document('2')]];
    await darken('con_source');
    bench.source.beforeBatch = (number, signal) => {
      if (number !== 1) return Promise.resolve();
      bench.clock.goTo('2030-03-21T00:00');
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    };
    bench.start();
    const states = async () => (await bench.store.db.selectFrom('run').select('state').orderBy('id').execute()).map(({ state }) => state);
    await bench.until('interrupted', async () => (await states()).includes('interrupted'));
    bench.source.beforeBatch = () => Promise.resolve();
    await bench.rounds();
    await bench.untilAll('succeeded');
    expect(bench.source.extractions).toHaveLength(1);
    bench.clock.goTo('2030-03-21T03:00');
    await bench.until('read', async () => (await bench.records()).length === 2);
    expect(bench.source.extractions.map(({ cursor }) => cursor)).toEqual([null, 1]);
  });

  test('posting that asks the source again waits for the end of its blackout, other posting does not', async () => {
    bench = await EngineBench.open({
      kind: 'document',
      at: '2030-03-20T23:00',
      settings: { breaker: { after: 1, firstMs: 1e9, capMs: 1e9 } },
    });
    bench.source.batches = [[document('1'), document('2', { asksSource: true })]];
    await bench.changeFlow({ posting_json: JSON.stringify({ cron: '0 2 * * *', timeZone: 'Europe/Berlin' }) });
    bench.start();
    await untilRead(2);
    await darken('con_source');
    bench.clock.goTo('2030-03-21T01:00');
    await bench.untilRecord('1', 'succeeded');
    await bench.until('asked', async () => (await reasonOf('2')).includes('CONNECTION_BLACKOUT'));
    await bench.rounds();
    expect(bench.source.asked).toBe(0);
    bench.clock.goTo('2030-03-21T03:00');
    await bench.untilAll('succeeded');
  });
});

describe('what needs a yes', () => {
  test('documents older than the limit wait, are approved one by one or by filter, and stay approved', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T12:00' });
    await bench.changeFlow({ posting_json: JSON.stringify({ maxAgeDays: 10 }) });
    bench.source.batches = [
      [document('1', { day: '2030-03-10' }), document('2', { day: '2030-03-09' }), document('3', { day: '2029-12-31' }), document('4')],
    ];
    bench.target.faults.set('2', ['retry', 'retry']);
    bench.start();
    await bench.untilAll('succeeded', 'waiting');
    expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 waiting', '3.1 waiting', '4.1 succeeded']);
    expect(await reasonOf('2')).toContain('its business day 2030-03-09 is 11 days old, more than 10');
    expect(await waitingByReason(bench.store, flowRef)).toEqual({ BUSINESS_AGE: 2 });
    expect((await approveRecords(bench.store, bench.clock, await idsOf('1', '2'), eva)).untouched).toHaveLength(1);
    await bench.untilRecord('2', 'succeeded');
    const filter = { tenantId: 'ten_1', states: ['waiting' as const], reasonCode: 'BUSINESS_AGE' };
    await approveRecords(bench.store, bench.clock, { filter }, eva);
    await bench.untilAll('succeeded');
    const { recordIds } = await idsOf('3');
    const story = await recordStory(bench.store, 'ten_1', recordIds[0] ?? '');
    expect(story?.events.map(({ kind, actor }) => `${kind} ${actor}`)).toContain('approved user:eva');
  });

  test('what a replay lets go waits again: only an approval passes the limit', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T12:00' });
    await bench.changeFlow({ posting_json: JSON.stringify({ maxAgeDays: 10 }) });
    bench.source.batches = [[document('1', { day: '2030-03-01' })]];
    bench.start();
    await bench.untilAll('waiting');
    await replayRecords(bench.store, bench.clock, await idsOf('1'), 'user:eva');
    await bench.until('waiting again', async () => {
      const story = await recordStory(bench.store, 'ten_1', (await bench.records())[0]?.id ?? '');
      return story?.events.filter(({ kind }) => kind === 'waiting').length === 2;
    });
    expect(posted()).toEqual([]);
  });

  test('documents of a closed day wait, others pass', async () => {
    bench = await EngineBench.open({ kind: 'document', at: '2030-03-20T12:00' });
    await freeze({ kind: 'closed', first: '2030-02-01', last: '2030-02-28' });
    bench.source.batches = [[document('1', { day: '2030-02-28' }), document('2', { day: '2030-03-01' })]];
    bench.start();
    await bench.untilAll('succeeded', 'waiting');
    expect(await bench.states()).toEqual(['1.1 waiting', '2.1 succeeded']);
    expect(await reasonOf('1')).toContain('PERIOD_CLOSED');
    await approveRecords(bench.store, bench.clock, await idsOf('1'), eva);
    await bench.untilAll('succeeded');
  });
});

test('a document that a person took out and that the source changed since waits for approval: it may be in the target by hand', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[document('1', { terms: 'Z999' })]];
  bench.start();
  await bench.untilRecord('1', 'blocked');
  await skipRecords(bench.store, bench.clock, await idsOf('1'), eva);
  bench.source.batches.push([document('1')]);
  await readNow();
  await untilRead(2);
  await bench.untilAll('skipped', 'waiting');
  expect(await bench.states()).toEqual(['1.1 skipped', '1.2 waiting']);
  const reasons = (await bench.records()).map(({ reason_json: reason }) => reason ?? '');
  expect(reasons[1]).toMatch(/SKIPPED_BEFORE.*checked with accounting/);
  expect(posted()).toEqual([]);
  await approveRecords(bench.store, bench.clock, await idsOf('1'), eva);
  await bench.untilAll('skipped', 'succeeded');
  expect(posted()).toEqual(['create 1']);
});

test('a flow may ask so of master data too, also where the version that asked was superseded', async () => {
  bench = await EngineBench.open({ flow: { asksAfterSkip: true } });
  bench.source.batches = [[document('1', { terms: 'Z999' })]];
  bench.start();
  await bench.untilRecord('1', 'blocked');
  await skipRecords(bench.store, bench.clock, await idsOf('1'), eva);
  for (const day of ['2030-03-15', '2030-03-16']) {
    bench.source.batches.push([document('1', { day })]);
    await readNow();
    await bench.until('held', async () =>
      (await bench.records()).some(({ state, payload_json: payload }) => state === 'waiting' && payload.includes(day)),
    );
  }
  expect(await bench.states()).toEqual(['1.1 skipped', '1.2 skipped', '1.3 waiting']);
  const reasons = (await bench.records()).map(({ reason_json: reason }) => reason ?? '');
  expect(reasons[1]).toContain('SUPERSEDED');
  expect(reasons[2]).toMatch(/SKIPPED_BEFORE.*checked with accounting/);
  expect(posted()).toEqual([]);
});

test('a document that a person took out and brings back by a replay is posted', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[document('1')]];
  bench.target.faults.set('1', ['refused']);
  bench.start();
  await bench.untilRecord('1', 'blocked');
  await skipRecords(bench.store, bench.clock, await idsOf('1'), eva);
  await replayRecords(bench.store, bench.clock, await idsOf('1'), eva.actor);
  await bench.untilAll('skipped', 'succeeded');
});

test('a person takes out what is pending, failed, waiting or blocked; never what may be on its way', async () => {
  bench = await EngineBench.open({ kind: 'document', settings: { retry: { firstMs: 1e9, capMs: 1e9, random: () => 0.5 } } });
  bench.source.batches = [[document('1'), document('2'), document('3', { after: ['2'] })], [document('4')], [document('5')]];
  bench.target.faults.set('1', ['retry']).set('2', ['refused']).set('4', ['lost before']);
  bench.target.probeFaults.set(
    '4',
    Array.from({ length: 1000 }, () => 'unknown' as const),
  );
  bench.start();
  await bench.untilRecord('1', 'failed');
  await bench.untilRecord('2', 'blocked');
  await bench.untilRecord('3', 'waiting');
  await bench.untilRecord('4', 'uncertain');
  await bench.untilRecord('5', 'succeeded');
  const decided = await skipRecords(bench.store, bench.clock, await idsOf('1', '2', '3', '4', '5'), eva);
  expect([decided.changed.length, decided.untouched.length]).toEqual([3, 2]);
  expect(await bench.states()).toEqual(['1.1 skipped', '2.1 skipped', '3.1 skipped', '4.1 uncertain', '5.1 succeeded']);
  const [first] = (await idsOf('1')).recordIds;
  const story = await recordStory(bench.store, 'ten_1', first ?? '');
  expect(story?.events.at(-1)).toMatchObject({ kind: 'skipped', actor: 'user:eva' });
  expect(story?.events.at(-1)?.data_json).toContain('checked with accounting');
  await bench.changeFlow(noMoreRuns);
});
