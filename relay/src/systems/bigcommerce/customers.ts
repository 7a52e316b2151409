import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { openAttributes, type Attributes } from './attributes.ts';
import { readChanges, type Span } from './changes.ts';
import { chunks } from './chunks.ts';
import type { StoreClient } from './client.ts';
import { toAddress, toCustomer, type CustomerRow } from './customer-rows.ts';
import { customerFilterDate, parseStoreDate } from './dates.ts';
import { textOf } from './fields.ts';
import { readAllV3, readV3 } from './pages.ts';
import type { BigCommerceCustomers, Broken, Customer, OnUnreadable } from './types.ts';
import { readable } from './unreadable-rows.ts';

const needs = 'store_v2_customers_read_only';
const path = 'v3/customers';
const include = 'addresses,attributes,formfields';
/** Ids in one address line. */
const mostIds = 100;
/** Of addresses and of attributes that come with the customer; further ones have to be asked for (facts/bigcommerce.md 10). */
const mostEmbedded = 10;

export function openCustomers(client: StoreClient, clock: Clock): BigCommerceCustomers {
  const attributes = openAttributes(client, clock);
  const whole = (rows: Record<string, unknown>[], { unreadable }: Broken, scope: CallScope): Promise<Customer[]> =>
    complete({ client, attributes, rows: readable(rows, toCustomer, unreadable), unreadable }, scope);
  const read = async function* (query: Record<string, string>, broken: Broken, scope: CallScope): AsyncGenerator<Customer[], void, void> {
    const call = { path, query: { ...query, include }, doing: 'reading the customers', needs } as const;
    for await (const rows of readV3(client, call, scope)) yield whole(rows, broken, scope);
  };
  return {
    changed: ({ from, to = clock.now(), ...broken }, scope) =>
      readChanges(
        {
          page: async (span) => {
            const query = { ...modifiedWithin(span), include, sort: 'date_modified:asc' };
            const call = { path, query, doing: 'reading the changed customers', needs } as const;
            // Only the first page: the next request begins at the last change seen.
            const first = await readV3(client, call, scope).next();
            const rows = first.value ?? [];
            return { items: await whole(rows, broken, scope), rows: rows.length };
          },
          all: (span) => read(modifiedWithin(span), broken, scope),
          place: ({ id, date_modified }) => ({ id, modifiedAt: parseStoreDate(date_modified) }),
        },
        { from, to },
      ),
    all: (scope, broken = {}) => read({}, broken, scope),
    async get(customerIds, scope, broken = {}) {
      const found: Customer[] = [];
      for (const ids of chunks([...new Set(customerIds)], mostIds))
        for await (const customers of read({ 'id:in': ids.join(',') }, broken, scope)) found.push(...customers);
      return found;
    },
    setAttribute: (customerId, attribute, scope) => attributes.set(customerId, attribute, scope),
  };
}

function modifiedWithin({ from, to }: Span): Record<string, string> {
  return { 'date_modified:min': customerFilterDate(from), 'date_modified:max': customerFilterDate(to) };
}

interface Incomplete {
  client: StoreClient;
  attributes: Attributes;
  rows: CustomerRow[];
  unreadable: OnUnreadable | undefined;
}

/** With the addresses and attributes beyond those that came along, and the names of the attributes. */
async function complete({ client, attributes, rows, unreadable }: Incomplete, scope: CallScope): Promise<Customer[]> {
  const addresses = await readMore({ client, rows, kind: 'addresses' }, scope);
  const values = await readMore({ client, rows, kind: 'attributes' }, scope);
  const names = await attributes.names(
    [...rows.flatMap((row) => row.attributes), ...values].map(({ attribute_id }) => Number(attribute_id)),
    scope,
  );
  const whole = ({ address_count: _addresses, attribute_count: _attributes, ...customer }: CustomerRow): Customer => {
    const ofCustomer = (row: Record<string, unknown>): boolean => row['customer_id'] === String(customer.id);
    const moreAddresses = addresses.filter(ofCustomer).map(toAddress);
    const moreValues = values
      .filter(ofCustomer)
      .map((row) => ({ attribute_id: Number(row['attribute_id']), attribute_value: textOf(row['attribute_value']) }));
    const held = moreValues.length > 0 ? moreValues : customer.attributes;
    return {
      ...customer,
      addresses: moreAddresses.length > 0 ? moreAddresses : customer.addresses,
      attributes: held.map(({ attribute_id, attribute_value }) => ({
        attribute_id,
        name: names.get(attribute_id) ?? '',
        value: attribute_value,
      })),
    };
  };
  return rows.flatMap((row) =>
    readable(
      [{ id: String(row.id) }],
      () => whole(row),
      unreadable && ((one) => unreadable({ ...one, problem: `customer ${row.id}: ${one.problem}` })),
    ),
  );
}

interface More {
  client: StoreClient;
  rows: CustomerRow[];
  kind: 'addresses' | 'attributes';
}

/** All addresses or attribute values of those customers that may have more than came along. */
async function readMore({ client, rows, kind }: More, scope: CallScope): Promise<Record<string, unknown>[]> {
  const counted = kind === 'addresses' ? 'address_count' : 'attribute_count';
  const cut = rows.filter((row) => row[kind].length >= mostEmbedded || row[counted] > row[kind].length).map(({ id }) => id);
  const all: Record<string, unknown>[] = [];
  for (const ids of chunks(cut, mostIds)) {
    const where = kind === 'addresses' ? 'v3/customers/addresses' : 'v3/customers/attribute-values';
    const call = { path: where, query: { 'customer_id:in': ids.join(',') }, doing: `reading the ${kind} of customers`, needs } as const;
    all.push(...(await readAllV3(client, call, scope)));
  }
  return all;
}
