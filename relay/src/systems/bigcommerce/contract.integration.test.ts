import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addAmounts, compareAmounts } from '@ml-connector/shared';
import {
  actions,
  sign,
  startBigCommerce,
  type BigCommerceOptions,
  type BigCommerceSim,
} from '../../../../scripts/sandbox/bigcommerce/index.ts';
import type { WebhookDelivery } from '../system.ts';
import { fastClock, targetContract, testScope, type FastClock, type TargetUnderTest } from '../testing/index.ts';
import {
  bigCommerce,
  bigCommerceSettings,
  openBigCommerceSession,
  wantedTopics,
  type BigCommerceSettings,
  type NewProduct,
  type OpenBigCommerceSession,
  type Order,
} from './index.ts';

interface Opened extends AsyncDisposable {
  sim: BigCommerceSim;
  settings: BigCommerceSettings;
  session: OpenBigCommerceSession;
  clock: FastClock;
  scope: ReturnType<typeof testScope>;
}

async function open(options: BigCommerceOptions = {}): Promise<Opened> {
  const sim = await startBigCommerce({ quota: 100_000, ...options });
  const settings = bigCommerceSettings.parse(sim.connectionSettings);
  const clock = fastClock(Date.now());
  const session = openBigCommerceSession({ settings, clock, random: () => 0.5 });
  return {
    sim,
    settings,
    session,
    clock,
    scope: testScope(),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

async function all<Item>(pages: AsyncGenerator<Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** What the lines and the costs of an order amount to (facts/bigcommerce.md 6.3). */
function sumOf(order: Order): string {
  return addAmounts(
    ...order.products.map((line) => line.discounted_total_inc_tax),
    order.shipping_cost_inc_tax,
    order.handling_cost_inc_tax,
    order.wrapping_cost_inc_tax,
    ...order.fees.map((fee) => fee.cost_inc_tax),
  );
}

test('orders of every kind are read whole: lines, currency and sums are those of the store', async () => {
  await using opened = await open({ seed: { orders: 45 } });
  const { session, scope, sim } = opened;
  for (const truth of sim.truth()) {
    const order = await session.orders.get(truth.orderId, scope);
    expect(order).toMatchObject({
      id: truth.orderId,
      customer_id: truth.customerId,
      status_id: truth.statusId,
      default_currency_code: truth.currency,
    });
    expect(order?.products).toHaveLength(truth.lines);
    expect(compareAmounts(order?.total_inc_tax ?? '', truth.total)).toBe(0);
    expect(compareAmounts(sumOf(order!), truth.total)).toBe(0);
    const refunds = await session.refunds.ofOrder(truth.orderId, scope);
    expect(refunds.map(({ id }) => id)).toEqual(truth.refunds.map(({ refundId }) => refundId));
    for (const [at, refund] of refunds.entries()) expect(compareAmounts(refund.total_amount, truth.refunds[at]!.total)).toBe(0);
  }
});

test('the poll finds all orders and refunds, and only the changed ones afterwards', async () => {
  await using opened = await open({ seed: { orders: 320 } });
  const { session, scope, sim } = opened;
  const from = Date.now() - 100 * 86_400_000;
  const found = await all(session.orders.changed({ from }, scope));
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(sim.state.orders.keys()));
  expect((await all(session.orders.created({ from, to: Date.now() }, scope))).length).toBe(320);
  expect((await all(session.refunds.created({ from }, scope))).map(({ id }) => id)).toEqual([...sim.state.refunds.keys()]);
  expect(await all(session.orders.changed({ from: Date.now() + 60_000, to: Date.now() + 90_000 }, scope))).toEqual([]);
});

test('customers come with addresses and attributes; the SAP number is written as an attribute once', async () => {
  await using opened = await open({ seed: { customers: 40 } });
  const { session, scope, sim } = opened;
  const customers = await all(session.customers.all(scope));
  expect(customers.map(({ id }) => id)).toEqual([...sim.state.customers.keys()]);
  const changed = await all(session.customers.changed({ from: 0 }, scope));
  expect(new Set(changed.map(({ id }) => id))).toEqual(new Set(sim.state.customers.keys()));
  const [{ id } = { id: 0 }] = customers;
  for (const value of ['0000100023', '0000100024', '0000100024'])
    await session.customers.setAttribute(id, { name: 'SAP Customer', value }, scope);
  const [read] = await session.customers.get([id, 999_999], scope);
  expect(read?.attributes).toContainEqual({ attribute_id: expect.any(Number), name: 'SAP Customer', value: '0000100024' });
});

test('the SAP document number is written to the order once, changed where it differs, and survives a lost answer', async () => {
  await using opened = await open({ seed: { orders: 1 } });
  const { session, scope, sim } = opened;
  const [orderId = 0] = sim.state.orders.keys();
  const key = { namespace: 'sap', key: 'fi_document' };
  expect(await session.orders.metafield(orderId, key, scope)).toBeUndefined();
  sim.faults.add({ kind: 'loseNextAnswer' });
  for (const value of ['1800000123/1000/2026', '1800000123/1000/2026', '1800000200/1000/2026']) {
    await session.orders.setMetafield(orderId, key, value, scope);
    expect(await session.orders.metafield(orderId, key, scope)).toBe(value);
  }
  expect([...sim.state.metafields.values()]).toHaveLength(1);
});

test('prices and stock by SKU; what the store refuses is named and the rest saved', async () => {
  await using opened = await open();
  const { session, scope, sim } = opened;
  const [list] = await session.products.priceLists(scope);
  const [location] = await session.products.locations(scope);
  // The SKU of a product with several variants takes no price (facts/bigcommerce.md 11).
  const skus = [...sim.state.products.values()]
    .flatMap(({ variants }) => (variants.length === 1 ? variants : variants.slice(1)))
    .map(({ sku }) => sku);
  const some = skus.filter((sku) => sku !== '').slice(0, 12);
  const variants = await session.products.bySku([...some, 'NO-SUCH-SKU'], scope);
  expect(variants.map(({ sku }) => sku)).toEqual(some);

  const prices = [...some, 'NO-SUCH-SKU'].map((sku) => ({ sku, currency: 'EUR', price: '25.10' }));
  expect(await session.products.setPrices(list!.id, prices, scope)).toEqual([
    { sku: 'NO-SUCH-SKU', message: expect.stringContaining('sku') },
  ]);
  const read = await session.products.prices(list!.id, some, scope);
  expect(read.map(({ sku, currency }) => `${sku} ${currency}`).toSorted()).toEqual(some.map((sku) => `${sku} EUR`).toSorted());

  const rows = [...some, 'NO-SUCH-SKU'].map((sku, at) => ({ locationId: location!.id, sku, quantity: at }));
  expect(await session.products.setStock(rows, scope)).toEqual([{ sku: 'NO-SUCH-SKU', message: expect.stringContaining('not found') }]);
  expect((await session.products.stock(location!.id, some, scope)).toSorted((one, other) => one.quantity - other.quantity)).toEqual(
    rows.slice(0, -1),
  );
});

test('products are found with the names of their categories', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  const categories = await session.products.categories(scope);
  const ids = [...opened.sim.state.products.keys()].slice(0, 5);
  const found = await session.products.categoriesOf(ids, scope);
  expect([...found.keys()]).toEqual(ids);
  for (const names of found.values()) for (const name of names) expect(categories.map((one) => one.name)).toContain(name);
});

test('hooks are kept as wanted, deliveries are genuine, and none is left in the end', async () => {
  await using opened = await open({ seed: { orders: 1 } });
  const { session, scope, sim, settings } = opened;
  const endpoint = { url: 'https://relay.example.com/webhooks/bigcommerce/k3y', headerSecret: 'header-secret' };
  await bigCommerce.webhooks!.keep(session, endpoint, scope);
  const hooks = [...sim.state.hooks.values()];
  expect(hooks.map((hook) => hook.scope)).toEqual([...wantedTopics, 'store/hook/deliveryException']);
  for (const hook of hooks.slice(0, 2)) Object.assign(hook, { is_active: false, status: 'deactivated' });
  const { subscriptions } = await bigCommerce.webhooks!.keep(session, endpoint, scope);
  expect(subscriptions.filter(({ state }) => state === 'reactivated')).toHaveLength(2);

  const body = JSON.stringify({
    scope: 'store/order/created',
    store_id: '1025646',
    data: { type: 'order', id: 1 },
    created_at: 1,
    producer: `stores/${settings.storeHash}`,
  });
  const signature = sign({ clientSecret: settings.clientSecret, id: 'evt', timestamp: '1700000000', body });
  const headers = { 'webhook-id': 'evt', 'webhook-timestamp': '1700000000', 'webhook-signature': signature };
  expect(bigCommerce.webhooks!.read({ headers, body: Buffer.from(body), now: 1_700_000_000_000 }, settings)).toMatchObject({
    verdict: 'genuine',
  });

  await bigCommerce.webhooks!.remove(session, endpoint, scope);
  expect(sim.state.hooks.size).toBe(0);
});

test('what the store sends after a refund is genuine, comes with our header, and is the same event when it comes twice', async () => {
  await using opened = await open({ seed: { orders: 1 } });
  const { session, scope, sim, settings } = opened;
  const deliveries: WebhookDelivery[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      deliveries.push({ headers: message.headers as Record<string, string>, body, now: Date.now() });
      response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/k3y`;
  await bigCommerce.webhooks!.keep(session, { url, headerSecret: 'header-secret' }, scope);
  sim.webhooks.switches.duplicates = 1;
  const [orderId = 0] = sim.state.orders.keys();
  actions.refundOrder(sim.store, { orderId });
  await sim.until(() => deliveries.length >= 6);
  server.closeAllConnections();
  server.close();

  expect(deliveries.every(({ headers }) => headers['x-relay-key'] === 'header-secret')).toBe(true);
  const readings = deliveries.map((delivery) => bigCommerce.webhooks!.read(delivery, settings));
  const events = readings.flatMap((reading) => ('event' in reading && reading.verdict === 'genuine' ? [reading.event] : []));
  expect(events).toHaveLength(deliveries.length);
  expect(new Set(events.map(({ topic }) => topic))).toEqual(
    new Set(['store/order/refund/created', 'store/order/statusUpdated', 'store/order/updated']),
  );
  expect(new Set(events.map(({ deduplicationKey }) => deduplicationKey)).size).toBe(3);
});

test('a scope that the API account lacks is named by check and by the call', async () => {
  const client = {
    clientId: 'reader',
    clientSecret: 'secret',
    accessToken: 'token',
    scopes: ['store_v2_orders_read_only', 'store_v2_information_read_only'],
  };
  await using opened = await open({ clients: [client], seed: { orders: 1 } });
  const { session, scope } = opened;
  expect((await bigCommerce.check(session, scope)).details).toMatchObject({
    'Orders, shipments': 'may be read',
    Customers: expect.stringContaining('store_v2_customers_read_only'),
    'Stock locations': expect.stringContaining('store_locations_read_only'),
    Webhooks: 'may be read',
  });
  await expect(all(session.customers.all(scope))).rejects.toMatchObject({ code: 'BIGCOMMERCE_SCOPE_MISSING', verdict: 'halt' });
  const [orderId = 0] = opened.sim.state.orders.keys();
  await expect(session.orders.setMetafield(orderId, { namespace: 'sap', key: 'x' }, '1', scope)).rejects.toMatchObject({
    code: 'BIGCOMMERCE_SCOPE_MISSING',
    verdict: 'refused',
    message: expect.stringContaining('store_v2_orders'),
  });
});

test('limits with and without headers, faults and half answers are waited out while orders are read', async () => {
  await using opened = await open({ seed: { orders: 3 } });
  const { session, scope, sim } = opened;
  for (const kind of ['limit', 'html', 'halfJson', 'limitWithoutHeaders'] as const) sim.faults.add({ kind, times: 1, method: 'GET' });
  sim.faults.add({ kind: 'limit', times: 2, path: '/v2/orders/' });
  for (const truth of sim.truth()) expect((await session.orders.get(truth.orderId, scope))?.products).toHaveLength(truth.lines);
  expect(sim.faults.pending()).toEqual([]);
});

test('parallel prices stay below the two calls at a time that the store takes', async () => {
  await using opened = await open({ latencyMs: 5 });
  const { session, scope, sim } = opened;
  const [list] = await session.products.priceLists(scope);
  const [sku = ''] = [...sim.state.products.values()].filter(({ variants }) => variants.length === 1).map((product) => product.sku);
  await Promise.all(
    Array.from({ length: 10 }, () => session.products.setPrices(list!.id, [{ sku, currency: 'EUR', price: '1.00' }], scope)),
  );
  expect(Object.keys(sim.calls).filter((call) => call.endsWith('429'))).toEqual([]);
});

/** Query fields that the vendor names, by path (facts/bigcommerce.md 3, 6, 7, 8, 10, 11): it passes over others without a word. */
const knownQueries: [RegExp, string[]][] = [
  [/^\/v2\/orders$/, ['min_id', 'min_date_created', 'max_date_created', 'min_date_modified', 'max_date_modified', 'sort']],
  [/^\/v2\/orders\/\d+$/, ['include']],
  [/^\/v2\/orders\/\d+\/taxes$/, ['details']],
  [/^\/v3\/orders\/payment_actions\/refunds$/, ['created:min', 'created:max']],
  [/^\/v3\/orders\/\d+\/metafields$/, ['namespace', 'key']],
  [/^\/v3\/customers$/, ['id:in', 'include', 'sort', 'date_modified:min', 'date_modified:max']],
  [/^\/v3\/customers\/(addresses|attribute-values)$/, ['customer_id:in']],
  [/^\/v3\/catalog\/products$/, ['id:in', 'sku:in', 'include', 'include_fields']],
  [/^\/v3\/catalog\/variants$/, ['sku']],
  [/^\/v3\/pricelists\/\d+\/records$/, ['sku:in', 'include']],
  [/^\/v3\/inventory\/locations\/\d+\/items$/, ['sku:in']],
];

test('the client asks in no words but those of the vendor', async () => {
  await using opened = await open({ seed: { orders: 45, customers: 300 } });
  const { session, scope, sim } = opened;
  const from = Date.now() - 100 * 86_400_000;
  for (const { id } of await all(session.orders.changed({ from }, scope))) await session.orders.get(id, scope);
  await all(session.orders.created({ from, to: Date.now() }, scope));
  await all(session.refunds.created({ from, to: Date.now() }, scope));
  await all(session.customers.all(scope));
  await all(session.customers.changed({ from }, scope));
  await session.products.bySku(['A', 'B,C'], scope);
  await session.products.categoriesOf([1], scope);
  await session.products.prices((await session.products.priceLists(scope))[0]!.id, ['A'], scope);
  await session.products.stock((await session.products.locations(scope))[0]!.id, ['A'], scope);
  const unknown = sim.log.flatMap(({ path }) => {
    const url = new URL(path, 'http://store');
    const names = knownQueries.find(([pattern]) => pattern.test(url.pathname))?.[1] ?? [];
    return [...url.searchParams.keys()]
      .filter((name) => ![...names, 'page', 'limit', 'after'].includes(name))
      .map((name) => `${url.pathname} ${name}`);
  });
  expect(unknown).toEqual([]);
  const both = sim.log.filter(({ path }) => /[?&]page=/.test(path) && /[?&]after=/.test(path));
  expect(both).toEqual([]);
});

describe('the simulated store answers as the facts say', () => {
  async function ask(opened: Opened, path: string, more: RequestInit = {}): Promise<{ status: number; headers: Headers; text: string }> {
    const { sim, settings } = opened;
    const headers = { 'x-auth-token': settings.accessToken, accept: 'application/json' };
    const answer = await fetch(`${sim.origin}/stores/${settings.storeHash}/${path}`, { headers, ...more });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  test('an empty list of v2 is 204 without a body, one of v3 an envelope', async () => {
    await using opened = await open();
    expect(await ask(opened, 'v2/orders')).toMatchObject({ status: 204, text: '' });
    const { status, text } = await ask(opened, 'v3/orders/payment_actions/refunds');
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: [], meta: {} }]);
  });

  test('a list of v2 is a bare array, lines are fifty unless more are asked for, dates are RFC 2822, amounts are texts', async () => {
    await using opened = await open({ seed: { orders: 45 } });
    const long = opened.sim.truth().find(({ lines }) => lines > 250)!;
    const lines = async (query: string): Promise<number> =>
      (JSON.parse((await ask(opened, `v2/orders/${long.orderId}/products${query}`)).text) as []).length;
    expect(await lines('')).toBe(50);
    expect(await lines('?limit=250')).toBe(250);
    expect(JSON.parse((await ask(opened, `v2/orders/${long.orderId}`)).text)).toMatchObject({
      date_created: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/),
      total_inc_tax: expect.stringMatching(/^\d+\.\d{4}$/),
    });
  });

  test.each([
    ['v2/orders/999999', 404, [{ status: 404, message: expect.any(String) }]],
    ['v3/hooks/999999', 404, { status: 404, title: 'Webhook with id [999999] not found', type: expect.any(String), errors: {} }],
  ])('%s is an error in the form of its version', async (path, status, body) => {
    await using opened = await open();
    const answer = await ask(opened, path);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, body]);
  });

  test('every answer tells the quota; above it comes 429 with the time to wait', async () => {
    await using opened = await open({ quota: 2 });
    const first = await ask(opened, 'v2/time');
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-rate-limit-time-window-ms': '30000',
      'x-rate-limit-requests-quota': '2',
      'x-rate-limit-requests-left': '1',
      'x-rate-limit-time-reset-ms': expect.stringMatching(/^\d+$/),
    });
    await ask(opened, 'v2/time');
    const third = await ask(opened, 'v2/time');
    expect([third.status, JSON.parse(third.text)]).toMatchObject([429, { status: 429, title: 'Too many requests' }]);
    expect(third.headers.get('x-retry-after')).toMatch(/^\d+$/);
  });
});

const sample: NewProduct = {
  sku: 'SAP-000000000000100100',
  name: 'Teekanne „Südwind“ 1,2 l',
  type: 'physical',
  price: '25.10',
  weight: '1.200',
  categories: [],
  is_visible: true,
};

async function openTarget(): Promise<TargetUnderTest<NewProduct>> {
  const opened = await open({ seed: { products: 0, customers: 0 } });
  const { session, sim } = opened;
  const { products } = session;
  return {
    sample,
    changedSample: { ...sample, name: 'Teekanne „Südwind“ 1,5 l', weight: '1.500' },
    refusedSample: { ...sample, name: 'x'.repeat(251) },
    create: async (body, scope) => String((await products.create(body, scope)).productId),
    find: async ({ sku }, scope) => (await products.bySku([sku], scope)).map(({ productId }) => String(productId)),
    async update(id, { sku, name, weight }, scope) {
      const [held] = await products.bySku([sku], scope);
      const change = {
        ...(held?.name === name ? {} : { name }),
        ...(held && compareAmounts(held.weight, weight) === 0 ? {} : { weight }),
      };
      if (Object.keys(change).length > 0) await products.update(Number(id), change, scope);
      return { changed: Object.keys(change) };
    },
    simulator: {
      loseNextAnswer: () => sim.faults.add({ kind: 'loseNextAnswer' }),
      dropNextCall: () => sim.faults.add({ kind: 'dropBeforeCommit' }),
      failAfterCommit: () => sim.faults.add({ kind: 'error500AfterCommit' }),
      failBeforeCommit: (times) => sim.faults.add({ kind: 'error500BeforeCommit', times }),
      spoilNextAnswer: () => sim.faults.add({ kind: 'halfJson', method: sim.state.products.size > 0 ? 'PUT' : 'POST' }),
      refuseCredentials: () => sim.faults.add({ kind: 'unauthorized' }),
      reachLimit: () => {
        for (const kind of ['limit', 'limitWithoutHeaders'] as const) sim.faults.add({ kind, times: 2 });
      },
      records: () =>
        [...sim.state.products.values()].map(({ name, sku, weight, variants }) => ({ name, sku, weight, variants: variants.length })),
      writes: () => sim.log.filter(({ method }) => method !== 'GET').length,
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

targetContract('bigcommerce product', openTarget);
