import { bigCommerce, deliveryExceptionsUrl, wantedTopics } from './index.ts';
import { scriptedStore, type Asked, type Scripted } from './testing/index.ts';

interface Row {
  id: number;
  scope: string;
  destination: string;
  is_active: boolean;
  headers: Record<string, string> | null;
}

const endpoint = { url: 'https://relay.example.com/webhooks/bigcommerce/k3y', headerSecret: 'header-secret-1' };
const headers = { 'X-Relay-Key': endpoint.headerSecret };
const other: Row = {
  id: 900,
  scope: 'store/order/*',
  destination: 'https://shop.example/hook',
  is_active: true,
  headers: { Authorization: 'Basic b3RoZXI6c2VjcmV0' },
};

/** Keeps hooks as the vendor does: one per scope and destination, ten per scope. `lose` cuts the answers to creations. */
function hookStore(rows: Row[], lose = false): (asked: Asked) => Scripted | 'cut' {
  return ({ method, path, body }) => {
    const id = Number(path.split('/')[2]);
    const row = rows.find((one) => one.id === id);
    if (method === 'GET') return { body: { data: rows, meta: { pagination: { total_pages: 1 } } } };
    if (method === 'POST') {
      const sent = JSON.parse(body) as Row;
      const ofScope = rows.filter(({ scope }) => scope === sent.scope);
      if (ofScope.length >= 10 || ofScope.some(({ destination }) => destination === sent.destination))
        return { status: 422, body: { status: 422, title: 'Webhook is not allowed', errors: {} } };
      rows.push({ ...sent, id: rows.length + 1 });
      return lose ? 'cut' : { body: { data: rows.at(-1), meta: {} } };
    }
    if (!row) return { status: 404, body: { status: 404, title: `Webhook with id [${id}] not found` } };
    if (method === 'PUT') Object.assign(row, JSON.parse(body));
    else rows.splice(rows.indexOf(row), 1);
    return { body: { data: row, meta: {} } };
  };
}

const topicsOf = (rows: Row[], destination: string): string[] =>
  rows.filter((row) => row.destination === destination).map(({ scope }) => scope);

test('everything that is missing is created with our header, and a second time nothing is done', async () => {
  const rows = [other];
  await using store = await scriptedStore(hookStore(rows));
  const kept = await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  expect(topicsOf(rows, endpoint.url)).toEqual(wantedTopics);
  expect(topicsOf(rows, deliveryExceptionsUrl(endpoint.url))).toEqual(['store/hook/deliveryException']);
  expect(rows.slice(1).every((row) => row.is_active && row.headers?.['X-Relay-Key'] === endpoint.headerSecret)).toBe(true);
  expect(kept.subscriptions).toContainEqual({ topic: 'store/order/created', state: 'created' });

  const calls = store.asked.length;
  const again = await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  expect(store.asked).toHaveLength(calls + 1);
  expect(new Set(again.subscriptions.map(({ state }) => state))).toEqual(new Set(['active']));
});

test('what was switched off goes on again, a wrong header is corrected, what is too much goes; others are not touched', async () => {
  const rows = [structuredClone(other)];
  await using store = await scriptedStore(hookStore(rows));
  await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  rows[1]!.is_active = false;
  rows[2]!.headers = { 'x-relay-key': 'an older secret' };
  rows[3]!.headers = null;
  rows.push({ id: 77, scope: 'store/cart/created', destination: endpoint.url, is_active: true, headers });
  rows.push({ id: 78, scope: 'store/order/updated', destination: endpoint.url, is_active: false, headers });

  const { subscriptions } = await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  expect(subscriptions.filter(({ state }) => state !== 'active')).toEqual([{ topic: 'store/order/created', state: 'reactivated' }]);
  expect(topicsOf(rows, endpoint.url)).toEqual(wantedTopics);
  expect(rows.slice(1).every((row) => row.is_active && row.headers?.['X-Relay-Key'] === endpoint.headerSecret)).toBe(true);
  expect(rows[0]).toEqual(other);
});

