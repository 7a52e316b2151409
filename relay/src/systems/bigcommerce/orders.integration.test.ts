import { aLine, anOrder, scriptedStore, type Asked, type Scripted } from './testing/index.ts';
import type { OrderHeader, UnreadableRow } from './index.ts';

const nothing = { status: 204 };
const notFound = { status: 404, body: [{ status: 404, message: 'The requested resource was not found.' }] };

/** A store with one order and the parts that the test gives. */
function oneOrder(parts: Record<string, (asked: Asked, number: number) => Scripted>): (asked: Asked, number: number) => Scripted {
  return (asked, number) => {
    const part = asked.path.replace('v2/orders/250', '').replace('/', '');
    return parts[part]?.(asked, number) ?? (part === '' ? { body: anOrder(250) } : nothing);
  };
}

test('an order comes with everything that hangs on it, amounts as the store wrote them', async () => {
  await using store = await scriptedStore(
    oneOrder({
      products: () => ({ body: [aLine(1), aLine(2, { product_id: 0, sku: '', parent_order_product_id: 1 })] }),
      shipping_addresses: () => ({
        body: [{ id: 9, order_id: 250, first_name: 'Jürgen', state: 'Nordrhein-Westfalen', cost_ex_tax: '8.0000' }],
      }),
      coupons: () => ({ body: [{ id: 3, coupon_id: 4, code: 'SPRING', amount: 10, type: 1, discount: '10.0000' }] }),
      taxes: () => ({
        body: [
          { id: 5, name: 'MwSt', class: 'Default', rate: '10.0000', line_amount: '5.0000', order_product_id: 1, line_item_type: 'item' },
        ],
      }),
      fees: () => ({ body: { fees: [{ id: 6, type: 'custom_fee', cost_exc_tax: '1.5000', cost_inc_tax: '1.6500' }] } }),
    }),
  );
  const order = await store.session.orders.get(250, store.scope);
  expect(order).toMatchObject({
    id: 250,
    total_inc_tax: '107.8000',
    payment_provider_id: '',
    billing_address: { first_name: 'Jürgen', company: '' },
    products: [
      {
        id: 1,
        parent_order_product_id: null,
        discounted_total_inc_tax: '49.5000',
        applied_discounts: [{ code: 'SPRING', amount: '5.0000' }],
      },
      { id: 2, product_id: 0, parent_order_product_id: 1 },
    ],
    shipping_addresses: [{ id: 9, state: 'Nordrhein-Westfalen', cost_ex_tax: '8.0000', cost_tax: '0' }],
    coupons: [{ code: 'SPRING', amount: '10' }],
    taxes: [{ rate: '10.0000', line_amount: '5.0000', order_product_id: 1 }],
    fees: [{ cost_ex_tax: '1.5000', cost_inc_tax: '1.6500', cost_tax: '0' }],
  });
  expect(store.asked.find(({ path }) => path.endsWith('taxes'))?.query).toMatchObject({ details: 'true' });
  expect(store.asked[0]?.headers).toMatchObject({ 'x-auth-token': 'token-of-the-store', accept: 'application/json' });
});

test('the header of an order alone costs one call', async () => {
  await using store = await scriptedStore(({ path }) => (path.endsWith('/250') ? { body: anOrder(250) } : notFound));
  expect(await store.session.orders.header(250, store.scope)).toMatchObject({ id: 250, total_inc_tax: '107.8000' });
  expect(await store.session.orders.header(251, store.scope)).toBeUndefined();
  expect(store.asked.map(({ path }) => path)).toEqual(['v2/orders/250', 'v2/orders/251']);
});

test("the store's own time is asked for; an answer without one is tried again", async () => {
  await using store = await scriptedStore((_asked, number) => ({ body: number === 1 ? { time: 1529512970 } : { time: 'soon' } }));
  expect(await store.session.now(store.scope)).toBe(1_529_512_970_000);
  await expect(store.session.now(store.scope)).rejects.toMatchObject({ code: expect.stringMatching(/UNREADABLE/) as string });
});

