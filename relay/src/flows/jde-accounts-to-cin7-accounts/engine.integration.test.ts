import { EngineBench } from '../../engine/testing/engine-bench.ts';
import type { FakeFlow } from '../../engine/testing/fake-systems.ts';
import { recordStory, requestRun } from '../../ledger/index.ts';
import { setEntries } from '../../mapping/index.ts';
import type { Cin7Account } from '../../systems/cin7-core/index.ts';
import type { JdeAccount } from '../../systems/jde/index.ts';
import { jdeAccountsToCin7Accounts } from './flow.ts';
import { linkAccount, type AccountPost } from './post.ts';
import { account } from './testing/samples.ts';

const cash: Cin7Account = {
  Code: '090',
  Name: 'Business Bank Account',
  Type: 'BANK',
  Status: 'ACTIVE',
  Class: 'ASSET',
  SystemAccount: null,
  SystemAccountCode: null,
};

/** The flow under the real engine and ledger, with a chart in memory on both sides. */
async function openBench(chart: JdeAccount[]) {
  const target = { accounts: () => Promise.resolve([cash]), journals: { accountProblems: () => Promise.resolve([]) } };
  const flow = {
    ...jdeAccountsToCin7Accounts,
    from: 'sap-ecc',
    extract: async function* extract() {
      await Promise.resolve();
      yield {
        records: chart.map((one) => ({ key: one.id, label: one.description, payload: { kind: 'account', account: { ...one } } })),
      };
    },
    post: (input: AccountPost) => linkAccount({ ...input, target: target as unknown as AccountPost['target'] }),
  } as unknown as FakeFlow;
  const bench = await EngineBench.open({ flow });
  const ref = { tenantId: 'ten_1', integrationId: 'int_1', flowId: flow.id };
  return {
    bench,
    read: () => requestRun(bench.store, bench.clock, { flow: ref, mode: 'changes', actor: 'user:eva' }),
    enter: (from: string, to: string) =>
      setEntries(bench.store, bench.clock, { integrationId: 'int_1', valueMapId: 'accounts', entries: [{ from, to }], actor: 'user:eva' }),
    async eventsOf(key: string, version: number) {
      const record = (await bench.records()).find((one) => one.key === key && one.version === version);
      const story = await recordStory(bench.store, 'ten_1', record?.id ?? '');
      return story?.events.map(({ kind, data_json: data }) => ({ kind, data: JSON.parse(data ?? '{}') as unknown })) ?? [];
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test('one entry sets every account of the object going, all to one account of Cin7 Core, and a new name stands in the story', async () => {
  const chart = ['30', '40', '50'].map((businessUnit, index) => account({ id: `0000000${index + 1}`, businessUnit, description: 'Cash' }));
  await using scene = await openBench(chart);
  const { bench } = scene;
  bench.start();
  await bench.until('three records', async () => (await bench.records()).length === 3);
  await bench.untilAll('blocked');
  expect(await scene.enter('1110', '090')).toBe(3);
  await bench.untilAll('succeeded');
  expect((await bench.records()).map(({ target_id: id, target_label: label }) => [id, label])).toEqual([
    ['090/00000001', '090 Business Bank Account'],
    ['090/00000002', '090 Business Bank Account'],
    ['090/00000003', '090 Business Bank Account'],
  ]);

  chart[1]!.description = 'Kasse Müller & Söhne';
  await scene.read();
  await bench.until('the new version', async () => (await bench.states()).includes('00000002.2 succeeded'));
  expect(await scene.eventsOf('00000002', 2)).toContainEqual({
    kind: 'account renamed',
    data: expect.objectContaining({ before: 'Cash', now: 'Kasse Müller & Söhne' }) as unknown,
  });
});
