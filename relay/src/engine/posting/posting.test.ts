import { recordStory, replayRecords, requestRun, resumeConnection, checkChain } from '../../ledger/index.ts';
import { setEntries, setFlowSettings } from '../../mapping/index.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';
import type { Fault } from '../testing/fake-systems.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const vendor = (key: string, name = `Lieferant ${key}`) => ({ key, name });

test('vendors arrive, and the story of one has every step in order', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1', "Größe & O'Brien 漢字 AG"), vendor('2')]];
  bench.start();
  await bench.untilAll('succeeded');
  const created = bench.target.objects.toSorted((one, other) => one.key.localeCompare(other.key));
  expect(created.map(({ key, body }) => [key, body])).toEqual([
    ['1', { name: "Größe & O'Brien 漢字 AG", term: 'none' }],
    ['2', { name: 'Lieferant 2', term: 'none' }],
  ]);
  const [first] = await bench.records();
  const targetId = created[0]?.id;
  expect(first).toMatchObject({ target_id: targetId, action: 'created', attempts: 1 });
  const story = await recordStory(bench.store, 'ten_1', first?.id ?? '');
  expect(story?.events.map((event) => event.kind)).toEqual(['received', 'posting', 'call', 'succeeded']);
  expect(story?.attempts).toMatchObject([{ number: 1, outcome: 'succeeded', mapping_version: first?.mapping_version }]);
  expect(story?.link).toMatchObject({ target_id: targetId, source_hash: first?.payload_hash });
  expect(checkChain(story?.events ?? [])).toBeUndefined();
});

test.each<[string, Fault[], { creations: number; attempts: number; calls: string[] }]>([
  ['busy twice', ['retry', 'retry'], { creations: 1, attempts: 3, calls: ['create 1', 'create 1', 'create 1'] }],
  ['rate limited with a time to wait', [{ retryAfterMs: 30 }], { creations: 1, attempts: 2, calls: ['create 1', 'create 1'] }],
  ['applied, answer lost', ['lost after'], { creations: 1, attempts: 1, calls: ['create 1', 'probe 1'] }],
  ['hangs after it was applied', ['hangs after'], { creations: 1, attempts: 1, calls: ['create 1', 'probe 1'] }],
  ['source in trouble', [{ source: 'retry' }], { creations: 1, attempts: 2, calls: ['create 1', 'create 1'] }],
])('%s: succeeds by itself, created once', async (_what, faults, expected) => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1')]];
  bench.target.faults.set('1', [...faults]);
  bench.start();
  await bench.untilAll('succeeded');
  expect(bench.target.creations('1')).toBe(expected.creations);
  expect(bench.target.calls).toEqual(expected.calls);
  expect((await bench.records())[0]?.attempts).toBe(expected.attempts);
});

test.each<[string, Fault]>([
  ['lost before it was applied', 'lost before'],
  ['applied only after the answer was lost', 'late'],
  ['a defect in the flow', 'throws'],
])('%s: not there is only believed after the margin', async (_what, fault) => {
  // Long enough that a busy machine looks twice within it.
  bench = await EngineBench.open({ settings: { lookup: { firstMs: 10, capMs: 50, marginMs: 4000, personAfterMs: 60_000 } } });
  bench.target.lateMs = 2000;
  bench.source.batches = [[vendor('1')]];
  bench.target.faults.set('1', [fault]);
  bench.start();
  await bench.untilAll('succeeded');
  expect(bench.target.creations('1')).toBe(1);
  expect(bench.target.calls.filter((call) => call === 'probe 1').length).toBeGreaterThanOrEqual(2);
});

