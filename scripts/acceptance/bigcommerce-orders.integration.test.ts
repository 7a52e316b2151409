import { connectedAgent, orderFlow, refundFlow, setValueMap, shipmentFlow, waitFor } from '../landscape/index.ts';
import { moment } from './scene.ts';
import { openShopScene, type ShopScene } from './shop-scene.ts';

/** Orders of a web shop become FI documents, in order as a customer lives it. Everything runs as processes of their own. */
let scene: ShopScene;
/** Nobody has mapped what is sold to Japan. */
const forgottenTaxes = ['JP 10', 'JP 8'];

beforeAll(async () => {
  scene = await openShopScene({ flows: [orderFlow, refundFlow, shipmentFlow], forgottenTaxes });
}, 90_000);
afterAll(() => scene[Symbol.asyncDispose]());

const place = async (kind: 'simple' | 'jpy' | 'taxInclusive' | 'awaitingPayment' | 'veryLong' = 'simple'): Promise<number> =>
  (await scene.store.act('placeOrder', { kind })).orderId as number;
/** Order ids by what became of them. */
const japanese = async (): Promise<number[]> =>
  (await scene.store.truth()).filter(({ currency }) => currency === 'JPY').map(({ orderId }) => orderId);

test('orders of all kinds end as documents with the sums of the store; those with taxes nobody mapped wait, and name them all', async () => {
  await scene.store.act('placeOrders', { count: 62 });
  const long = await place('veryLong');
  const counts = await scene.settled();
  const waiting = await japanese();
  expect(counts.blocked).toBe(waiting.length);
  const blocked = await scene.record(waiting[0] ?? 0);
  expect(blocked.reasons.map(({ code }) => code)).toContain('VALUE_MAP_MISSING');
  expect(blocked.reasons.map(({ missing }) => missing?.code)).toContain('JP 10');
  await scene.agreed(...waiting);
  expect(await scene.documents(`BC${long}P2`)).toHaveLength(1);
}, 120_000);

test('once the taxes are mapped, what waited for them goes out by itself', async () => {
  await setValueMap(scene.landscape, scene.shop, 'tax-codes', { 'JP 10': 'J1', 'JP 8': 'J2', 'JP 0': 'A0' });
  expect((await scene.settled()).blocked).toBeUndefined();
  await scene.agreed();
}, 90_000);

test('orders of 120 and 999 lines are in SAP as the shopper paid them, though the store rounds the tax of each line', async () => {
  const { store } = scene;
  const placed = [];
  for (const [kind, lines] of [
    ['taxInclusive', 120],
    ['taxInclusive', 999],
    ['jpy', 120],
    ['jpy', 999],
    ['kwd', 120],
    ['kwd', 999],
  ] as const)
    placed.push({ orderId: (await store.act('placeOrder', { kind, lines })).orderId as number, documents: lines > 890 ? 2 : 1 });
  await scene.agreed();
  for (const { orderId, documents } of placed) {
    const all = [...(await scene.documents(`BC${orderId}`)), ...(await scene.documents(`BC${orderId}P2`))];
    expect(all).toHaveLength(documents);
    for (const { items } of all) expect(items.length).toBeLessThanOrEqual(900);
  }
}, 120_000);

test('deliveries that come twice, three times and in another order make one document each', async () => {
  const { store } = scene;
  await store.switchWebhooks({ duplicates: 2, reorderBy: 9 });
  const { orderIds } = await store.act('placeOrder', { count: 6 });
  for (const orderId of orderIds) {
    await store.act('editOrder', { orderId, staffNotes: 'Bitte läuten – 请按门铃' });
    await store.act('setStatus', { orderId, statusId: 9 });
  }
  await store.flushWebhooks();
  await store.switchWebhooks({ duplicates: 0, reorderBy: 0 });
  await store.flushWebhooks();
  await scene.agreed();
  for (const orderId of orderIds) expect((await scene.documents(`BC${orderId}`)).map(({ reversal }) => reversal)).toEqual([undefined]);
}, 90_000);

test('an order whose webhooks are lost is found by the poll', async () => {
  const { store } = scene;
  await store.switchWebhooks({ isOn: false });
  const orderId = await place();
  await store.switchWebhooks({ isOn: true });
  await scene.run();
  expect(await scene.record(orderId)).toMatchObject({ state: 'succeeded' });
  await scene.agreed();
}, 60_000);

test('an order that is not paid yet is posted once it is', async () => {
  const orderId = await place('awaitingPayment');
  expect(await scene.recordIn('skipped', orderId)).toMatchObject({ state: 'skipped' });
  await scene.agreed();
  await scene.store.act('payOrder', { orderId });
  await waitFor('the document', async () => (await scene.documents(`BC${orderId}`)).length > 0);
  await scene.agreed();
}, 60_000);

test('refunds of all kinds are credit memos to the cent; one whose payment is declined is none', async () => {
  const orderIds = new Map<string, number>();
  for (const kind of ['partial', 'full', 'shipping', 'tax', 'amount', 'storeCredit', 'declined'] as const)
    orderIds.set(kind, await place('taxInclusive'));
  await scene.agreed();
  for (const [kind, orderId] of orderIds)
    await scene.store.act('refundOrder', { orderId, kind: kind as 'partial' }).catch((error: unknown) => {
      // Shipped free of charge: nothing to give back.
      if (kind !== 'shipping') throw error;
    });
  const { refunds } = await scene.store.snapshot();
  const taxAlone = refunds.find(({ order_id: id }) => id === orderIds.get('tax'))?.id;
  // Tax without goods: which goods it was for, a person has to say.
  expect((await scene.recordIn('blocked', taxAlone ?? 0, refundFlow)).reasons).toMatchObject([{ code: 'REFUND_TAX_DIFFERS' }]);
  scene.leftOut.add(`R${taxAlone}`);
  await scene.agreed();
  const partial = refunds.find(({ order_id: id }) => id === orderIds.get('partial'));
  const [memo] = await scene.documents(`BCR${partial?.id}`);
  expect(memo).toMatchObject({ documentType: 'DG' });
  expect(memo?.items.find(({ accountType }) => accountType === 'D')?.assignment).toBe(`BC${orderIds.get('partial')}`);
  expect(await scene.toldTheStore(orderIds.get('partial') ?? 0)).toEqual({
    fi_document: expect.stringMatching(/^1000\/18\d{8}\/\d{4}$/) as string,
    [`fi_refund_${partial?.id}`]: expect.stringMatching(/^1000\/16\d{8}\/\d{4}$/) as string,
  });
}, 90_000);

