import { connectedAgent, customerFlow, orderFlow, refundFlow, type PostedDocument } from '../landscape/index.ts';
import { moment } from './scene.ts';
import { openShopScene, type ShopScene } from './shop-scene.ts';

/** Customers of a web shop are in SAP before their orders: each once, and each order on its own customer's account. */
let scene: ShopScene;

beforeAll(async () => {
  scene = await openShopScene({ flows: [customerFlow, orderFlow, refundFlow], customers: 'per-customer' });
}, 90_000);
afterAll(() => scene[Symbol.asyncDispose]());

/** SAP numbers by the store's customer id, as the store was told. */
async function numbers(): Promise<Map<number, string>> {
  const { customers } = await scene.store.snapshot();
  return new Map(customers.map(({ id, attributes }) => [id, attributes[0]?.attribute_value ?? '']));
}

const partnerOf = (document: PostedDocument | undefined): string =>
  (document?.items.find(({ accountType }) => accountType === 'D')?.partner ?? '').replace(/^0+/, '');

async function ordersAndCustomersAgree(): Promise<void> {
  await scene.agreed();
  let told = await numbers();
  // The store is told after the record succeeded.
  await moment(
    'each customer to have a number of his own',
    async () => new Set((told = await numbers()).values()).size === told.size,
    60_000,
  );
  const byOrder = new Map((await scene.store.truth()).map(({ orderId, customerId }) => [`BC${orderId}`, customerId]));
  const posted = (await scene.landscape.sap.control.call('postings', { companyCode: '1000' })).filter(({ reference }) =>
    byOrder.has(reference),
  );
  expect(posted.length).toBeGreaterThan(10);
  const wrong = posted.filter((document) => {
    const customerId = byOrder.get(document.reference) ?? 0;
    const partner = partnerOf(document);
    // Nobody owes what others paid.
    return partner !== '' && partner !== (customerId === 0 ? '99000' : told.get(customerId)?.replace(/^0+/, ''));
  });
  expect(wrong.map(({ reference, number }) => `${reference} ${number}`)).toEqual([]);
}

test('every customer of the store is in SAP once, and each order stands on the account of its own; guests on the one-time account', async () => {
  await scene.settled();
  const before = (await scene.landscape.sap.control.call('list-customers')).length;
  await scene.store.act('placeOrders', { count: 32 });
  await ordersAndCustomersAgree();
  expect(await scene.landscape.sap.control.call('list-customers')).toHaveLength(before);
}, 120_000);

test('somebody who signs up and buys at once is in SAP before the order, even with the webhooks the other way round', async () => {
  const { store } = scene;
  const before = (await scene.landscape.sap.control.call('list-customers')).length;
  await store.switchWebhooks({ reorderBy: 20 });
  await store.act('createCustomer', {
    email: 'zoe.obrien@example.com',
    first_name: 'Zoë',
    last_name: "O'Brien-Großmann",
    addresses: [
      {
        address1: 'Deichstraße 9',
        city: 'Hamburg',
        postal_code: '20459',
        country_code: 'DE',
        country: 'Germany',
        state_or_province: 'Hamburg',
      },
    ],
  });
  await store.act('placeOrder', { kind: 'taxInclusive', count: 4 });
  await store.flushWebhooks();
  await store.switchWebhooks({ reorderBy: 0 });
  await ordersAndCustomersAgree();
  expect(await scene.landscape.sap.control.call('list-customers')).toHaveLength(before + 1);
}, 90_000);

test('relay and agent killed among new customers and their orders make nobody and nothing twice', async () => {
  const { landscape, store, shop } = scene;
  const count = async (): Promise<number> => (await landscape.sap.control.call('list-customers')).length;
  const before = await count();
  for (let one = 0; one < 12; one++)
    await store.act('createCustomer', {
      email: `neu${one}@example.com`,
      first_name: 'Änne',
      last_name: 'Müller',
      company: one % 2 === 0 ? `Müller ${one} GmbH & Co. KG` : '',
      addresses: [
        { address1: `Ring ${one + 1}`, city: 'Köln', postal_code: '50667', country_code: 'DE', country: 'Germany', state_or_province: '' },
      ],
    });
  await store.act('placeOrders', { count: 16 });
  await moment('the first new customers', async () => (await count()) > before + 1, 30_000);
  landscape.relay.child.kill('SIGKILL');
  await landscape.relay.child.ended;
  await landscape.restartRelay();
  await moment('further ones', async () => (await count()) > before + 4, 60_000);
  landscape.agent.running?.kill('SIGKILL');
  await landscape.agent.running?.ended;
  landscape.own(landscape.agent.start());
  await connectedAgent(landscape, shop.path);
  await ordersAndCustomersAgree();
  expect(await count()).toBe(before + 12);
}, 150_000);
