import { EngineBench } from '../../engine/testing/engine-bench.ts';
import type { FakeFlow } from '../../engine/testing/fake-systems.ts';
import { replayRecords, requestRun, skipRecords } from '../../ledger/index.ts';
import { setEntries } from '../../mapping/index.ts';
import { skuOf } from '../../../../scripts/sandbox/cin7/index.ts';
import type { JdePurchaseOrder } from '../../systems/jde/index.ts';
import type { PurchasePost } from './find.ts';
import { jdePurchaseOrdersToCin7Purchases } from './flow.ts';
import { postOrder } from './post.ts';
import { probeOrder } from './probe.ts';
import { purchaseFlowSettings } from './settings.ts';
import { benchMaps, openBench, seededOrder } from './testing/bench.ts';
import { cancelled, item, line, mapEntries, payloadOf } from './testing/samples.ts';

const settings = purchaseFlowSettings.extend({
  companies: purchaseFlowSettings.shape.companies.default(['00200']),
  startDate: purchaseFlowSettings.shape.startDate.default('2026-01-01'),
});

/** The flow under the real engine and ledger, with the simulated Cin7 Core. */
async function openScene(first: JdePurchaseOrder) {
  await using stack = new AsyncDisposableStack();
  const cin7 = stack.use(await openBench());
  let order = first;
  const asReal = (input: PurchasePost): PurchasePost => ({
    ...input,
    target: cin7.session,
    link: input.link,
    linkOf: () => Promise.resolve({ targetId: cin7.supplierId, targetLabel: 'supplier' }),
    earlierErrors: () => input.earlierErrors(),
  });
  const flow = {
    ...jdePurchaseOrdersToCin7Purchases,
    from: 'sap-ecc',
    settings,
    extract: async function* extract() {
      await Promise.resolve();
      yield { records: [{ key: order.key, label: order.number, payload: payloadOf(structuredClone(order)) }] };
    },
    post: (input: PurchasePost) => postOrder(asReal(input)),
    probe: (input: PurchasePost) => probeOrder(asReal(input)),
  } as unknown as FakeFlow;
  // Its clock runs ahead of calls that are made for real.
  const bench = stack.use(await EngineBench.open({ flow, settings: { postTimeoutMs: 1e9 } }));
  const enter = (maps: Record<string, Record<string, string>>) =>
    Promise.all(
      Object.entries(maps).map(([valueMapId, entries]) =>
        setEntries(bench.store, bench.clock, {
          integrationId: 'int_1',
          valueMapId,
          entries: Object.entries(entries).map(([from, to]) => ({ from, to })),
          actor: 'user:eva',
        }),
      ),
    );
  await enter({ ...mapEntries, ...benchMaps });
  const up = stack.move();
  const ref = { tenantId: 'ten_1', integrationId: 'int_1', flowId: flow.id };
  return {
    cin7,
    bench,
    enter,
    /** What JD Edwards holds from now on; read at once. */
    async becomes(next: JdePurchaseOrder) {
      order = next;
      await requestRun(bench.store, bench.clock, { flow: ref, mode: 'changes', actor: 'user:eva' });
    },
    ids: async () => ({ tenantId: 'ten_1', recordIds: (await bench.records()).map(({ id }) => id) }),
    settled: (...states: string[]) =>
      bench.until(
        states.join(', '),
        async () => JSON.stringify((await bench.states()).map((one) => one.replace(/^\S+\./, ''))) === JSON.stringify(states),
      ),
    [Symbol.asyncDispose]: () => up.disposeAsync(),
  };
}

const live = ({ cin7 }: Awaited<ReturnType<typeof openScene>>) => cin7.purchases().filter(({ isVoided }) => !isVoided);
const more = seededOrder({ lines: [line({ item: item(skuOf(1)), quantity: '12', extendedAmount: '150.00' })] });

test('an order that waits for a unit goes out without the line that was cancelled meanwhile', async () => {
  await using scene = await openScene(seededOrder({ lines: [...seededOrder().lines, line({ number: '3.000', unit: 'PL' })] }));
  scene.bench.start();
  await scene.settled('1 blocked');
  await scene.becomes(seededOrder({ lines: [...seededOrder().lines, line({ number: '3.000', unit: 'PL', ...cancelled })] }));
  await scene.settled('1 skipped', '2 succeeded');
  expect(live(scene)).toHaveLength(1);
});