test('what the target refuses is blocked with its words, neighbours pass, and a replay sends it again', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [['1', '2', '3', '4', '5', '6'].map((key) => vendor(key, key === '3' ? 'POISON' : undefined))];
  bench.target.faults.set('2', ['refused']);
  bench.start();
  await bench.untilAll('succeeded', 'blocked');
  expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 blocked', '3.1 blocked', '4.1 succeeded', '5.1 succeeded', '6.1 succeeded']);
  const [, refused, poison] = await bench.records();
  expect(JSON.parse(refused?.reason_json ?? '')).toEqual([{ code: 'REFUSED', message: 'the name is too long', fix: 'Shorten the name.' }]);
  expect(JSON.parse(poison?.reason_json ?? '')).toMatchObject([{ code: 'MAPPING_FAILED' }]);
  const result = await replayRecords(bench.store, bench.clock, { tenantId: 'ten_1', recordIds: [refused?.id ?? ''] }, 'user:eva');
  expect(result).toEqual({ released: [refused?.id], created: [], untouched: [] });
  await bench.untilRecord('2', 'succeeded');
});

test('a hanging record does not hold up the others', async () => {
  bench = await EngineBench.open({ settings: { postTimeoutMs: 3_600_000, concurrency: 2 } });
  bench.source.batches = [Array.from({ length: 250 }, (_, number) => vendor(String(number).padStart(3, '0')))];
  bench.target.faults.set('000', ['hangs']);
  bench.start();
  await bench.until('249 created', () => bench.target.objects.length === 249);
  expect(bench.target.mostAtOnce).toBe(2);
});

test('a missing value map entry blocks, and adding it lets the record go by itself', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[{ ...vendor('1'), terms: 'Z030' }, { ...vendor('2'), terms: 'Z060' }, vendor('3')]];
  bench.start();
  await bench.untilAll('succeeded', 'blocked');
  expect(await bench.states()).toEqual(['1.1 blocked', '2.1 blocked', '3.1 succeeded']);
  const entries = [{ from: 'Z030', to: '30 days' }];
  const change = { integrationId: 'int_1', valueMapId: 'terms', entries, actor: 'user:eva' };
  expect(await setEntries(bench.store, bench.clock, change)).toBe(1);
  await bench.untilRecord('1', 'succeeded');
  expect(bench.target.objects.find(({ key }) => key === '1')?.body).toEqual({ name: 'Lieferant 1', term: '30 days' });
  expect(await bench.states()).toContain('2.1 blocked');
});

test('entries added while records are being mapped leave none behind', async () => {
  bench = await EngineBench.open();
  const codes = Array.from({ length: 40 }, (_, number) => `Z${number}`);
  bench.source.batches = codes.map((terms, number) => [{ ...vendor(String(number)), terms }]);
  bench.source.beforeBatch = async (number) => {
    const entries = [{ from: codes[number] ?? '', to: '30 days' }];
    if (number % 2 === 0)
      await setEntries(bench.store, bench.clock, { integrationId: 'int_1', valueMapId: 'terms', entries, actor: 'user:eva' });
    else
      setImmediate(
        () => void setEntries(bench.store, bench.clock, { integrationId: 'int_1', valueMapId: 'terms', entries, actor: 'user:eva' }),
      );
  };
  bench.start();
  await bench.until('all there', () => bench.target.objects.length === codes.length);
  await bench.untilAll('succeeded');
});

test('halt: records stay pending with the reason, nothing more is sent until someone resumes', async () => {
  bench = await EngineBench.open({ settings: { concurrency: 1 } });
  bench.source.batches = [[vendor('1'), vendor('2'), vendor('3')]];
  bench.target.faults.set('1', ['halt']);
  bench.start();
  const connection = () => bench.store.db.selectFrom('connection').selectAll().where('id', '=', 'con_target').executeTakeFirstOrThrow();
  await bench.until('halted', async () => (await connection()).halted_json !== null);
  await bench.untilAll('pending');
  expect(JSON.parse((await connection()).halted_json ?? '')).toMatchObject({ code: 'UNAUTHORIZED', fix: 'Enter a new key.', version: 1 });
  expect(JSON.parse((await bench.records())[0]?.reason_json ?? '')).toMatchObject([{ code: 'UNAUTHORIZED' }]);
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await bench.until('a sweep', () => bench.source.extractions.length === 2);
  expect(bench.target.calls).toEqual(['create 1']);
  await resumeConnection(bench.store, bench.clock, 'con_target', 'user:eva');
  await bench.untilAll('succeeded');
  expect(bench.target.creations('1')).toBe(1);
});

