import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { actions, startBigCommerce, type BigCommerceSim, type Fault } from './index.ts';
import { call } from './testing/call.ts';

type Rows = Record<string, unknown>[];
type V3 = { data: Rows; meta: { pagination?: Record<string, unknown>; cursor_pagination?: { end_cursor: string; count: number } } };

/** One store for all that only read. */
let sim: BigCommerceSim;
beforeAll(async () => {
  sim = await startBigCommerce({ seed: { orders: 80 }, quota: 100_000 });
});
afterAll(() => sim[Symbol.asyncDispose]());

test('orders: bare arrays, texts with four decimals, dates of RFC 2822, nothing is 204', async () => {
  const { status, json } = await call(sim, 'GET', 'v2/orders?limit=3&sort=date_modified:desc');
  expect(status).toBe(200);
  expect(json).toHaveLength(3);
  const [order] = json as Rows;
  expect(order?.['total_inc_tax']).toMatch(/^\d+\.\d{4}$/);
  expect(order?.['date_created']).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/);
  expect(order).toMatchObject({ refunded_amount: '0.0000', products: { resource: `/orders/${String(order?.['id'])}/products` } });
  expect(await call(sim, 'GET', 'v2/orders?min_id=99999')).toMatchObject({ status: 204, text: '' });
});

test('filters and sorting of orders cut the list as they say', async () => {
  const since = encodeURIComponent(new Date(Date.now() - 10 * 86_400_000).toISOString());
  const rows = (await call(sim, 'GET', `v2/orders?min_date_modified=${since}&sort=date_modified:asc&limit=250`)).json as Rows;
  const times = rows.map((row) => Date.parse(String(row['date_modified'])));
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(80);
  const cancelled = (await call(sim, 'GET', 'v2/orders?status_id=5')).json as Rows;
  expect(new Set(cancelled.map((row) => row['status_id']))).toEqual(new Set([5]));
  expect((await call(sim, 'GET', 'v2/orders?sort=colour:asc')).status).toBe(400);
  expect((await call(sim, 'GET', 'v2/orders/count')).json).toMatchObject({ count: 80 });
});

test('1,200 lines come fifty at a time, or 250 when asked for', async () => {
  const long = [...sim.state.orders.values()].find(({ products }) => products.length === 1_200);
  const at = `v2/orders/${long?.header.id}/products`;
  expect((await call(sim, 'GET', at)).json).toHaveLength(50);
  const pages = await Promise.all([1, 2, 3, 4, 5].map((page) => call(sim, 'GET', `${at}?limit=250&page=${page}`)));
  expect(new Set(pages.flatMap(({ json }) => json as Rows).map((row) => row['id'])).size).toBe(1_200);
  expect((await call(sim, 'GET', `${at}?limit=250&page=6`)).status).toBe(204);
});

test('customers: page 1 has both metas, a cursor leads on, embedded addresses end at ten', async () => {
  const first = (await call(sim, 'GET', 'v3/customers?limit=10&include=addresses')).json as V3;
  expect(first.meta).toMatchObject({ pagination: { total: 24, total_pages: 3 }, cursor_pagination: { count: 10 } });
  const many = first.data.find((row) => row['address_count'] === 12);
  expect(many?.['addresses']).toHaveLength(10);
  const all = (await call(sim, 'GET', `v3/customers/addresses?customer_id:in=${String(many?.['id'])}`)).json as V3;
  expect(all.data).toHaveLength(12);
  const next = (await call(sim, 'GET', `v3/customers?limit=10&after=${first.meta.cursor_pagination?.end_cursor}`)).json as V3;
  expect(next.meta.pagination).toBeUndefined();
  expect(next.data[0]?.['id']).toBe(Number(first.data[9]?.['id']) + 1);
  expect((await call(sim, 'GET', 'v3/customers?id:in=99999')).json).toMatchObject({ data: [] });
});

