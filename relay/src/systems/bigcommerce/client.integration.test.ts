import { bigCommerce, type NewProduct } from './index.ts';
import { scriptedStore, type Scripted } from './testing/index.ts';

const store = { name: 'Teehaus Süd', currency: 'EUR', timezone: { name: 'Europe/Berlin' }, plan_name: 'Pro', default_channel_id: 1 };
const limited = (headers: Record<string, string> = {}): Scripted => ({
  status: 429,
  headers,
  body: { status: 429, title: 'Too many requests' },
});
const product: NewProduct = {
  sku: 'TEA-1',
  name: 'Tee',
  type: 'physical',
  price: '25.10',
  weight: '0.500',
  categories: [23],
  is_visible: true,
};

test('a refused call waits as long as the store says, and goes again', async () => {
  await using opened = await scriptedStore((_asked, number) =>
    number === 1 ? limited({ 'X-Rate-Limit-Time-Reset-Ms': '15000', 'X-Retry-After': '20' }) : { body: store },
  );
  expect(await opened.session.store(opened.scope)).toMatchObject({ name: 'Teehaus Süd', currency: 'EUR', timezone: 'Europe/Berlin' });
  expect(opened.clock.waits).toEqual([20_000]);
  expect(opened.scope.exchanges).toMatchObject([
    { status: 429, error: { code: 'BIGCOMMERCE_RATE_LIMITED' } },
    { status: 200, error: undefined },
  ]);
});

test('a creation refused for the limit goes again too: it was not applied', async () => {
  await using opened = await scriptedStore((_asked, number) =>
    number === 1
      ? limited()
      : { body: { data: { id: 7, base_variant_id: 8, sku: 'TEA-1', variants: [{ id: 8, product_id: 7, sku: 'TEA-1' }] } } },
  );
  expect(await opened.session.products.create(product, opened.scope)).toMatchObject({ productId: 7, variantId: 8, isBase: true });
});

test('a 429 that names no time is waited out ever longer, and given up in the end', async () => {
  await using opened = await scriptedStore(() => limited());
  await expect(opened.session.store(opened.scope)).rejects.toMatchObject({ code: 'BIGCOMMERCE_RATE_LIMITED', verdict: 'retry' });
  const { waits } = opened.clock;
  expect(waits).toEqual(waits.toSorted((one, other) => one - other));
  expect(waits[0]).toBeGreaterThanOrEqual(5000);
  expect(waits.at(-1)).toBeLessThanOrEqual(60_000);
  expect(opened.asked).toHaveLength(8);
});

test('the quota that is left to other apps is not touched', async () => {
  let left = 25;
  await using opened = await scriptedStore(() => {
    left -= 1;
    const headers = {
      'X-Rate-Limit-Requests-Left': String(left),
      'X-Rate-Limit-Requests-Quota': '150',
      'X-Rate-Limit-Time-Reset-Ms': '9000',
    };
    return { headers, body: [{ id: 11, name: 'Awaiting Fulfillment' }] };
  });
  for (let call = 0; call < 5; call += 1) await opened.session.orders.statuses(opened.scope);
  expect(opened.clock.waits).toEqual([]);
  await opened.session.orders.statuses(opened.scope);
  expect(opened.clock.waits).toEqual([9000]);
});

test('no more than four calls are under way at a time', async () => {
  let underWay = 0;
  let most = 0;
  const held: (() => void)[] = [];
  await using opened = await scriptedStore(() => {
    underWay += 1;
    most = Math.max(most, underWay);
    return new Promise((resolve) => {
      const go = (): void => {
        underWay -= 1;
        resolve({ status: 204 });
      };
      held.push(go);
      // The fourth one lets all go: were there a fifth, it would have come by then.
      if (held.length === 4) for (const one of held.splice(0)) setImmediate(one);
    });
  });
  await Promise.all(Array.from({ length: 20 }, (_, index) => opened.session.orders.shipments(index + 1, opened.scope)));
  expect(most).toBe(4);
  expect(opened.asked).toHaveLength(20);
});

