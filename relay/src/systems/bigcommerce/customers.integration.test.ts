import type { Customer } from './index.ts';
import { scriptedStore, type Asked, type Scripted } from './testing/index.ts';

type Row = Record<string, unknown>;

function aCustomer(id: number, more: Row = {}): Row {
  return {
    id,
    email: `kunde${id}@example.org`,
    first_name: 'Jürgen',
    last_name: 'O’Brien',
    company: '',
    phone: null,
    customer_group_id: 0,
    date_created: '2024-03-05T21:40:11Z',
    date_modified: new Date(Date.UTC(2024, 2, 5) + id * 1000).toISOString(),
    channel_ids: null,
    address_count: 0,
    attribute_count: 0,
    addresses: [],
    attributes: [],
    form_fields: [{ name: 'Branche', value: ['Hotel', 'Café'], customer_id: id }],
    ...more,
  };
}

const anAddress = (id: number, customerId: number): Row => ({
  id,
  customer_id: customerId,
  address1: `Weg ${id}`,
  city: 'Köln',
  country_code: 'DE',
});
const data = (rows: Row[], meta: Row = {}): Scripted => ({ body: { data: rows, meta } });
const definitions = [{ id: 1, name: 'SAP Customer', type: 'string' }];

test('a customer comes with all addresses and attributes, not only the ten that are sent along', async () => {
  const addresses = Array.from({ length: 12 }, (_, index) => anAddress(index + 1, 32));
  await using store = await scriptedStore(({ path, query }) => {
    if (path === 'v3/customers/addresses')
      return data(addresses.filter((row) => query['customer_id:in']?.split(',').includes(String(row['customer_id']))));
    if (path === 'v3/customers/attributes') return data(definitions);
    const attributes = [{ id: 5, attribute_id: 1, attribute_value: '0000100023', customer_id: 32 }];
    return data([aCustomer(32, { address_count: 12, addresses: addresses.slice(0, 10), attribute_count: 1, attributes }), aCustomer(33)]);
  });
  const [first, second] = await store.session.customers.get([32, 33, 32], store.scope);
  expect(first).toMatchObject({
    phone: '',
    channel_ids: null,
    attributes: [{ attribute_id: 1, name: 'SAP Customer', value: '0000100023' }],
    form_fields: [{ name: 'Branche', value: 'Hotel, Café' }],
  });
  expect(first?.addresses.map(({ id }) => id)).toEqual(addresses.map(({ id }) => id));
  expect(second?.addresses).toEqual([]);
  expect(store.asked[0]?.query).toMatchObject({ 'id:in': '32,33', include: 'addresses,attributes,formfields' });
});

test('all customers are read by cursor, which no change in between disturbs', async () => {
  const rows = Array.from({ length: 600 }, (_, index) => aCustomer(index + 1));
  await using store = await scriptedStore(({ query }) => {
    const after = Number(query['after'] ?? 0);
    const page = rows.filter(({ id }) => Number(id) > after).slice(0, 250);
    const last = String(Number(page.at(-1)?.['id'] ?? 0));
    const links = { current: '?', ...(Number(last) < 600 ? { next: `?after=${last}` } : {}) };
    const numbered = after === 0 ? { pagination: { total: 600, total_pages: 3, current_page: 1 } } : {};
    return data(page, { ...numbered, cursor_pagination: { count: page.length, end_cursor: last, links } });
  });
  const found: Customer[] = [];
  for await (const page of store.session.customers.all(store.scope)) found.push(...page);
  expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  expect(store.asked.map(({ query }) => query['page'])).toEqual([undefined, undefined, undefined]);
});

test('changed customers come oldest change first; each request begins at the last change seen', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => aCustomer(index + 1));
  await using store = await scriptedStore(({ query }) => {
    const within = (row: Row): boolean => {
      const at = Date.parse(String(row['date_modified']));
      return at >= Date.parse(`${query['date_modified:min']}Z`) && at <= Date.parse(`${query['date_modified:max']}Z`);
    };
    return data(rows.filter(within).slice(0, 250), { pagination: { total_pages: 2 } });
  });
  const found: number[] = [];
  for await (const page of store.session.customers.changed({ from: Date.UTC(2024, 2, 5), to: Date.UTC(2024, 2, 6) }, store.scope))
    found.push(...page.map(({ id }) => id));
  expect(found).toEqual(rows.map(({ id }) => id));
  expect(store.asked).toHaveLength(2);
});

/** A store that keeps the definitions of attributes, and loses the answer to the creation of one where told to. */
function attributeStore(rows: Row[], losesAnswer = false): (asked: Asked) => Scripted | 'cut' {
  return ({ method, path, body }) => {
    if (path !== 'v3/customers/attributes' || method === 'GET') return data(path === 'v3/customers/attributes' ? rows : []);
    const [sent] = JSON.parse(body) as { name: string }[];
    const row = { id: rows.length + 1, name: sent?.name, type: 'string' };
    rows.push(row);
    return losesAnswer ? 'cut' : data([row]);
  };
}

test('an attribute that the store does not have is created once, however many ask for it at once', async () => {
  const rows: Row[] = [];
  await using store = await scriptedStore(attributeStore(rows));
  const set = (id: number): Promise<void> =>
    store.session.customers.setAttribute(id, { name: 'SAP Customer', value: `0000${id}` }, store.scope);
  await Promise.all([set(1), set(2), set(3)]);
  expect(rows).toHaveLength(1);
  const written = store.asked.filter(({ method }) => method === 'PUT').map(({ body }) => JSON.parse(body) as unknown);
  expect(written).toContainEqual([{ attribute_id: 1, customer_id: 2, value: '00002' }]);
  expect(written).toHaveLength(3);
});

test('an attribute whose creation got no answer is looked for, not created again', async () => {
  const rows: Row[] = [];
  await using store = await scriptedStore(attributeStore(rows, true));
  await store.session.customers.setAttribute(1, { name: 'SAP Customer', value: '1' }, store.scope);
  expect(rows).toHaveLength(1);
});