test('a value map corrected while records wait for the target is what they are sent with', async () => {
  bench = await EngineBench.open({ settings: { concurrency: 1 } });
  const mapTo = (to: string) =>
    setEntries(bench.store, bench.clock, {
      integrationId: 'int_1',
      valueMapId: 'terms',
      entries: [{ from: 'Z030', to }],
      actor: 'user:eva',
    });
  await mapTo('3 days');
  bench.source.batches = [['1', '2', '3'].map((key) => ({ ...vendor(key), terms: 'Z030' }))];
  bench.target.faults.set('1', ['halt']);
  bench.start();
  await bench.until('sent', () => bench.target.calls.length === 1);
  await bench.untilAll('pending');
  await mapTo('30 days');
  await resumeConnection(bench.store, bench.clock, 'con_target', 'user:eva');
  await bench.untilAll('succeeded');
  expect(bench.target.bodies).toEqual(['1', '2', '3'].map((key) => ({ name: `Lieferant ${key}`, term: '30 days' })));
});

test('a version that turns out not to be applied gives way to a newer one', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1', 'old name')], [vendor('1', 'new name')]];
  bench.source.beforeBatch = (number) => (number === 0 ? Promise.resolve() : bench.untilRecord('1', 'uncertain'));
  bench.target.faults.set('1', ['lost before']);
  bench.start();
  await bench.untilRecord('1', 'succeeded');
  expect(await bench.states()).toEqual(['1.1 skipped', '1.2 succeeded']);
  expect(bench.target.bodies).toEqual([{ name: 'new name', term: 'none' }]);
});

test('halt ends when the settings of the connection change', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1')]];
  bench.target.faults.set('1', ['halt']);
  bench.start();
  await bench.until('sent', () => bench.target.calls.length === 1);
  await bench.untilAll('pending');
  await bench.store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_target').execute();
  await bench.untilAll('succeeded');
});

test('settings that do not fit halt the connection before anything is sent', async () => {
  bench = await EngineBench.open();
  await bench.store.db.updateTable('connection').set({ settings_json: '{"key":7}' }).where('id', '=', 'con_target').execute();
  bench.source.batches = [[vendor('1')]];
  bench.start();
  const halted = async () =>
    (await bench.store.db.selectFrom('connection').select('halted_json').where('id', '=', 'con_target').executeTakeFirst())?.halted_json;
  await bench.until('halted', async () => typeof (await halted()) === 'string');
  expect(await halted()).toContain('SETTINGS_INVALID');
  expect(await bench.states()).toEqual(['1.1 pending']);
  const fixed = { settings_json: '{"key":"k"}', version: 2 };
  await bench.store.db.updateTable('connection').set(fixed).where('id', '=', 'con_target').execute();
  await bench.untilAll('succeeded');
});

test('the breaker keeps the other records away from a target that is down, and finds it back', async () => {
  const breaker = { after: 3, firstMs: 2000, capMs: 2000 };
  bench = await EngineBench.open({ settings: { breaker, concurrency: 1 } });
  const keys = Array.from({ length: 20 }, (_, number) => String(10 + number));
  bench.source.batches = [keys.map((key) => vendor(key))];
  for (const key of keys) bench.target.faults.set(key, ['retry', 'retry', 'retry']);
  bench.start();
  await bench.until('three failures', () => bench.target.calls.length >= 3);
  for (const key of keys) bench.target.faults.delete(key);
  await bench.untilAll('succeeded');
  expect(new Set(bench.target.calls.slice(0, 3)).size).toBeLessThanOrEqual(3);
  expect(bench.target.calls.length).toBeLessThan(30);
});