test.each([
  ['250 a page, as asked', 250],
  ['50 a page, whatever is asked', 50],
])('all 999 lines are read when the store gives %s', async (_what, rowsPerPage) => {
  const lines = Array.from({ length: 999 }, (_, index) => aLine(index + 1));
  await using store = await scriptedStore(
    oneOrder({
      products: ({ query }) => {
        const from = (Number(query['page'] ?? 1) - 1) * rowsPerPage;
        const body = lines.slice(from, from + rowsPerPage);
        return body.length === 0 ? nothing : { body };
      },
    }),
  );
  const order = await store.session.orders.get(250, store.scope);
  expect(order?.products.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
});

test('an order that changes while it is read is read again', async () => {
  let headers = 0;
  await using store = await scriptedStore((asked) => {
    if (asked.path === 'v2/orders/250') {
      headers += 1;
      return { body: anOrder(250, headers === 1 ? {} : { total_inc_tax: '53.9000', date_modified: 'Tue, 05 Mar 2024 21:41:03 +0000' }) };
    }
    return asked.path.endsWith('products') ? { body: headers === 1 ? [aLine(1), aLine(2)] : [aLine(1)] } : nothing;
  });
  const order = await store.session.orders.get(250, store.scope);
  expect(order).toMatchObject({ total_inc_tax: '53.9000', products: [{ id: 1 }] });
});

test('an order that never rests is given up for now', async () => {
  let second = 0;
  await using store = await scriptedStore(({ path }) => {
    if (path !== 'v2/orders/250') return nothing;
    second += 1;
    return { body: anOrder(250, { date_modified: `Tue, 05 Mar 2024 21:41:${10 + second} +0000` }) };
  });
  await expect(store.session.orders.get(250, store.scope)).rejects.toMatchObject({ code: 'BIGCOMMERCE_ORDER_CHANGING', verdict: 'retry' });
});

test('when one part cannot be had, no call goes on behind the failure', async () => {
  await using store = await scriptedStore(oneOrder({ coupons: () => ({ status: 400, body: [{ status: 400, message: 'Bad' }] }) }));
  await expect(store.session.orders.get(250, store.scope)).rejects.toMatchObject({
    verdict: 'refused',
    message: expect.stringContaining('coupons of order 250'),
  });
  expect(store.scope.exchanges).toHaveLength(store.asked.length);
});

test('an order that the store does not have is nothing', async () => {
  await using store = await scriptedStore(() => notFound);
  expect(await store.session.orders.get(250, store.scope)).toBeUndefined();
});

test.each([
  ['no currency', '', { default_currency_code: '' }, 'order 250: the store sent no default_currency_code'],
  ['no total', '', { total_inc_tax: null }, 'order 250: the store sent no total_inc_tax'],
  ['a total that is no number', '', { total_tax: '1,234.50' }, 'order 250: the store sent no usable row: total_tax is no amount'],
  [
    'a line without a quantity',
    'products',
    { quantity: null },
    'order 250, line 1: the store sent no usable row: quantity is no whole number',
  ],
  [
    'a line without its total',
    'products',
    { total_inc_tax: '' },
    'order 250, line 1: the store sent no usable row: total_inc_tax is missing',
  ],
])('%s is told by order and field', async (_what, part, change, message) => {
  await using store = await scriptedStore(oneOrder({ [part]: () => ({ body: part === '' ? anOrder(250, change) : [aLine(1, change)] }) }));
  await expect(store.session.orders.get(250, store.scope)).rejects.toMatchObject({
    code: 'BIGCOMMERCE_ROW_UNREADABLE',
    verdict: 'refused',
    message,
  });
});

/** Orders of a store that grows and changes while it is read; each is modified at its own second, or all at one. */
function orderList(orders: { id: number; at: number }[], perPage: number): (asked: Asked) => Scripted {
  return ({ query }) => {
    const between = (at: number): boolean =>
      at >= Date.parse(query['min_date_modified'] ?? '') && at <= Date.parse(query['max_date_modified'] ?? '');
    const rows = orders
      .filter(({ id, at }) => between(at) && id >= Number(query['min_id'] ?? 0))
      .toSorted((one, other) => (query['sort'] === 'id:asc' ? one.id - other.id : one.at - other.at || one.id - other.id))
      .slice(0, perPage)
      .map(({ id, at }) => anOrder(id, { date_modified: new Date(at).toUTCString().replace('GMT', '+0000') }));
    return rows.length === 0 ? nothing : { body: rows };
  };
}

const start = Date.UTC(2024, 2, 5, 21);
const secondsOn = (seconds: number): number => start + seconds * 1000;

async function idsOf(pages: AsyncGenerator<OrderHeader[]>): Promise<number[]> {
  const ids: number[] = [];
  for await (const page of pages) ids.push(...page.map(({ id }) => id));
  return ids;
}

test('changed orders come oldest change first, each once, through many pages', async () => {
  const orders = Array.from({ length: 1203 }, (_, index) => ({ id: 5000 - index, at: secondsOn(index) }));
  await using store = await scriptedStore(orderList(orders, 250));
  const ids = await idsOf(store.session.orders.changed({ from: start, to: secondsOn(4000) }, store.scope));
  expect(ids).toEqual(orders.map(({ id }) => id));
  expect(store.asked.length).toBeLessThan(9);
});

test.each([
  ['by time of change', 1000, (id: number) => id % 7 === 0],
  ['by time of change, whole pages of them', 1000, (id: number) => id > 300 && id <= 700],
  ['in one second, so by id', 0, (id: number) => id > 300 && id <= 700],
])('rows that cannot be understood end no list and hide nobody: %s', async (_what, apartMs, isBroken) => {
  const orders = Array.from({ length: 900 }, (_, index) => ({ id: index + 1, at: start + index * apartMs }));
  const list = orderList(orders, 250);
  await using store = await scriptedStore((asked) => {
    const answer = list(asked) as { body?: Record<string, unknown>[] };
    return {
      ...answer,
      ...(answer.body && { body: answer.body.map((row) => (isBroken(Number(row['id'])) ? { ...row, status_id: 'x' } : row)) }),
    };
  });
  const broken = new Set<number | undefined>();
  const span = { from: start, to: secondsOn(4000), unreadable: ({ id }: UnreadableRow) => void broken.add(id) };
  const ids = await idsOf(store.session.orders.changed(span, store.scope));
  const expected = orders.map(({ id }) => id);
  expect(ids.toSorted((one, other) => one - other)).toEqual(expected.filter((id) => !isBroken(id)));
  expect(broken).toEqual(new Set(expected.filter(isBroken)));
});

test('more changes in one second than go on a page are all found', async () => {
  const orders = Array.from({ length: 900 }, (_, index) => ({ id: index + 1, at: secondsOn(index < 100 ? 1 : index < 890 ? 2 : 3) }));
  await using store = await scriptedStore(orderList(orders, 250));
  const ids = await idsOf(store.session.orders.changed({ from: start, to: secondsOn(10) }, store.scope));
  expect(ids.toSorted((one, other) => one - other)).toEqual(orders.map(({ id }) => id));
});

test('orders that change while the pages are read hide none of the others', async () => {
  const orders = Array.from({ length: 700 }, (_, index) => ({ id: index + 1, at: secondsOn(index) }));
  const list = orderList(orders, 250);
  await using store = await scriptedStore((asked, number) => {
    const answer = list(asked);
    // Each time a page has been sent, ten orders of it are changed and move to the end.
    for (let index = 0; index < 10; index += 1) orders[(number - 1) * 200 + index]!.at = secondsOn(5000 + index);
    return answer;
  });
  const ids = await idsOf(store.session.orders.changed({ from: start, to: secondsOn(9000) }, store.scope));
  expect(new Set(ids).size).toBe(700);
});

test('what lies outside the span is left out', async () => {
  const orders = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, at: secondsOn(index) }));
  await using store = await scriptedStore(orderList(orders, 250));
  expect(await idsOf(store.session.orders.changed({ from: secondsOn(5), to: secondsOn(7) }, store.scope))).toEqual([6, 7, 8]);
});