test('a closed period is waited for, and a person who opened it lets the order go at once', async () => {
  const { sap } = scene.landscape;
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  await sap.control.call('close-period', { companyCode: '1000', postingDate: today });
  const orderId = await place();
  expect((await scene.recordIn('waiting', orderId)).reasons).toMatchObject([{ code: 'SAP_PERIOD_CLOSED' }]);
  expect(await scene.documents(`BC${orderId}`)).toEqual([]);
  await sap.control.call('open-period', { companyCode: '1000', postingDate: today });
  await scene.replay(orderId);
  await scene.agreed();
}, 60_000);

test('an order edited after it was posted waits for a person; the replay reverses and posts anew', async () => {
  const { store } = scene;
  const orderId = await place('taxInclusive');
  await scene.agreed();
  await store.act('editOrder', { orderId, manualDiscount: '0.50' });
  const blocked = await scene.recordIn('blocked', orderId);
  expect(blocked.reasons).toMatchObject([{ code: 'DOCUMENT_CHANGED' }]);
  expect(await scene.documents(`BC${orderId}`)).toHaveLength(1);
  await scene.replay(orderId);
  await scene.agreed();
  expect((await scene.documents(`BC${orderId}`)).map(({ reversal }) => reversal?.isReversing)).toEqual([false, true, undefined]);
}, 60_000);

test('of an order cancelled after it was posted nothing stands, once a person has agreed; the store is told', async () => {
  const orderId = await place();
  await scene.agreed();
  await scene.store.act('cancelOrder', { orderId });
  expect((await scene.recordIn('blocked', orderId)).reasons).toMatchObject([{ code: 'DOCUMENT_CHANGED' }]);
  await scene.replay(orderId);
  await scene.agreed();
  expect((await scene.documents(`BC${orderId}`)).map(({ reversal }) => reversal?.isReversing)).toEqual([false, true]);
  await waitFor('the store to be told', async () => (await scene.toldTheStore(orderId))['fi_document'] === 'reversed');
}, 60_000);

test('a customer whom somebody has open in SAP is tried again until he is free', async () => {
  const { sap } = scene.landscape;
  await sap.control.call('lock-customer', { number: '99000', user: 'KSCHAEFER' });
  const orderId = await place();
  const failed = await scene.recordIn('failed', orderId);
  expect(failed.reasons[0]?.message).toContain('KSCHAEFER');
  await sap.control.call('unlock-customer', { number: '99000' });
  await scene.agreed();
}, 90_000);

test('a shipment stands on the record of its order', async () => {
  const orderId = await place('taxInclusive');
  await scene.agreed();
  const shipment = await scene.store.act('shipOrder', { orderId, trackingNumber: '00340434161094000001' });
  await scene.recordIn('succeeded', `${orderId}/${(shipment as { id: number }).id}`, shipmentFlow);
  await scene.agreed();
  const { events, version } = await scene.story(orderId);
  // Shipping is no change of what is to be paid.
  expect(version).toBe(1);
  expect(events.find(({ kind }) => kind === 'shipped')?.data).toMatchObject({ trackingNumber: '00340434161094000001', carrier: 'dhl' });
}, 60_000);

test('an answer of SAP that is lost after the commit is decided by asking, and nothing is posted twice', async () => {
  const { sap } = scene.landscape;
  await sap.control.call('add-fault', { kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
  const orderId = await place();
  await waitFor('the document', async () => (await scene.documents(`BC${orderId}`)).length > 0);
  await scene.agreed();
  const { events } = await scene.story(orderId);
  expect(events.map(({ kind }) => kind)).toContain('uncertain');
  expect(events.find(({ kind }) => kind === 'looked up')?.data).toMatchObject({ outcome: 'applied' });
  expect(await scene.documents(`BC${orderId}`)).toHaveLength(1);
}, 60_000);

test('relay and agent killed in the middle of a batch post each order once, and lose none', async () => {
  const { landscape, store, shop } = scene;
  const before = (await landscape.sap.control.call('postings', { companyCode: '1000' })).length;
  await store.act('placeOrders', { count: 40 });
  const posted = async (more: number): Promise<boolean> =>
    (await landscape.sap.control.call('postings', { companyCode: '1000' })).length > before + more;
  await moment('the first documents', () => posted(3), 30_000);
  landscape.relay.child.kill('SIGKILL');
  await landscape.relay.child.ended;
  await landscape.restartRelay();
  await moment('further documents', () => posted(8), 30_000);
  landscape.agent.running?.kill('SIGKILL');
  await landscape.agent.running?.ended;
  landscape.own(landscape.agent.start());
  await connectedAgent(landscape, shop.path);
  await scene.agreed();
  await scene.run(orderFlow, 'sweep');
  await scene.run(refundFlow, 'sweep');
  await scene.agreed();
}, 150_000);