test('refunds have numbers, an empty meta and times of RFC 3339', async () => {
  const { json } = await call(sim, 'GET', 'v3/orders/payment_actions/refunds?limit=1');
  expect(json).toMatchObject({ meta: {}, data: [{ total_amount: expect.any(Number) as number }] });
  const [refund] = (json as V3).data;
  expect(refund?.['created']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  const ofOrder = await call(sim, 'GET', `v3/orders/${String(refund?.['order_id'])}/payment_actions/refunds`);
  expect((ofOrder.json as V3).data.map(({ id }) => id)).toContain(refund?.['id']);
});

test.each([
  ['a wrong token', 'GET', 'v2/store', 'wrong', 401, { status: 401 }],
  ['an unknown order', 'GET', 'v2/orders/99999', undefined, 404, [{ status: 404, message: 'The requested resource was not found.' }]],
  ['an unknown refund', 'GET', 'v3/orders/payment_actions/refunds/99999', undefined, 404, { status: 404 }],
  ['a method that is not there', 'PUT', 'v2/time', undefined, 405, [{ status: 405 }]],
] as const)('%s is refused in the shape of its version', async (_what, method, where, token, status, body) => {
  const reply = await call(sim, method, where, undefined, token);
  expect(reply.status).toBe(status);
  expect(reply.json).toMatchObject(body);
});

test.each([
  [{ external_id: '1' }, "The field 'external_id' cannot be written to. Please remove it from your request before trying again."],
  [{ colour: 'red' }, "The field 'colour' is not supported by this resource."],
])('a PUT of %p is refused', async (body, message) => {
  expect((await call(sim, 'PUT', 'v2/orders/100', body)).json).toEqual([{ status: 400, message }]);
});

test('a scope that is missing refuses with 403, a modify scope lets reads in', async () => {
  const client = { clientId: 'c', clientSecret: 's', accessToken: 't', scopes: ['store_v2_orders'] };
  await using small = await startBigCommerce({ clients: [client], seed: { orders: 1 } });
  expect((await call(small, 'GET', 'v2/orders')).status).toBe(200);
  expect((await call(small, 'GET', 'v3/customers')).status).toBe(403);
});

test('a metafield is written once; the second POST is a 409, PUT changes it, and a scan by key finds it', async () => {
  const field = { permission_set: 'read', namespace: 'sap', key: 'fi_document', value: '1800000123/1000/2026' };
  const made = await call(sim, 'POST', 'v3/orders/101/metafields', field);
  const { id } = (made.json as { data: { id: number } }).data;
  expect(made.status).toBe(200);
  expect((await call(sim, 'POST', 'v3/orders/101/metafields', field)).status).toBe(409);
  expect((await call(sim, 'PUT', `v3/orders/101/metafields/${id}`, { value: '2' })).json).toMatchObject({ data: { value: '2' } });
  expect((await call(sim, 'GET', 'v3/orders/metafields?namespace=sap&key=fi_document')).json).toMatchObject({
    data: [{ resource_id: 101, value: '2' }],
  });
});

test('attributes are defined once and their values upserted, silently', async () => {
  const [customer] = [...sim.state.customers.values()];
  const made = (await call(sim, 'POST', 'v3/customers/attributes', [{ name: 'SAP Customer', type: 'string' }])).json as V3;
  const row = { attribute_id: made.data[0]?.['id'], customer_id: customer?.id, value: '0000100023' };
  await call(sim, 'PUT', 'v3/customers/attribute-values', [row]);
  await call(sim, 'PUT', 'v3/customers/attribute-values', [{ ...row, value: '0000100024' }]);
  expect((await call(sim, 'GET', `v3/customers/attribute-values?customer_id:in=${customer?.id}`)).json).toMatchObject({
    data: [{ attribute_value: '0000100024' }],
  });
  expect(
    (
      await call(
        sim,
        'PUT',
        'v3/customers/attribute-values',
        Array.from({ length: 11 }, () => row),
      )
    ).status,
  ).toBe(413);
});

test('good rows of a price list are saved, the others named', async () => {
  const body = [
    { sku: 'NL-1001', currency: 'eur', price: 12.5 },
    { sku: 'NL-9999', currency: 'eur', price: 1 },
  ];
  const reply = await call(sim, 'PUT', 'v3/pricelists/1/records', body);
  expect(reply).toMatchObject({
    status: 422,
    json: { batch_errors: [{ data: { sku: 'NL-9999' }, field_errors: { sku: 'Invalid sku' } }] },
  });
  expect((await call(sim, 'GET', 'v3/pricelists/1/records?sku:in=NL-1001')).json).toMatchObject({
    data: [{ price: 12.5, currency: 'eur' }],
  });
});

test('more than two price list calls at once are refused without rate headers', async () => {
  await using slow = await startBigCommerce({ latencyMs: 30 });
  const body = [{ sku: 'NL-1001', currency: 'eur', price: 1 }];
  const replies = await Promise.all([1, 2, 3, 4].map(() => call(slow, 'PUT', 'v3/pricelists/1/records', body)));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
  for (const { headers } of refused) expect(headers.get('x-rate-limit-requests-left')).toBeNull();
});

test('stock is set absolutely and told by location; a product tracked as such wants its own id', async () => {
  const [product] = [...sim.state.products.values()];
  const item = { location_id: 1, sku: product?.sku, quantity: 77 };
  expect((await call(sim, 'PUT', 'v3/inventory/adjustments/absolute', { reason: 'SAP', items: [item] })).json).toHaveProperty(
    'transaction_id',
  );
  const items = (await call(sim, 'GET', `v3/inventory/locations/1/items?sku:in=${product?.sku}`)).json as V3;
  expect(items.data).toMatchObject([{ available_to_sell: 77, identity: { sku: product?.sku } }]);
  await call(sim, 'PUT', `v3/catalog/products/${product?.id}`, { inventory_tracking: 'product' });
  const wrong = { location_id: 1, variant_id: product?.base_variant_id, quantity: 1 };
  const reply = await call(sim, 'PUT', 'v3/inventory/adjustments/absolute', { items: [wrong] });
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.json).toMatchObject({
    title: `[Item with variant_id ${product?.base_variant_id} is tracked by product, please update stock by product id]`,
  });
});

