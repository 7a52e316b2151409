import { requestRun, skipRecords } from '../../ledger/index.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const document = (key: string, more: { after?: string[]; terms?: string } = {}) => ({ key, name: `Beleg ${key}`, ...more });
const readNow = () => requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'changes', actor: 'user:eva' });
const posted = () => bench.target.calls.filter((call) => call.startsWith('create'));
const reasonOf = async (key: string): Promise<string> => (await bench.records()).find((record) => record.key === key)?.reason_json ?? '';
const eva = { actor: 'user:eva', reason: 'checked with accounting' };
const idsOf = async (...keys: string[]) => ({
  tenantId: 'ten_1',
  recordIds: (await bench.records()).filter(({ key }) => keys.includes(key)).map(({ id }) => id),
});

test('a document goes out behind those it follows, whatever happens to them', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[document('1', { after: ['2', '3', 'never read'] }), document('2', { after: ['3'] }), document('3')]];
  bench.target.faults.set('3', ['retry', 'lost after']);
  bench.start();
  await bench.untilAll('succeeded');
  expect(posted()).toEqual(['create 3', 'create 3', 'create 2', 'create 1']);
  expect(await bench.store.db.selectFrom('predecessor').selectAll().execute()).toEqual([]);
});

test('it waits, naming it, while its predecessor needs a person, and goes by itself when a person takes that out', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[document('1', { after: ['2'] }), document('2'), document('3')]];
  bench.target.faults.set('2', ['refused']);
  bench.start();
  await bench.untilRecord('3', 'succeeded');
  await bench.untilRecord('2', 'blocked');
  await bench.untilRecord('1', 'waiting');
  expect(await reasonOf('1')).toMatch(/PREDECESSOR_UNFINISHED.*waits for 2 Beleg 2/);
  await skipRecords(bench.store, bench.clock, await idsOf('2'), eva);
  await bench.untilAll('succeeded', 'skipped');
  expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 skipped', '3.1 succeeded']);
});

test('a predecessor that a newer version superseded is waited for in that version', async () => {
  bench = await EngineBench.open();
  bench.source.batches = [[document('1', { after: ['2'] }), document('2', { terms: 'Z999' })]];
  bench.start();
  await bench.untilRecord('2', 'blocked');
  await bench.untilRecord('1', 'waiting');
  bench.source.batches.push([document('2')]);
  await readNow();
  await bench.untilAll('succeeded', 'skipped');
  expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 skipped', '2.2 succeeded']);
  expect(posted()).toEqual(['create 2', 'create 1']);
});

test('a predecessor that is filtered out is through', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  bench.source.batches = [[document('1', { after: ['2'] }), { key: '2', name: '-left out' }]];
  bench.start();
  await bench.untilAll('succeeded', 'skipped');
});

test('keys that wait for each other, or for themselves, are blocked with the circle named, and neighbours pass', async () => {
  bench = await EngineBench.open({ kind: 'document', settings: { concurrency: 1 } });
  const circle = [document('1', { after: ['2'] }), document('2', { after: ['3'] }), document('3', { after: ['1'] })];
  bench.source.batches = [[...circle, document('4', { after: ['4'] }), document('5')]];
  bench.start();
  await bench.untilRecord('5', 'succeeded');
  await bench.untilRecord('4', 'blocked');
  expect(await bench.states()).toEqual(['1.1 waiting', '2.1 waiting', '3.1 blocked', '4.1 blocked', '5.1 succeeded']);
  expect(await reasonOf('3')).toContain('waits for itself: 3 after 1 after 2 after 3');
  expect(await reasonOf('4')).toContain('waits for itself: 4 after 4');
  await skipRecords(bench.store, bench.clock, await idsOf('3', '4'), eva);
  await bench.untilAll('succeeded', 'skipped');
  expect(posted()).toEqual(['create 5', 'create 2', 'create 1']);
});

test('a relay that is killed while one waits goes on waiting', async () => {
  bench = await EngineBench.open({ kind: 'document', settings: { drainMs: 0, postTimeoutMs: 3_600_000 } });
  bench.source.batches = [[document('1', { after: ['2'] }), document('2')]];
  bench.target.faults.set('2', ['hangs after']);
  bench.start();
  await bench.untilRecord('1', 'waiting');
  await bench.until('sent', () => posted().length === 1);
  await bench.kill();
  bench.start();
  await bench.untilAll('succeeded');
  expect(posted()).toEqual(['create 2', 'create 1']);
});