test('a creation whose answer is lost is looked up', async () => {
  const rows: Row[] = [];
  await using store = await scriptedStore(hookStore(rows, true));
  await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  expect(topicsOf(rows, endpoint.url)).toEqual(wantedTopics);
});

test('a topic that is full is told with what to do', async () => {
  const rows = Array.from({ length: 10 }, (_, index) => ({
    ...other,
    id: index + 1,
    scope: 'store/order/created',
    destination: `https://old.example/${index}`,
  }));
  await using store = await scriptedStore(hookStore(rows));
  await expect(bigCommerce.webhooks!.keep(store.session, endpoint, store.scope)).rejects.toMatchObject({
    code: 'BIGCOMMERCE_TOO_MANY_HOOKS',
    verdict: 'refused',
    fix: expect.stringContaining('ten per topic'),
  });
});

test('delivery exceptions that the API account already sends elsewhere stay there', async () => {
  const theirs = { ...other, scope: 'store/hook/deliveryException', destination: 'https://other-relay.example/exceptions' };
  const rows: Row[] = [theirs];
  await using store = await scriptedStore(hookStore(rows));
  const { subscriptions } = await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  expect(subscriptions.map(({ topic }) => topic)).toEqual(wantedTopics);
  expect(rows[0]).toEqual(theirs);
});

test('removing takes back ours only, also when one is gone already', async () => {
  const rows = [other];
  const answers = hookStore(rows);
  await using store = await scriptedStore((asked) => {
    if (asked.method === 'DELETE' && rows.length === 3) rows.splice(1, 1);
    return answers(asked);
  });
  await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  await bigCommerce.webhooks!.remove(store.session, endpoint, store.scope);
  expect(rows).toEqual([other]);
});

test.each(['https://old.example.com/webhooks/bigcommerce/k3y', 'http://10.1.2.3:8080/proxy/webhooks/bigcommerce/k3y'])(
  'after the public address of the relay changed, what was subscribed at %s is taken back, and nobody else loses any',
  async (url) => {
    const theirs = [
      other,
      { ...other, id: 901, scope: 'store/order/created', destination: 'https://old.example.com/webhooks/bigcommerce/k3y-of-another' },
      { ...other, id: 902, scope: 'store/order/created', destination: 'https://old.example.com/webhooks/bigcommerce/k3y/of/another' },
    ];
    const rows: Row[] = [...theirs];
    await using store = await scriptedStore(hookStore(rows));
    await bigCommerce.webhooks!.keep(store.session, { ...endpoint, url }, store.scope);
    expect(topicsOf(rows, url)).toEqual(wantedTopics);
    for (const [place, row] of rows.entries()) row.id = 1000 + place;

    await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
    expect(topicsOf(rows, endpoint.url)).toEqual(wantedTopics);
    expect(topicsOf(rows, deliveryExceptionsUrl(endpoint.url))).toEqual(['store/hook/deliveryException']);
    expect(rows.filter(({ destination }) => !destination.startsWith(endpoint.url)).map(({ destination }) => destination)).toEqual(
      theirs.map(({ destination }) => destination),
    );
  },
);

test('removing takes back what was subscribed at an earlier address of the relay, too', async () => {
  const rows = [other];
  await using store = await scriptedStore(hookStore(rows));
  await bigCommerce.webhooks!.keep(store.session, { ...endpoint, url: 'https://old.example.com/webhooks/bigcommerce/k3y' }, store.scope);
  await bigCommerce.webhooks!.remove(store.session, endpoint, store.scope);
  expect(rows).toEqual([other]);
});

test('header secrets, ours and those of others, are in no story', async () => {
  const tricky = { ...other, headers: { 'X-Key': 'a}"b', Authorization: 'Basic b3RoZXI6c2VjcmV0' } };
  await using store = await scriptedStore(hookStore([tricky]));
  await bigCommerce.webhooks!.keep(store.session, endpoint, store.scope);
  const story = JSON.stringify(store.scope.exchanges);
  expect(story).toContain('store/order/created');
  expect(story).not.toMatch(/header-secret-1|b3RoZXI6c2VjcmV0/);
});
