import { data, invalid, noContent, v3CursorPage, v3Error, v3Page, type Answer } from '../answers.ts';
import { isoZ, readDate, wholeSecond } from '../dates.ts';
import { addCustomer } from '../seed/catalog.ts';
import { asRows, cursorPaging, list, paging, text, type ApiRequest } from '../request.ts';
import { nextId, type CustomerAddressRow, type CustomerRow, type Row } from '../state.ts';
import { customersRead, customersWrite, type Call, type Route } from './route.ts';

/** facts/bigcommerce.md 10 */
export const customerRoutes: Route[] = [
  { method: 'GET', path: '/v3/customers', scopes: customersRead, answer: listCustomers },
  { method: 'POST', path: '/v3/customers', scopes: customersWrite, answer: createCustomers },
  { method: 'PUT', path: '/v3/customers', scopes: customersWrite, atOnce: 3, answer: changeCustomers },
  { method: 'DELETE', path: '/v3/customers', scopes: customersWrite, answer: deleteCustomers },
  { method: 'GET', path: '/v3/customers/addresses', scopes: customersRead, answer: listAddresses },
  { method: 'POST', path: '/v3/customers/addresses', scopes: customersWrite, atOnce: 10, answer: createAddresses },
  { method: 'PUT', path: '/v3/customers/addresses', scopes: customersWrite, atOnce: 3, answer: changeAddresses },
  { method: 'DELETE', path: '/v3/customers/addresses', scopes: customersWrite, answer: deleteAddresses },
  { method: 'GET', path: '/v3/customers/attributes', scopes: customersRead, answer: listAttributes },
  { method: 'POST', path: '/v3/customers/attributes', scopes: customersWrite, atOnce: 3, answer: createAttributes },
  { method: 'GET', path: '/v3/customers/attribute-values', scopes: customersRead, answer: listAttributeValues },
  { method: 'PUT', path: '/v3/customers/attribute-values', scopes: customersWrite, atOnce: 3, answer: setAttributeValues },
  {
    method: 'GET',
    path: '/v3/customers/form-field-values',
    scopes: customersRead,
    answer: ({ store, request }) => {
      const id = Number(request.query.get('customer_id') ?? 0);
      const rows = [...store.state.customers.values()].filter((one) => id === 0 || one.id === id);
      return v3Page(
        rows.flatMap((one) => one.formFields.map((field) => ({ ...field, customer_id: one.id }))),
        paging(request),
      );
    },
  },
];

function listCustomers({ store, request }: Call): Answer {
  const { query } = request;
  const include = list(request, 'include') ?? [];
  const test = filterOf(request);
  if (!test) return v3Error(422, 'Invalid date', { date_modified: 'must be a date' });
  const rows = [...store.state.customers.values()].filter(test);
  const [field, direction = 'asc'] = (query.get('sort') ?? '').split(':');
  const key =
    field === 'date_created' ? 'createdAt' : field === 'date_modified' ? 'modifiedAt' : field === 'last_name' ? 'last_name' : 'id';
  rows.sort((one, other) => (one[key] < other[key] ? -1 : one[key] > other[key] ? 1 : one.id - other.id) * (direction === 'desc' ? -1 : 1));
  return v3CursorPage(rows, cursorPaging(request), (customer) => showCustomer(customer, include));
}

function filterOf(request: ApiRequest): ((customer: CustomerRow) => boolean) | undefined {
  const { query } = request;
  const tests: ((customer: CustomerRow) => boolean)[] = [];
  const within = (name: string, value: (customer: CustomerRow) => string): void => {
    const wanted = list(request, name)?.map((one) => one.toLowerCase());
    if (wanted) tests.push((customer) => wanted.includes(value(customer).toLowerCase()));
  };
  within('id:in', ({ id }) => String(id));
  within('email:in', ({ email }) => email);
  within('company:in', ({ company }) => company);
  within('name:in', (one) => `${one.first_name} ${one.last_name}`);
  within('phone:in', (one) => text(one['phone']));
  within('customer_group_id:in', (one) => text(one['customer_group_id']));
  const like = query.get('name:like')?.toLowerCase();
  if (like !== undefined) tests.push((one) => `${one.first_name} ${one.last_name}`.toLowerCase().includes(like));
  for (const [field, at] of [
    ['date_created', 'createdAt'],
    ['date_modified', 'modifiedAt'],
  ] as const)
    for (const bound of ['', ':min', ':max']) {
      const sent = query.get(`${field}${bound}`);
      if (sent === null) continue;
      const limit = readDate(sent);
      if (limit === undefined) return undefined;
      tests.push((one) => (bound === ':min' ? one[at] >= limit : bound === ':max' ? one[at] <= limit : one[at] === limit));
    }
  return (customer) => tests.every((test) => test(customer));
}

