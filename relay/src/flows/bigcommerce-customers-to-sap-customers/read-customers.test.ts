import { SystemError } from '@ml-connector/shared';
import type { BigCommerceSession, ChangedSince, Customer } from '../../systems/bigcommerce/index.ts';
import { fastClock, testScope } from '../../systems/testing/index.ts';
import type { ExtractedBatch, ExtractInput, ReadKeysBatch } from '../flow.ts';
import type { CustomerPayload } from './payload.ts';
import { customerKeysOf, extractCustomers, readCustomers } from './read-customers.ts';
import { customer, usualSettings } from './testing/samples.ts';
import { writeCustomerNumber } from './write-back.ts';

test.each([
  ['store/customer/created', { type: 'customer', id: 32 }, ['32']],
  ['store/customer/updated', { type: 'customer', id: '32' }, ['32']],
  ['store/customer/deleted', { type: 'customer', id: 32 }, ['32']],
  ['store/customer/address/created', { type: 'customer', id: 60, address: { customer_id: 32 } }, ['32']],
  ['store/customer/address/deleted', { type: 'customer', id: 60, address: null }, []],
  ['store/customer/address/updated', { type: 'customer', id: 60 }, []],
  ['store/customer/payment/instrument/default/updated', { type: 'customer', id: 9 }, []],
  ['store/customer/created', { type: 'customer', id: '../admin' }, []],
  ['store/customer/created', { type: 'customer', id: 0 }, []],
  ['store/order/created', { type: 'order', id: 250 }, []],
  ['store/customer/created', null, []],
  ['store/customer/created', 'text', []],
])('%s of %j names the customers %j', (topic, data, keys) => {
  expect(customerKeysOf({ topic, body: { scope: topic, data } })).toEqual(keys);
});

test('a body of any shape names nobody', () => {
  for (const body of [null, 7, 'x', [], {}, { data: [] }]) expect(customerKeysOf({ topic: 'store/customer/created', body })).toEqual([]);
});

/** As the store has it. */
const storeNow = Date.parse('2026-06-01T10:00:00Z');

/** A store in memory; `attributes` is what was written to it. */
function store(customers: Customer[]) {
  const asked: (string | ChangedSince)[] = [];
  const attributes: [number, string, string][] = [];
  async function* pages(some: Customer[]): AsyncGenerator<Customer[], void, void> {
    await Promise.resolve();
    for (const one of some) yield [one];
  }
  const source = {
    storeHash: 'abc123',
    now: () => Promise.resolve(storeNow),
    customers: {
      all() {
        asked.push('all');
        return pages(customers);
      },
      changed(since: ChangedSince) {
        asked.push(since);
        return pages(customers.slice(0, 1));
      },
      get: (ids: readonly number[]) => Promise.resolve(customers.filter(({ id }) => ids.includes(id))),
      setAttribute(id: number, { name, value }: { name: string; value: string }) {
        if (!customers.some((one) => one.id === id)) throw new SystemError('BIGCOMMERCE_NOT_FOUND', 'refused', 'no such customer');
        attributes.push([id, name, value]);
        return Promise.resolve();
      },
    },
  } as unknown as BigCommerceSession;
  return { source, asked, attributes };
}

const clock = fastClock();

function input(source: BigCommerceSession, more: Partial<ExtractInput<BigCommerceSession>> = {}): ExtractInput<BigCommerceSession> {
  return {
    mode: 'changes',
    cursor: null,
    settings: usualSettings,
    source,
    scope: testScope(),
    clock,
    linkedKeys: () => Promise.resolve(['32', '99']),
    progress: () => undefined,
    ...more,
  };
}

async function taken(batches: AsyncIterable<ExtractedBatch<CustomerPayload> | ReadKeysBatch<CustomerPayload>>) {
  const all = await allOf(batches);
  return all.flatMap(({ records }) => records.map(({ key, label, payload }) => `${key} ${payload.kind}: ${label}`));
}

async function allOf<Batch>(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const two = [customer(), customer({ id: 33, company: ' Böhm  KG ' })];

test('the first read takes all customers, later ones those that changed, with an overlap', async () => {
  const { source, asked } = store(two);
  expect(await taken(extractCustomers(input(source, { linkedKeys: () => Promise.resolve([]) })))).toEqual([
    '32 customer: 32 Jürgen Größl',
    '33 customer: 33 Böhm KG',
  ]);
  const last = await allOf(extractCustomers(input(source, { cursor: { modifiedUpTo: 1_000_000_000 } })));
  expect(last.flatMap(({ records }) => records)).toHaveLength(1);
  expect(asked).toMatchObject(['all', { from: 1_000_000_000 - 300_000, to: storeNow }]);
  expect(last.at(-1)?.cursor).toEqual({ modifiedUpTo: storeNow });
});

test('a sweep reads all, as a change of an address dates no customer, and tells who is gone', async () => {
  const { source } = store(two);
  const keys = await taken(extractCustomers(input(source, { mode: 'sweep', cursor: { modifiedUpTo: 1_000_000_000 } })));
  expect(keys).toEqual(['32 customer: 32 Jürgen Größl', '33 customer: 33 Böhm KG', '99 gone: 99']);
});

test('customers named by events are read; one that the store deleted is told as gone', async () => {
  const { source } = store(two);
  const keys = Array.from({ length: 60 }, (_, at) => String(33 + at));
  const batches = await allOf(readCustomers({ ...input(source), keys }));
  expect(batches.flatMap(({ doneKeys }) => doneKeys)).toEqual(keys);
  expect(batches[0]?.records.slice(0, 2).map(({ key, payload }) => [key, payload.kind])).toEqual([
    ['33', 'customer'],
    ['34', 'gone'],
  ]);
});

describe('the SAP number', () => {
  const told = (more: { settings?: Record<string, unknown>; payload?: CustomerPayload; source: BigCommerceSession }) =>
    writeCustomerNumber({
      record: { id: 'rec_32', key: '32', label: '32' },
      payload: { kind: 'customer', customer: { id: 32 } } as CustomerPayload,
      result: { targetId: '0000100001', targetLabel: 'Jürgen Größl (100001)', action: 'created' },
      settings: { ...usualSettings, ...more.settings },
      source: more.source,
      scope: testScope(),
      ...(more.payload && { payload: more.payload }),
    });

  test('goes to the attribute of the customer, under the name of the settings', async () => {
    const { source, attributes } = store(two);
    await told({ source });
    await told({ source, settings: { attributeName: 'ERP' } });
    expect(attributes).toEqual([
      [32, 'SAP Customer', '0000100001'],
      [32, 'ERP', '0000100001'],
    ]);
  });

  test('is not written by setting, nor for a customer who is gone', async () => {
    const { source, attributes } = store(two);
    await told({ source, settings: { writeBack: false } });
    await told({ source, payload: { kind: 'gone', customerId: 32 } });
    expect(attributes).toEqual([]);
  });
});