test('a failing server that names a time is not asked before', async () => {
  await using opened = await scriptedStore((_asked, number) =>
    number === 1 ? { status: 503, headers: { 'Retry-After': '7' }, body: '' } : { body: store },
  );
  await opened.session.store(opened.scope);
  expect(opened.clock.waits).toEqual([7000]);
});

test.each<[string, Scripted | 'cut']>([
  ['a fault of the server', { status: 503, body: '<html>down</html>' }],
  ['a cut connection', 'cut'],
  ['half an answer', { body: '{"name":"Teeh' }],
])('%s to a read passes by itself', async (_what, fault) => {
  await using opened = await scriptedStore((_asked, number) => (number < 3 ? fault : { body: store }));
  expect(await opened.session.store(opened.scope)).toMatchObject({ planName: 'Pro' });
  expect(opened.asked).toHaveLength(3);
});

test.each<[string, Scripted | 'cut']>([
  ['a fault of the server', { status: 500, body: '' }],
  ['a cut connection', 'cut'],
  ['half an answer', { body: '{"data":{"id"' }],
])('%s to a creation is uncertain, and it is not sent again', async (_what, fault) => {
  await using opened = await scriptedStore(() => fault);
  await expect(opened.session.products.create(product, opened.scope)).rejects.toMatchObject({ verdict: 'uncertain' });
  expect(opened.asked).toHaveLength(1);
});

test('a wrong token halts after one try, and shows in no message and no story', async () => {
  await using opened = await scriptedStore(() => ({ status: 401, body: { status: 401, title: 'Unauthorized' } }));
  const error: unknown = await opened.session.store(opened.scope).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'BIGCOMMERCE_CREDENTIALS', verdict: 'halt' });
  expect(opened.asked).toHaveLength(1);
  expect(JSON.stringify([error, opened.scope.exchanges])).not.toContain('token-of-the-store');
});

test('decimal texts are sent as numbers with exactly their digits', async () => {
  await using opened = await scriptedStore(() => ({ body: { data: { id: 7 } } }));
  await opened.session.products.update(7, { price: '1234567890123456.10', weight: '0.500' }, opened.scope);
  expect(opened.asked[0]?.body).toBe('{"price":1234567890123456.10,"weight":0.500}');
  expect(opened.scope.exchanges[0]?.request).toMatchObject({ body: { price: '1234567890123456.10', weight: '0.500' } });
});

test('check tells who answers, and in plain words what the API account may not read', async () => {
  await using opened = await scriptedStore(({ path }) => {
    if (path === 'v2/store') return { body: store };
    if (path === 'v3/customers') return { status: 403, body: { status: 403, title: 'Unauthorized Access.' } };
    return path === 'v2/orders' ? undefined : { body: { data: [], meta: {} } };
  });
  expect(await bigCommerce.check(opened.session, opened.scope)).toEqual({
    account: 'Teehaus Süd',
    details: {
      Currency: 'EUR',
      'Time zone': 'Europe/Berlin',
      Plan: 'Pro',
      'Orders, shipments': 'may be read',
      Refunds: 'may be read',
      Customers: 'not allowed: the API account needs the OAuth scope "Customers: read-only" (store_v2_customers_read_only)',
      'Products, price lists': 'may be read',
      'Stock locations': 'may be read',
      Webhooks: 'may be read',
    },
  });
});

test('an account that may read nothing fails the check', async () => {
  await using opened = await scriptedStore(() => ({ status: 403, body: { status: 403, title: 'Unauthorized Access.' } }));
  await expect(bigCommerce.check(opened.session, opened.scope)).rejects.toMatchObject({
    code: 'BIGCOMMERCE_SCOPE_MISSING',
    verdict: 'halt',
  });
});

test('the store is read once an hour, whoever asks', async () => {
  await using opened = await scriptedStore(() => ({ body: store }));
  await opened.session.store(opened.scope);
  await opened.session.store(opened.scope);
  expect(opened.asked).toHaveLength(1);
  opened.clock.advance(3_600_001);
  await opened.session.store(opened.scope);
  expect(opened.asked).toHaveLength(2);
});