test('a page without currency or totals does not hold up the list', async () => {
  await using store = await scriptedStore(() => ({ body: [anOrder(1, { default_currency_code: '', total_inc_tax: '' }), anOrder(2)] }));
  expect(await idsOf(store.session.orders.created({ from: start, to: secondsOn(9) }, store.scope))).toEqual([1, 2]);
});

test('a metafield that is there already is compared, and changed only where it differs', async () => {
  let value = '1800000123/1000/2024';
  await using store = await scriptedStore(({ method, body }) => {
    if (method === 'POST') return { status: 409, body: { status: 409, title: 'Metafield already exists', errors: {} } };
    if (method === 'PUT') ({ value } = JSON.parse(body) as { value: string });
    return { body: { data: [{ id: 14, namespace: 'sap', key: 'fi_document', value }], meta: { pagination: { total_pages: 1 } } } };
  });
  const key = { namespace: 'sap', key: 'fi_document' };
  const { orders } = store.session;
  await orders.setMetafield(250, key, value, store.scope);
  expect(store.asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
  await orders.setMetafield(250, key, '1800000999/1000/2024', store.scope);
  expect(store.asked.at(-1)).toMatchObject({ method: 'PUT', path: 'v3/orders/250/metafields/14' });
  expect(await orders.metafield(250, key, store.scope)).toBe('1800000999/1000/2024');
  expect(await orders.metafield(250, { ...key, key: 'other' }, store.scope)).toBeUndefined();
});

test('a metafield whose answer was lost is simply written again', async () => {
  await using store = await scriptedStore((_asked, number) => (number === 1 ? 'cut' : { body: { data: { id: 14 }, meta: {} } }));
  await store.session.orders.setMetafield(250, { namespace: 'sap', key: 'fi_document' }, '1', store.scope);
  expect(store.asked).toHaveLength(2);
});