/** Embedded addresses and attributes end at ten. */
function showCustomer(customer: CustomerRow, include: string[]): Row {
  const { addresses, attributes, formFields, createdAt, modifiedAt, ...fields } = customer;
  return {
    ...fields,
    date_created: isoZ(createdAt),
    date_modified: isoZ(modifiedAt),
    address_count: addresses.length,
    attribute_count: attributes.length,
    ...(include.includes('addresses') && { addresses: addresses.slice(0, 10) }),
    ...(include.includes('attributes') && { attributes: attributes.slice(0, 10).map((row) => showValue(customer, row)) }),
    ...(include.includes('formfields') && { form_fields: formFields.map((field) => ({ ...field, customer_id: customer.id })) }),
    ...(include.includes('storecredit') && { store_credit_amounts: [{ amount: 0 }] }),
  };
}

function showValue(customer: CustomerRow, { createdAt, modifiedAt, ...row }: CustomerRow['attributes'][number]): Row {
  return { ...row, customer_id: customer.id, date_created: isoZ(createdAt), date_modified: isoZ(modifiedAt) };
}

/** The rows of a batch of at most ten, or the refusal. */
function batchOf({ request }: Call, most = 10): Row[] | Answer {
  const rows = asRows(request.body);
  if (!rows || rows.length === 0) return invalid({ '': 'error.expected.jsarray' });
  return rows.length > most ? v3Error(413, `At most ${most} rows are allowed in one request.`) : rows;
}

function touch(call: Call, customer: CustomerRow): void {
  customer.modifiedAt = wholeSecond(call.store.now());
}

function createCustomers(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const { state } = call.store;
  const refuse = (): Answer => v3Error(422, 'Create customers failed.', { '.customer_create': 'Error creating customers' });
  for (const [at, row] of rows.entries()) {
    for (const field of ['email', 'first_name', 'last_name'])
      if (text(row[field]) === '') return invalid({ [`${at}.${field}`]: 'error.path.missing' });
    if ([...state.customers.values()].some(({ email }) => email.toLowerCase() === text(row['email']).toLowerCase())) return refuse();
  }
  const made = rows.map((row) => addCustomer(state, row, call.store.now()));
  for (const { id } of made) call.store.emit('store/customer/created', { type: 'customer', id });
  return data(made.map((customer) => showCustomer(customer, [])));
}

function changeCustomers(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const { customers } = call.store.state;
  if (rows.some((row) => !customers.has(Number(row['id']))))
    return v3Error(422, 'Update customers failed.', { '.customer_update': 'Error updating customers' });
  const changed = rows.flatMap(({ id, addresses: _addresses, attributes: _attributes, ...fields }) => {
    const customer = customers.get(Number(id));
    if (!customer) return [];
    Object.assign(customer, fields);
    touch(call, customer);
    call.store.emit('store/customer/updated', { type: 'customer', id: customer.id });
    return [customer];
  });
  return data(changed.map((customer) => showCustomer(customer, [])));
}

function deleteCustomers({ store, request }: Call): Answer {
  for (const id of list(request, 'id:in')?.map(Number) ?? [])
    if (store.state.customers.delete(id)) store.emit('store/customer/deleted', { type: 'customer', id });
  return noContent();
}

function listAddresses({ store, request }: Call): Answer {
  const [customers, ids] = [list(request, 'customer_id:in')?.map(Number), list(request, 'id:in')?.map(Number)];
  const rows = [...store.state.customers.values()]
    .flatMap(({ addresses }) => addresses)
    .filter((row) => (!customers || customers.includes(row.customer_id)) && (!ids || ids.includes(row.id)));
  return v3CursorPage(
    rows.sort((one, other) => one.id - other.id),
    cursorPaging(request),
    (row) => row,
  );
}

/** An address that is there already is left out of the answer, with 200. */
function createAddresses(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const { state } = call.store;
  const made = rows.flatMap((row) => {
    const customer = state.customers.get(Number(row['customer_id']));
    const isThere = customer?.addresses.some((one) =>
      ['first_name', 'last_name', 'address1', 'city', 'postal_code'].every((name) => one[name] === row[name]),
    );
    if (!customer || isThere) return [];
    const address: CustomerAddressRow = { ...row, id: nextId(state, 'customerAddress'), customer_id: customer.id };
    customer.addresses.push(address);
    emitAddress(call, 'created', address);
    return [address];
  });
  return data(made);
}