test('the quota counts down in every answer, and above it every call is a 429 until the window ends', async () => {
  let now = Date.now();
  await using tight = await startBigCommerce({ quota: 3, now: () => now });
  const replies = [];
  for (let times = 0; times < 4; times += 1) replies.push(await call(tight, 'GET', 'v2/time'));
  expect(replies.map(({ status, headers }) => [status, headers.get('x-rate-limit-requests-left')])).toEqual([
    [200, '2'],
    [200, '1'],
    [200, '0'],
    [429, '0'],
  ]);
  expect(replies[3]?.headers.get('x-retry-after')).toBe('30');
  now += 30_000;
  expect((await call(tight, 'GET', 'v2/time')).status).toBe(200);
});

test.each([
  ['loseNextAnswer', 'rejects', true],
  ['dropBeforeCommit', 'rejects', false],
  ['error500AfterCommit', 500, true],
  ['error500BeforeCommit', 500, false],
  ['error503BeforeCommit', 503, false],
  ['html', 502, false],
  ['limit', 429, false],
  ['limitWithoutHeaders', 429, false],
  ['unauthorized', 401, false],
  ['scopeMissing', 403, false],
  ['halfJson', 200, true],
] satisfies [Fault['kind'], number | 'rejects', boolean][])(
  '%s answers %p; whether it was written: %p',
  async (kind, expected, isWritten) => {
    const order = sim.state.orders.get(110);
    if (order) order.header['staff_notes'] = '';
    sim.faults.add({ kind });
    const outcome = call(sim, 'PUT', 'v2/orders/110', { staff_notes: kind });
    if (expected === 'rejects') await expect(outcome).rejects.toBeDefined();
    else expect((await outcome).status).toBe(expected);
    expect(order?.header['staff_notes']).toBe(isWritten ? kind : '');
  },
);

test('an archived order leaves the list and can still be read', async () => {
  await using small = await startBigCommerce({ seed: { orders: 2 } });
  actions.archiveOrder(small.store, { orderId: 100 });
  expect((await call(small, 'GET', 'v2/orders')).json).toHaveLength(1);
  expect((await call(small, 'GET', 'v2/orders/100')).json).toMatchObject({ is_deleted: true });
});

test('a shipment changes the status, partly and then wholly', async () => {
  await using small = await startBigCommerce();
  const { orderId = 0 } = actions.placeOrder(small.store, { kind: 'manyLines' });
  const order = small.state.orders.get(orderId);
  const [line] = order?.products ?? [];
  const items = [{ order_product_id: line?.id, quantity: line?.quantity }];
  const body = { order_address_id: line?.order_address_id, tracking_number: '1Z', items };
  expect((await call(small, 'POST', `v2/orders/${orderId}/shipments`, body)).status).toBe(201);
  expect(order?.header.status_id).toBe(3);
  expect((await call(small, 'POST', `v2/orders/${orderId}/shipments`, body)).status).toBe(400);
  actions.shipOrder(small.store, { orderId });
  expect(order?.header).toMatchObject({ status_id: 2, items_shipped: order?.header['items_total'] });
  expect((await call(small, 'GET', `v2/orders/${orderId}/shipments`)).json).toHaveLength(2);
});

test('as a process it is steered over HTTP', async () => {
  const args = [path.join(import.meta.dirname, 'main.ts'), '--orders', '3'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const started = JSON.parse(line.toString()) as Pick<BigCommerceSim, 'origin' | 'connectionSettings'>;
    const control = async (method: string, what: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(`${started.origin}/__control/${what}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    const { orderId } = (await control('POST', 'actions/placeOrder', { kind: 'kwd' })) as { orderId: number };
    const refund = await control('POST', 'actions/refundOrder', { orderId, kind: 'full' });
    expect(refund).toMatchObject({ order_id: orderId });
    expect(await control('GET', 'truth')).toMatchObject([{}, {}, {}, { orderId, currency: 'KWD', statusId: 4, refunds: [{}] }]);
    expect(await control('POST', 'actions/placeOrder', { kind: 'nonsense' })).toMatchObject({
      error: expect.stringContaining('known: simple') as string,
    });
    await control('POST', 'client', { accessToken: 'another' });
    expect((await call(started, 'GET', 'v2/orders')).status).toBe(401);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