test('while nobody knows whether the first version was posted, the next one waits; then there is one purchase, as it is now', async () => {
  await using scene = await openScene(seededOrder());
  const { faults } = scene.cin7.sim;
  faults.add({ kind: 'loseNextAnswer', method: 'POST', path: '/advanced-purchase' });
  // Every look fails as long as this lasts.
  faults.add({ kind: 'error500BeforeCommit', method: 'GET', path: '/purchaselist', after: 2, times: 1000 });
  scene.bench.start();
  await scene.settled('1 uncertain');
  await scene.becomes(more);
  await scene.settled('1 uncertain', '2 pending');
  faults.clear();
  await scene.settled('1 skipped', '2 succeeded');
  expect(live(scene).map(({ Order }) => [Order.Status, Order.Lines.map(({ Quantity }) => Number(Quantity))])).toEqual([
    ['AUTHORISED', [12]],
  ]);
  expect(scene.cin7.purchases()).toHaveLength(1);
});

test('a version that was received meanwhile is blocked, the next one that agrees with Cin7 Core is through', async () => {
  await using scene = await openScene(seededOrder());
  scene.bench.start();
  await scene.settled('1 succeeded');
  await scene.cin7.change({ ID: live(scene)[0]?.ID ?? '', received: 'PARTIALLY RECEIVED' });
  await scene.becomes(more);
  await scene.settled('1 succeeded', '2 blocked');
  expect((await scene.bench.records())[1]?.reason_json).toContain('PURCHASE_IN_USE');
  await scene.becomes(seededOrder());
  await scene.settled('1 succeeded', '2 skipped', '3 succeeded');
  expect(live(scene)).toHaveLength(1);
});

test('what somebody voided is told, and made anew by a replay', async () => {
  await using scene = await openScene(seededOrder());
  scene.bench.start();
  await scene.settled('1 succeeded');
  await scene.cin7.change({ ID: live(scene)[0]?.ID ?? '', isVoided: true });
  await scene.becomes(more);
  await scene.settled('1 succeeded', '2 blocked');
  const [, second] = (await scene.ids()).recordIds;
  await replayRecords(scene.bench.store, scene.bench.clock, { tenantId: 'ten_1', recordIds: [second ?? ''] }, 'user:eva');
  await scene.settled('1 succeeded', '2 succeeded');
  expect(live(scene)).toHaveLength(1);
  await scene.becomes(seededOrder({ lines: [line(cancelled)] }));
  await scene.settled('1 succeeded', '2 succeeded', '3 succeeded');
  expect(live(scene)).toEqual([]);
});

test('what a person entered by hand and skipped is not sent when the order changes', async () => {
  await using scene = await openScene(seededOrder({ lines: [line({ unit: 'PL' })] }));
  scene.bench.start();
  await scene.settled('1 blocked');
  await skipRecords(scene.bench.store, scene.bench.clock, await scene.ids(), { actor: 'user:eva', reason: 'entered by hand' });
  await scene.becomes(more);
  await scene.settled('1 skipped', '2 waiting');
  expect(scene.cin7.purchases()).toEqual([]);
});

test('nor when it was on hold, or left out, for a time in between', async () => {
  await using scene = await openScene(seededOrder({ lines: [line({ unit: 'PL' })] }));
  scene.bench.start();
  await scene.settled('1 blocked');
  await skipRecords(scene.bench.store, scene.bench.clock, await scene.ids(), { actor: 'user:eva', reason: 'entered by hand' });
  await scene.becomes({ ...more, holdCode: 'B1' });
  await scene.settled('1 skipped', '2 skipped');
  await scene.becomes(more);
  await scene.settled('1 skipped', '2 skipped', '3 waiting');
  expect((await scene.bench.records())[2]?.reason_json).toMatch(/SKIPPED_BEFORE.*entered by hand/);
  expect(scene.cin7.purchases()).toEqual([]);
});
