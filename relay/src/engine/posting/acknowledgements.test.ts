import { SystemError } from '@ml-connector/shared';
import { acknowledgeNow, checkChain, recordStory } from '../../ledger/index.ts';
import { EngineBench } from '../testing/engine-bench.ts';
import type { FakeFlow } from '../testing/fake-systems.ts';

/** A flow whose source is told of each success; `faults` end the first tellings. */
function telling(faults: (SystemError | Promise<void>)[] = []): { told: string[]; flow: Partial<FakeFlow> } {
  const told: string[] = [];
  return {
    told,
    flow: {
      async acknowledge({ record, result, scope, payload }) {
        const fault = faults.shift();
        scope.trace({ system: 'sap-ecc', what: `tell ${record.key}`, at: 0, ms: 1 });
        if (fault instanceof SystemError) throw fault;
        await fault;
        told.push(`${record.key} ${payload.name} is ${result.targetId}`);
      },
    },
  };
}

const kindsOf = async (bench: EngineBench, place = 0): Promise<string[]> => {
  const story = await recordStory(bench.store, 'ten_1', (await bench.records())[place]?.id ?? '');
  expect(checkChain(story?.events ?? [])).toBeUndefined();
  return story?.events.map(({ kind }) => kind) ?? [];
};
const open = (bench: EngineBench) => bench.store.db.selectFrom('acknowledgement').selectAll().execute();
const isTold = (bench: EngineBench) => async () => (await open(bench)).length === 0;

test('the source is told of a success once, and the story says so', async () => {
  const { told, flow } = telling();
  await using bench = await EngineBench.open({ flow });
  bench.source.batches = [[{ key: '1', name: "O'Brien & Söhne" }]];
  bench.start();
  await bench.untilAll('succeeded');
  await bench.until('the source is told', isTold(bench));
  expect(told).toEqual(["1 O'Brien & Söhne is target-1"]);
  expect(await kindsOf(bench)).toEqual(['received', 'posting', 'call', 'succeeded', 'call', 'acknowledged']);
});

test('a source that is not there is told later, and the record is never posted again for it', async () => {
  const busy = new SystemError('BUSY', 'retry', 'no answer');
  const { told, flow } = telling([busy, new SystemError('LOST', 'uncertain', 'the answer was lost')]);
  await using bench = await EngineBench.open({ flow });
  bench.source.batches = [[{ key: '1', name: 'Lieferant' }]];
  bench.start();
  await bench.untilAll('succeeded');
  await bench.until('the source is told', isTold(bench));
  expect(told).toHaveLength(1);
  expect(bench.target.creations('1')).toBe(1);
  expect((await kindsOf(bench)).filter((kind) => kind === 'not acknowledged')).toHaveLength(2);
});

test('what the source refuses waits for a person, who can have it told again', async () => {
  const { told, flow } = telling([new SystemError('NO_SCOPE', 'refused', 'the token may not write orders')]);
  await using bench = await EngineBench.open({ flow });
  bench.source.batches = [[{ key: '1', name: 'Lieferant' }]];
  bench.start();
  await bench.until('the refusal', async () => (await open(bench)).some((row) => row.next_attempt_at === null && row.failures === 1));
  await bench.rounds();
  expect(told).toEqual([]);
  const [record] = await bench.records();
  expect(await acknowledgeNow(bench.store, bench.clock, { tenantId: 'ten_2', recordId: record?.id ?? '', actor: 'user:mallory' })).toBe(
    false,
  );
  expect(await acknowledgeNow(bench.store, bench.clock, { tenantId: 'ten_1', recordId: record?.id ?? '', actor: 'user:eva' })).toBe(true);
  await bench.until('the source is told', isTold(bench));
  expect(told).toHaveLength(1);
  expect((await kindsOf(bench)).slice(-4)).toEqual(['acknowledgement refused', 'acknowledgement asked for', 'call', 'acknowledged']);
});

test('of a key that changed while its source was being told, the newest is told last', async () => {
  const held = Promise.withResolvers<void>();
  const { told, flow } = telling([held.promise]);
  await using bench = await EngineBench.open({ flow });
  bench.source.batches = [[{ key: '1', name: 'before' }]];
  bench.start();
  await bench.untilAll('succeeded');
  bench.source.batches.push([{ key: '1', name: 'after' }]);
  await bench.changeFlow({ next_run_at: 0 });
  await bench.until('the second version', async () => (await bench.states()).includes('1.2 succeeded'));
  await bench.rounds();
  expect(told).toEqual([]);
  held.resolve();
  await bench.until('both are told', isTold(bench));
  expect(told).toEqual(['1 before is target-1', '1 after is target-1']);
});

test('what was to be told when the relay was killed is told by the next', async () => {
  const { told, flow } = telling([new Promise(() => undefined)]);
  await using bench = await EngineBench.open({ flow, settings: { drainMs: 10 } });
  bench.source.batches = [[{ key: '1', name: 'Lieferant' }]];
  bench.start();
  await bench.untilAll('succeeded');
  await bench.rounds();
  await bench.kill();
  bench.start();
  await bench.until('the source is told', isTold(bench));
  expect(told).toHaveLength(1);
  expect(bench.target.creations('1')).toBe(1);
});

test('a success is told on the trails of other records', async () => {
  const tells = [
    { flowId: 'fake-vendors-to-suppliers', key: '1', event: 'shipped', data: { tracking: '1Z 999' } },
    { flowId: 'fake-vendors-to-suppliers', key: 'unknown', event: 'shipped', data: {} },
  ];
  await using bench = await EngineBench.open({
    kind: 'document',
    flow: {
      predecessors: ({ after }) => after ?? [],
      async post({ record, target, body, scope }) {
        const { id } = await target.write({ key: record.key, id: undefined, body }, scope);
        return { targetId: id, targetLabel: record.label, action: 'created', ...(record.key === '2' ? { tells } : {}) };
      },
    },
  });
  bench.source.batches = [
    [
      { key: '1', name: 'order' },
      { key: '2', name: 'shipment', after: ['1'] },
    ],
  ];
  bench.start();
  await bench.untilAll('succeeded');
  const [order, shipment] = await bench.records();
  const story = await recordStory(bench.store, 'ten_1', order?.id ?? '');
  const last = story?.events.at(-1);
  expect(last?.kind).toBe('shipped');
  expect(JSON.parse(last?.data_json ?? '{}')).toMatchObject({ tracking: '1Z 999', from: { recordId: shipment?.id, key: '2' } });
  expect(await kindsOf(bench)).toContain('shipped');
});

test('many sources are told one after the other without waiting for the next round', async () => {
  const { told, flow } = telling();
  await using bench = await EngineBench.open({ flow, settings: { pollMs: 60_000 } });
  bench.source.batches = [Array.from({ length: 60 }, (_, at) => ({ key: String(at), name: `Lieferant ${at}` }))];
  bench.start();
  await bench.until('all sources are told', async () => told.length === 60 && (await isTold(bench)()));
});
