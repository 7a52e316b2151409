import { isSystemError, silentLog, type SystemError } from '@ml-connector/shared';
import { amount } from './fields.ts';
import { bigCommerce, bigCommerceSettings } from './index.ts';
import { scriptedStore, type Asked } from './testing/index.ts';

const endpoint = { url: 'https://relay.example.com/webhooks/bigcommerce/k3y', headerSecret: 'header-secret-1' };
const hookRow = (id: number) => ({ id, scope: 'store/order/*', destination: 'https://shop.example/hook', is_active: true, headers: null });

async function failure(work: Promise<unknown>): Promise<SystemError> {
  try {
    await work;
  } catch (error) {
    if (isSystemError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

async function ordersBetween(
  answer: (asked: Asked) => unknown,
  { from, to }: { from: string; to: string },
): Promise<{ ids: number[]; calls: number }> {
  await using store = await scriptedStore((asked) => {
    if (store.asked.length > 50) return { status: 404, body: { status: 404, title: 'this never ends' } };
    return { body: answer(asked) };
  });
  const ids: number[] = [];
  for await (const orders of store.session.orders.changed({ from: Date.parse(from), to: Date.parse(to) }, store.scope))
    ids.push(...orders.map(({ id }) => id));
  return { ids, calls: store.asked.length };
}

const orderRow = (id: number, modified: string) => ({
  id,
  customer_id: 0,
  status_id: 11,
  date_created: 'Thu, 01 Jan 2026 08:00:00 +0000',
  date_modified: modified,
  currency_code: 'EUR',
  total_inc_tax: '1.00',
  total_ex_tax: '1.00',
});

describe('lists that do not end', () => {
  test('a cursor that comes again ends in an error instead of ten thousand pages', async () => {
    await using store = await scriptedStore(() => ({
      body: { data: [hookRow(1)], meta: { cursor_pagination: { end_cursor: 'same', links: { next: '?after=same' } } } },
    }));
    const error = await failure(bigCommerce.webhooks!.keep(store.session, endpoint, store.scope));
    expect(error).toMatchObject({ code: 'BIGCOMMERCE_ANSWER_UNREADABLE', verdict: 'retry' });
    expect(store.asked.length).toBeLessThan(10);
  });

  test('a store that gives the same full page for every number is an error, and never taken for the whole list', async () => {
    const page = Array.from({ length: 250 }, (_, at) => hookRow(at + 1));
    await using store = await scriptedStore(() => ({ body: { data: page, meta: { pagination: { total_pages: 1_000_000 } } } }));
    const error = await failure(bigCommerce.webhooks!.keep(store.session, endpoint, store.scope));
    expect(error).toMatchObject({ code: 'BIGCOMMERCE_ANSWER_UNREADABLE', verdict: 'retry' });
    expect(store.asked.length).toBeLessThan(10);
  });

  test('changes of a month are read even where the store looks at no filter by time', async () => {
    const all = Array.from({ length: 250 }, (_, at) => orderRow(at + 1, 'Sun, 01 Feb 2026 08:00:00 +0000'));
    const month = { from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' };
    const { ids, calls } = await ordersBetween(({ query }) => all.filter(({ id }) => id >= Number(query['min_id'] ?? 1)), month);
    expect(ids).toEqual([]);
    expect(calls).toBeLessThan(10);
  });

  test('changes whose times cannot be read are read by id, once', async () => {
    const all = Array.from({ length: 250 }, (_, at) => orderRow(at + 1, 'yesterday'));
    const month = { from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' };
    const { ids, calls } = await ordersBetween(({ query }) => all.filter(({ id }) => id >= Number(query['min_id'] ?? 1)), month);
    expect(ids).toHaveLength(250);
    expect(calls).toBeLessThan(10);
  });
});

describe('secrets', () => {
  test('headers in a list of webhooks that broke off are not in the error', async () => {
    await using store = await scriptedStore(() => ({
      body: `{"data":[{"id":1,"scope":"store/order/created","headers":{"X-Relay-Key":"header-secret-0","Other":"Basic b3RoZXI`,
    }));
    const error = await failure(bigCommerce.webhooks!.keep(store.session, endpoint, store.scope));
    expect(JSON.stringify([error.message, error.facts, store.scope.exchanges])).not.toMatch(/header-secret|b3RoZXI/);
  });

  test('a store that repeats the header secret in its refusal does not put it into the error', async () => {
    await using store = await scriptedStore(({ method }) =>
      method === 'GET'
        ? { body: { data: [], meta: {} } }
        : { status: 422, body: { status: 422, title: `header X-Relay-Key: ${endpoint.headerSecret} is not allowed` } },
    );
    const error = await failure(bigCommerce.webhooks!.keep(store.session, endpoint, store.scope));
    expect(JSON.stringify([error.message, error.facts, store.scope.exchanges])).not.toContain(endpoint.headerSecret);
    expect(error.message).toContain('is not allowed');
  });
});

test("the store's words are bounded and on one line, whatever it says", async () => {
  const title = `\u202Egnp.exe\u0007 ${'x'.repeat(1_000_000)}`;
  await using store = await scriptedStore(() => ({
    status: 422,
    body: { status: 422, title, errors: { sku: { a: 'y'.repeat(1_000_000) } } },
  }));
  const error = await failure(store.session.orders.statuses(store.scope));
  expect(error.message.length).toBeLessThan(2000);
  expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test.each(['1e400', '-1e999', '1e-400', '9'.repeat(41)])('%s is no amount', (text) => {
  expect(amount.safeParse(text).success).toBe(false);
});

test.each([
  ['1e-7', '0.0000001'],
  ['-0', '0'],
  ['-0.00', '0.00'],
  ['1.5E+3', '1500'],
])('%s is the amount %s', (text, expected) => {
  expect(amount.parse(text)).toBe(expected);
});

test('a tenant who names the store of another one slows nobody down but himself', async () => {
  await using store = await scriptedStore(({ headers }) =>
    headers['x-auth-token'] === 'stolen'
      ? { status: 429, headers: { 'X-Rate-Limit-Time-Reset-Ms': '600000' }, body: { status: 429, title: 'Too many requests' } }
      : { body: [{ id: 11, name: 'Awaiting Fulfillment' }] },
  );
  await store.session.orders.statuses(store.scope);
  const settings = bigCommerceSettings.parse({
    storeHash: 'abc123',
    accessToken: 'stolen',
    clientId: 'x',
    clientSecret: 'x',
    baseUrl: `http://${store.asked[0]?.headers.host}/stores/{hash}`,
  });
  const given = { tenantId: 'ten_stranger', connectionId: 'con_x', log: silentLog, agents: {} as never };
  const stop = new AbortController();
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let waits = 0;
  const wait = (): Promise<never> => {
    waits += 1;
    (waits === 1 ? first : second).resolve('held up');
    return new Promise((_resolve, reject) => stop.signal.addEventListener('abort', () => reject(new Error('stopped'))));
  };
  const clock = Object.assign(store.clock, { wait });
  await using stranger = bigCommerce.open({ ...given, settings, clock });
  const refused = Promise.allSettled([stranger.orders.statuses({ ...store.scope, signal: stop.signal })]);
  await first.promise;
  const read = store.session.orders.statuses(store.scope).catch(() => 'stopped');
  expect(await Promise.race([read, second.promise])).toEqual([expect.objectContaining({ id: 11 })]);
  stop.abort();
  await refused;
});
