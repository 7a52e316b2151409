import type { Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { checkChain } from './events.ts';
import { holdConnections, leaveConnections } from './leases.ts';
import { beat, endNode, listNodes, startNode, watchNodes } from './nodes.ts';
import { beginPosting } from './begin-posting.ts';
import { settlePosting } from './settle-posting.ts';
import { recoverInterrupted } from './recovery.ts';
import { startRun } from './runs.ts';
import { recordStory } from './search.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from './testing/ledger-bench.ts';

const clock = tickingClock();

describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await database.clear();
  });

  const start = async (name: string, isAlone = false): Promise<string> => (await startNode(store, clock, { name, isAlone })).node.id;
  const hold = async (nodeId: string, ...connectionIds: string[]): Promise<string[]> =>
    [...(await holdConnections(store, clock, { nodeId, connectionIds }))].sort();
  const begin = async (nodeId: string, key: string) => {
    const record = await recordOf(store, key);
    const holder = { nodeId, connectionId: 'con_2' };
    return { record, attempt: await beginPosting(store, clock, record, { mappingVersion: 'm1', body: {}, notes: [], holder }) };
  };

  test('a connection is worked by one node, until that leaves it or ends', async () => {
    const [a, b] = [await start('a'), await start('b')];
    expect(await hold(a, 'con_1', 'con_2')).toEqual(['con_1', 'con_2']);
    expect(await hold(b, 'con_1', 'con_2')).toEqual([]);
    await leaveConnections(store, { nodeId: a, connectionIds: ['con_1'] });
    expect(await hold(b, 'con_1', 'con_2')).toEqual(['con_1']);
    await endNode(store, clock, { nodeId: a });
    expect(await hold(b, 'con_1', 'con_2')).toEqual(['con_1', 'con_2']);
    expect((await listNodes(store)).map(({ name }) => name)).toEqual(['b']);
  });

  test('nodes that reach for the same connections at the same time get each of them once', async () => {
    const nodes = [await start('a'), await start('b'), await start('c')];
    const held = await Promise.all(nodes.map((node) => hold(node, 'con_1', 'con_2')));
    expect(held.flat().sort()).toEqual(['con_1', 'con_2']);
  });

  test('a node that lost the connection can begin nothing more, and what it began is looked up', async () => {
    await takeIn(store, clock, { x: '1', y: '1' });
    const [a, b] = [await start('a'), await start('b')];
    await hold(a, 'con_2');
    const begun = await begin(a, 'x');
    expect(begun.attempt).toBeDefined();
    expect((await begin(b, 'y')).attempt).toBeUndefined();
    expect(await endNode(store, clock, { nodeId: a })).toEqual([begun.record.id]);
    expect((await begin(a, 'y')).attempt).toBeUndefined();
    expect(await recordOf(store, 'x')).toMatchObject({ state: 'uncertain', next_attempt_at: expect.any(Number) });
    expect(await hold(b, 'con_2')).toEqual(['con_2']);
    expect((await begin(b, 'y')).attempt).toBeDefined();
    expect(await beat(store, clock, a)).toBe(false);
    expect(await hold(a, 'con_1')).toEqual([]);
  });

  test('an outcome that comes after the record was taken over changes nothing', async () => {
    await takeIn(store, clock, { x: '1' });
    const a = await start('a');
    await hold(a, 'con_2');
    const { record, attempt } = await begin(a, 'x');
    await endNode(store, clock, { nodeId: a });
    const error = { code: 'BUSY', verdict: 'retry' as const, message: 'try later' };
    if (attempt) await settlePosting(store, clock, { record, attempt }, { state: 'failed', error, nextAttemptAt: 0 });
    expect(await recordOf(store, 'x')).toMatchObject({ state: 'uncertain' });
    const story = await recordStory(store, 'ten_1', record.id);
    expect(story?.events.map(({ kind }) => kind)).toEqual(['received', 'posting', 'uncertain']);
    expect(checkChain(story?.events ?? [])).toBeUndefined();
  });

  test.each([
    ['of its own earlier life, at once', 'a', false, 1],
    ['of another node that may be alive, not', 'b', false, 0],
    ['of whoever it was, where there can be no other', 'b', true, 1],
  ])('at its start a node recovers what was in the hands %s', async (_what, name, isAlone, count) => {
    await takeIn(store, clock, { x: '1' });
    const before = await start('a');
    await hold(before, 'con_2');
    await begin(before, 'x');
    await startRun(store, clock, { flow: flowRef, mode: 'changes', trigger: 'schedule', nodeId: before });
    const { recovered } = await startNode(store, clock, { name, isAlone });
    expect(recovered).toHaveLength(count);
    const interrupted = await store.db
      .selectFrom('run')
      .select('id')
      .where('node_id', '=', before)
      .where('state', '=', 'interrupted')
      .execute();
    expect(interrupted).toHaveLength(count);
  });

  test('two that find a node dead recover its work once', async () => {
    await takeIn(store, clock, { x: '1' });
    const a = await start('a');
    await hold(a, 'con_2');
    const { record } = await begin(a, 'x');
    const ends = await Promise.all([1, 2].map(() => endNode(store, clock, { nodeId: a, beat: 0 })));
    expect(ends.filter((end) => end !== undefined)).toEqual([[record.id]]);
    expect(await recoverInterrupted(store, clock)).toEqual([]);
  });

  test('a node that gave a sign of life since is not ended', async () => {
    const a = await start('a');
    expect(await beat(store, clock, a)).toBe(true);
    expect(await endNode(store, clock, { nodeId: a, beat: 0 })).toBeUndefined();
    expect(await listNodes(store)).toHaveLength(1);
  });
});

test('a node is dead when its beat stood still for long enough on the clock of whoever watches', () => {
  const node = { id: 'nod_1', name: 'a', beat: 1, started_at: 0, seen_at: 0 };
  const dead = watchNodes(1000);
  for (const at of [50_000, 50_400, 50_800]) expect(dead([node], at)).toEqual([]);
  for (const at of [51_100, 51_500, 51_900]) expect(dead([{ ...node, beat: 2 }], at)).toEqual([]);
  expect(dead([{ ...node, beat: 2 }], 52_200)).toHaveLength(1);
});

test('who did not look for a while does not take the others for dead', () => {
  const node = { id: 'nod_1', name: 'a', beat: 1, started_at: 0, seen_at: 0 };
  const dead = watchNodes(1000);
  expect(dead([node], 50_000)).toEqual([]);
  expect(dead([node], 60_000)).toEqual([]);
});