test('records of one key go in order: documents wait for the one before', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[vendor('1', 'first'), vendor('2')], [vendor('1', 'second')], [vendor('1', 'third')]];
  bench.target.faults.set('1', ['refused', 'retry', 'lost after']);
  bench.start();
  await bench.until('all read', async () => (await bench.records()).length === 4);
  await bench.untilRecord('1', 'blocked');
  await bench.untilRecord('2', 'succeeded');
  expect(await bench.states()).toEqual(['1.1 blocked', '1.2 pending', '1.3 pending', '2.1 succeeded']);
  const [first] = await bench.records();
  await replayRecords(bench.store, bench.clock, { tenantId: 'ten_1', recordIds: [first?.id ?? ''] }, 'user:eva');
  await bench.untilAll('succeeded');
  expect(bench.target.creations('1')).toBe(1);
  expect(bench.target.objects.find(({ key }) => key === '1')?.body).toMatchObject({ name: 'third' });
});

test('a newer version of master data supersedes the blocked one', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1', 'old name')]];
  bench.target.faults.set('1', ['refused']);
  bench.start();
  await bench.untilAll('blocked');
  bench.source.batches.push([vendor('1', 'new name')]);
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'changes', actor: 'user:eva' });
  await bench.untilRecord('1', 'succeeded');
  expect(await bench.states()).toEqual(['1.1 skipped', '1.2 succeeded']);
  const [old, fresh] = await bench.records();
  expect(old?.superseded_by).toBe(fresh?.id);
});

test('replay of a finished record is an update of the same object', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1')]];
  bench.start();
  await bench.untilAll('succeeded');
  await setFlowSettings(bench.store, bench.clock, { ...flowRef, settings: { prefix: 'SAP ' }, actor: 'user:eva' });
  const result = await replayRecords(bench.store, bench.clock, { filter: { tenantId: 'ten_1', states: ['succeeded'] } }, 'user:eva');
  expect(result.created).toHaveLength(1);
  await bench.untilAll('succeeded');
  expect(await bench.states()).toEqual(['1.1 succeeded', '1.2 succeeded']);
  expect(bench.target.calls).toEqual(['create 1', 'update 1']);
  expect(bench.target.objects).toMatchObject([{ id: 'target-1', body: { name: 'SAP Lieferant 1' } }]);
});

test('an object that belongs to another record is not taken over', async () => {
  bench = await EngineBench.open({ settings: { concurrency: 1 } });
  bench.source.batches = [[vendor('1'), vendor('2')]];
  bench.target.takenId = 'target-1';
  bench.start();
  await bench.untilAll('succeeded', 'blocked');
  const [, second] = await bench.records();
  expect(second).toMatchObject({ state: 'blocked', target_id: null });
  expect(second?.reason_json).toContain('TARGET_TAKEN');
});

test('filtered records are skipped, and looked at again under other settings', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1', '-one-time vendor')]];
  bench.start();
  await bench.untilAll('skipped');
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await bench.until(
    'a sweep',
    async () => (await bench.store.db.selectFrom('run').select('id').where('state', '=', 'succeeded').execute()).length === 2,
  );
  expect(await bench.states()).toEqual(['1.1 skipped']);
  await setFlowSettings(bench.store, bench.clock, { ...flowRef, settings: { skip: '#' }, actor: 'user:eva' });
  await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'sweep', actor: 'user:eva' });
  await bench.untilRecord('1', 'succeeded');
  expect(await bench.states()).toEqual(['1.1 skipped', '1.2 succeeded']);
});

test('a look-up that cannot tell keeps the record uncertain with its evidence', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[vendor('1')]];
  bench.target.faults.set('1', ['lost after']);
  bench.target.probeFaults.set('1', ['unknown', 'retry', 'unknown']);
  bench.start();
  await bench.untilAll('succeeded');
  const [record] = await bench.records();
  const story = await recordStory(bench.store, 'ten_1', record?.id ?? '');
  expect(story?.events.map(({ kind }) => kind)).toEqual([
    'received',
    'posting',
    'call',
    'uncertain',
    'looked up',
    'looked up',
    'looked up',
    'looked up',
    'succeeded',
  ]);
  expect(story?.events[5]?.data_json).toContain('RETRY');
});
