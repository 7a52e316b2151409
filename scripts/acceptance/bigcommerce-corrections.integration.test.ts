import { orderFlow, refundFlow, setValueMap, waitFor } from '../landscape/index.ts';
import { openShopScene, type ShopScene } from './shop-scene.ts';

/** What people do to orders, mappings and documents after the posting. */
let scene: ShopScene;

beforeAll(async () => {
  scene = await openShopScene({ flows: [orderFlow, refundFlow] });
}, 90_000);
afterAll(() => scene[Symbol.asyncDispose]());

const place = async (): Promise<number> => {
  const { orderId = 0 } = await scene.store.act('placeOrder', { kind: 'taxInclusive' });
  await scene.settled();
  await scene.recordIn('succeeded', orderId);
  return orderId;
};
const setStatus = async (orderId: number, statusId: number): Promise<void> =>
  void (await scene.store.act('setStatus', { orderId, statusId }));
const standing = async (reference: string): Promise<number> =>
  (await scene.documents(reference)).filter(({ reversal }) => reversal === undefined).length;
/** The next version of the order's record, at rest: what it says is brought about once more. */
const again = async (orderId: number, change = () => scene.replay(orderId)) => {
  const { version } = await scene.record(orderId);
  await change();
  await waitFor('the new version', async () => (await scene.record(orderId)).version > version);
  await scene.settled();
  return scene.record(orderId);
};

test('a corrected account reverses nothing of what was posted, whatever becomes of the order', async () => {
  const orderIds = [await place(), await place()];
  const accounts = { Werkzeug: '801000', Verbrauchsmaterial: '800000', Sonstiges: '801000' };
  await setValueMap(scene.landscape, scene.shop, 'revenue-accounts', accounts);
  for (const orderId of orderIds) {
    expect(await again(orderId)).toMatchObject({ state: 'succeeded', action: 'unchanged' });
    expect(await scene.documents(`BC${orderId}`)).toHaveLength(1);
  }
}, 90_000);

test('a document that Finance reversed stays reversed until a person says otherwise', async () => {
  const orderId = await place();
  const [document] = await scene.documents(`BC${orderId}`);
  if (!document) throw new Error('there is no document');
  const { companyCode, number, fiscalYear } = document;
  await scene.landscape.sap.control.call('reverse-document', { companyCode, number, fiscalYear });
  const blocked = await again(orderId);
  expect(blocked).toMatchObject({ state: 'blocked', reasons: [{ code: 'SAP_DOCUMENT_REVERSED' }] });
  expect(await standing(`BC${orderId}`)).toBe(0);
  await scene.replay(orderId);
  await scene.recordIn('succeeded', orderId);
  expect(await standing(`BC${orderId}`)).toBe(1);
}, 60_000);

test('an order that was given back in full and cancelled then keeps its invoice, and the credit memo stands against it', async () => {
  const orderId = await place();
  await scene.store.act('refundOrder', { orderId, kind: 'full' });
  const { refunds } = await scene.store.snapshot();
  const refundId = refunds.find(({ order_id: id }) => id === orderId)?.id ?? 0;
  await scene.recordIn('succeeded', refundId, refundFlow);
  expect(await again(orderId, () => setStatus(orderId, 5))).toMatchObject({ state: 'succeeded', action: 'unchanged' });
  expect([await standing(`BC${orderId}`), await standing(`BCR${refundId}`)]).toEqual([1, 1]);
}, 60_000);

test('another reference prefix posts nothing of the old orders again', async () => {
  const orderId = await place();
  const { landscape, shop } = scene;
  const flow = `${shop.path}/integrations/${shop.integrationId}/flows/${orderFlow}`;
  const { flows } = await landscape.relay.api.get<{ flows: { flowId: string; settings: Record<string, unknown> }[] }>(
    `${shop.path}/integrations/${shop.integrationId}`,
  );
  const settings = flows.find(({ flowId }) => flowId === orderFlow)?.settings;
  await landscape.relay.api.patch(flow, { settings: { ...settings, referencePrefix: 'WEB' } });
  expect(await again(orderId)).toMatchObject({ state: 'blocked', reasons: [{ code: 'SAP_DOCUMENT_NOT_FOUND' }] });
  expect([await standing(`BC${orderId}`), await standing(`WEB${orderId}`)]).toEqual([1, 0]);
  const next = await place();
  expect(await standing(`WEB${next}`)).toBe(1);
}, 60_000);
