import { array, assert, asyncProperty, constantFrom, integer, record as recordOf } from 'fast-check';
import { checkChain, requestRun } from '../../ledger/index.ts';
import { EngineBench, flowRef } from '../testing/engine-bench.ts';
import type { Fault } from '../testing/fake-systems.ts';

test.each<[string, Fault, string[]]>([
  ['before the target applied it', 'hangs', ['create 1', 'create 1']],
  ['after the target applied it', 'hangs after', ['create 1']],
])('killed in the middle of a post, %s: created once', async (_what, fault, writes) => {
  await using bench = await EngineBench.open({ settings: { postTimeoutMs: 3_600_000, drainMs: 0 } });
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.target.faults.set('1', [fault]);
  bench.start();
  await bench.until('sent', () => bench.target.calls.length === 1);
  await bench.kill();
  expect(await bench.states()).toEqual(['1.1 posting']);
  bench.start();
  await bench.untilAll('succeeded');
  expect(bench.target.calls.filter((call) => call.startsWith('create'))).toEqual(writes);
  expect(bench.target.creations('1')).toBe(1);
});

test('a stop waits for what is being sent', async () => {
  await using bench = await EngineBench.open({ settings: { drainMs: 100_000 } });
  bench.source.batches = [
    [
      { key: '1', name: 'Lieferant 1' },
      { key: '2', name: 'Lieferant 2' },
    ],
  ];
  bench.target.faults.set('1', ['lost before']);
  bench.start();
  await bench.until('sent', () => bench.target.calls.length > 0);
  await bench.stop();
  expect((await bench.records()).filter(({ state }) => state === 'posting')).toEqual([]);
});

const fault = constantFrom<Fault>('retry', 'lost before', 'lost after', 'late', 'hangs', 'hangs after', 'refused', 'throws', 'halt');
const keys = ['1', '2', '3'];
const story = recordOf({
  kind: constantFrom('master' as const, 'document' as const),
  faults: recordOf({
    '1': array(fault, { maxLength: 4 }),
    '2': array(fault, { maxLength: 4 }),
    '3': array(fault, { maxLength: 4 }),
  }),
  versions: integer({ min: 1, max: 3 }),
  /** After so many calls of the target the relay is killed. */
  kills: array(integer({ min: 1, max: 6 }), { maxLength: 2 }),
});

test('no sequence of faults and kills creates anything twice or loses it', async () => {
  await assert(
    asyncProperty(story, async ({ kind, faults, versions, kills }) => {
      const settings = {
        postTimeoutMs: 300,
        drainMs: 0,
        pollMs: 20,
        lookup: { firstMs: 5, capMs: 40, marginMs: 300, personAfterMs: 60_000 },
      };
      await using bench = await EngineBench.open({ kind, settings });
      bench.target.lateMs = 150;
      for (const [key, list] of Object.entries(faults)) bench.target.faults.set(key, [...list]);
      bench.source.batches = Array.from({ length: versions }, (_, version) => keys.map((key) => ({ key, name: `version ${version}` })));
      bench.start();
      for (const calls of kills) {
        const before = bench.target.calls.length;
        await bench.until('calls', async () => bench.target.calls.length >= before + calls || (await isQuiet(bench)));
        await bench.kill();
        bench.start();
      }
      await bench.until('everything sent', () => finish(bench, versions), 20);
      await bench.stop();
      for (const key of keys) expect([key, bench.target.creations(key)]).toEqual([key, 1]);
      expect(bench.target.objects.map(({ body }) => body)).toEqual(keys.map(() => ({ name: `version ${versions - 1}`, term: 'none' })));
      await expectWholeChains(bench);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);

/** Nothing more will be sent by itself: all is settled, waits behind a blocked predecessor of its key, or the connection is halted. */
async function isQuiet(bench: EngineBench): Promise<boolean> {
  const records = await bench.records();
  const isBehindBlocked = ({ key, version }: (typeof records)[number]): boolean =>
    records.some((other) => other.key === key && other.version < version && other.state === 'blocked');
  const halted = await bench.store.db.selectFrom('connection').select('id').where('halted_json', 'is not', null).execute();
  return (
    records.length > 0 &&
    (halted.length > 0 || records.every((record) => ['succeeded', 'skipped', 'blocked'].includes(record.state) || isBehindBlocked(record)))
  );
}

/** What a person would do: repair the connection, press Replay; true when the newest version of every key is through. */
async function finish(bench: EngineBench, versions: number): Promise<boolean> {
  const { db } = bench.store;
  await db
    .updateTable('connection')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .where('halted_json', 'is not', null)
    .execute();
  await db.updateTable('connection').set({ halted_json: null }).where('halted_json', 'is not', null).execute();
  await db.updateTable('record').set({ state: 'pending', next_attempt_at: null }).where('state', '=', 'blocked').execute();
  const run = await db.selectFrom('run').select('state').orderBy('id', 'desc').executeTakeFirst();
  if (run?.state === 'failed' || run?.state === 'interrupted')
    await requestRun(bench.store, bench.clock, { flow: flowRef, mode: 'changes', actor: 'user:eva' });
  const records = await bench.records();
  return keys.every((key) => {
    const own = records.filter((record) => record.key === key);
    return own.length === versions && own.every(({ state }) => state === 'succeeded' || state === 'skipped');
  });
}

async function expectWholeChains(bench: EngineBench): Promise<void> {
  const events = await bench.store.db.selectFrom('event').selectAll().orderBy('subject_id').orderBy('seq').execute();
  for (const chain of Map.groupBy(events, (event) => event.subject_id).values()) expect(checkChain(chain)).toBeUndefined();
}