function changeAddresses(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const all = [...call.store.state.customers.values()].flatMap(({ addresses }) => addresses);
  const changed = rows.flatMap((row) => {
    const address = all.find(({ id }) => id === row['id']);
    if (!address) return [];
    Object.assign(address, row);
    emitAddress(call, 'updated', address);
    return [address];
  });
  return data(changed);
}

function deleteAddresses(call: Call): Answer {
  const ids = list(call.request, 'id:in')?.map(Number) ?? [];
  for (const customer of call.store.state.customers.values()) {
    for (const address of customer.addresses) if (ids.includes(address.id)) emitAddress(call, 'deleted', address);
    customer.addresses = customer.addresses.filter(({ id }) => !ids.includes(id));
  }
  return noContent();
}

/** `id` is the address although the type says customer (facts/bigcommerce.md 5.2). */
function emitAddress({ store }: Call, what: string, address: CustomerAddressRow): void {
  store.emit(`store/customer/address/${what}`, { type: 'customer', id: address.id, address: { customer_id: address.customer_id } });
}

function listAttributes({ store, request }: Call): Answer {
  const name = request.query.get('name');
  const rows = store.state.attributes.filter((one) => name === null || one.name === name);
  return v3Page(rows, paging(request), ({ createdAt, modifiedAt, ...row }) => ({
    ...row,
    date_created: isoZ(createdAt),
    date_modified: isoZ(modifiedAt),
  }));
}

function createAttributes(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const { attributes } = call.store.state;
  const at = wholeSecond(call.store.now());
  for (const [index, row] of rows.entries()) {
    if (text(row['name']) === '' || !['string', 'number', 'date'].includes(text(row['type'])))
      return invalid({ [`${index}.name`]: 'error.path.missing' });
    if (attributes.some(({ name }) => name === row['name']))
      return v3Error(422, 'Create customer attributes failed.', {
        [`${index}.name`]: `Attribute name ${text(row['name'])} is used already`,
      });
  }
  const made = rows.map((row) => ({
    id: nextId(call.store.state, 'attribute'),
    name: text(row['name']),
    type: text(row['type']),
    createdAt: at,
    modifiedAt: at,
  }));
  attributes.push(...made);
  return data(
    made.map(({ createdAt, modifiedAt, ...row }) => ({ ...row, date_created: isoZ(createdAt), date_modified: isoZ(modifiedAt) })),
  );
}

function listAttributeValues({ store, request }: Call): Answer {
  const [customers, attributes] = [list(request, 'customer_id:in')?.map(Number), list(request, 'attribute_id:in')?.map(Number)];
  const rows = [...store.state.customers.values()]
    .filter(({ id }) => !customers || customers.includes(id))
    .flatMap((customer) => customer.attributes.map((row) => ({ customer, row, id: row.id })))
    .filter(({ row }) => !attributes || attributes.includes(row.attribute_id));
  return v3CursorPage(
    rows.sort((one, other) => one.id - other.id),
    cursorPaging(request),
    ({ customer, row }) => showValue(customer, row),
  );
}

/** Upsert by attribute and customer. Made by the API it is no `customer/updated` (facts/bigcommerce.md 5.2). */
function setAttributeValues(call: Call): Answer {
  const rows = batchOf(call);
  if (!Array.isArray(rows)) return rows;
  const { state } = call.store;
  for (const [index, row] of rows.entries()) {
    if (!state.customers.has(Number(row['customer_id']))) return invalid({ [`${index}.customer_id`]: 'Customer does not exist' });
    if (!state.attributes.some(({ id }) => id === row['attribute_id']))
      return invalid({ [`${index}.attribute_id`]: 'Attribute does not exist' });
    if (typeof row['value'] !== 'string' || row['value'].length > 255) return invalid({ [`${index}.value`]: 'error.maxLength' });
  }
  const at = wholeSecond(call.store.now());
  const saved = rows.flatMap((row) => {
    const customer = state.customers.get(Number(row['customer_id']));
    if (!customer) return [];
    const there = customer.attributes.find((one) => one.attribute_id === row['attribute_id']);
    const value = there ?? {
      id: nextId(state, 'attributeValue'),
      attribute_id: Number(row['attribute_id']),
      attribute_value: '',
      createdAt: at,
      modifiedAt: at,
    };
    if (!there) customer.attributes.push(value);
    Object.assign(value, { attribute_value: text(row['value']), modifiedAt: at });
    return [showValue(customer, value)];
  });
  return data(saved);
}
