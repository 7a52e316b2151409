import type { BigCommerceSession, Customer } from '../../systems/bigcommerce/index.ts';
import { BrokenRows, eventIds, type NamedRow } from '../bigcommerce-ar/index.ts';
import type { ExtractedBatch, ExtractedRecord, ExtractInput, ReadKeysBatch, ReadKeysInput, SourceEvent } from '../flow.ts';
import { oneLine } from '../texts/index.ts';
import { customerPayload, type CustomerPayload } from './payload.ts';
import { customerFlowSettings } from './settings.ts';

/** Changes are read with so much overlap: `date_modified` has whole seconds, and several servers write it. */
const overlapMs = 5 * 60_000;
const keysPerBatch = 50;

interface CustomerCursor {
  /** Milliseconds since 1970, by the store's `date_modified`. */
  modifiedUpTo: number;
}

type Reading = Pick<ExtractInput<BigCommerceSession>, 'source' | 'settings'>;

/** Customers that changed since the cursor; a sweep reads all of them, as a change of an address dates no customer, and finds those that are gone. */
export async function* extractCustomers(
  input: ExtractInput<BigCommerceSession>,
): AsyncGenerator<ExtractedBatch<CustomerPayload>, void, void> {
  const { mode, source, scope } = input;
  const startedAt = await source.now(scope);
  const known = (input.cursor as CustomerCursor | null)?.modifiedUpTo;
  const isWhole = mode !== 'changes' || known === undefined;
  const linked = isWhole ? await input.linkedKeys() : [];
  const seen = new Set<string>();
  const broken = new BrokenRows();
  const { unreadable } = broken;
  const takeBroken = (): ExtractedRecord<CustomerPayload>[] => {
    const rows = broken.take();
    for (const { id } of rows) seen.add(String(id));
    return rows.map(brokenRecord);
  };
  for await (const customers of isWhole
    ? source.customers.all(scope, { unreadable })
    : source.customers.changed({ from: known - overlapMs, to: startedAt, unreadable }, scope)) {
    for (const { id } of customers) seen.add(String(id));
    input.progress(`${seen.size} customers read`);
    yield { records: [...customers.map((customer) => toRecord(input, customer)), ...takeBroken()] };
  }
  yield { records: takeBroken() };
  // Who has no id may be one of those that seem to be gone.
  broken.assertAllNamed('customers');
  const gone = linked.filter((key) => !seen.has(key));
  yield { records: gone.map(goneRecord), cursor: { modifiedUpTo: startedAt } satisfies CustomerCursor };
}

/** Exactly these customers; those that the store does not have any more are told as gone. */
export async function* readCustomers(input: ReadKeysInput<BigCommerceSession>): AsyncGenerator<ReadKeysBatch<CustomerPayload>, void, void> {
  for (let from = 0; from < input.keys.length; from += keysPerBatch) {
    const keys = input.keys.slice(from, from + keysPerBatch);
    const broken = new BrokenRows();
    const there = await input.source.customers.get(keys.map(Number), input.scope, { unreadable: broken.unreadable });
    const found = new Map(there.map((one) => [String(one.id), one]));
    const unusable = new Map(broken.take().map((one) => [String(one.id), one]));
    // Who is not found may be the one without an id.
    const known = keys.filter((key) => found.has(key) || unusable.has(key) || !broken.hasNameless);
    const records = known.map((key) => {
      const customer = found.get(key);
      const row = unusable.get(key);
      if (customer) return toRecord(input, customer);
      return row ? brokenRecord(row) : goneRecord(key);
    });
    yield { records, doneKeys: known };
    input.progress(`${Math.min(from + keysPerBatch, input.keys.length)} of ${input.keys.length} customers read`);
    broken.assertAllNamed('customers');
  }
}

/** The customer that an event names; of an address it is not the id (facts/bigcommerce.md 5.2). */
export function customerKeysOf({ topic, body }: SourceEvent): string[] {
  const data = (body as { data?: unknown } | null)?.data as Record<string, unknown> | undefined;
  if (!data || typeof data !== 'object') return [];
  if (topic.startsWith('store/customer/address/'))
    return eventIds((data['address'] as { customer_id?: unknown } | null | undefined)?.customer_id);
  return /^store\/customer\/(created|updated|deleted)$/.test(topic) ? eventIds(data['id']) : [];
}

function toRecord({ source, settings }: Reading, customer: Customer): ExtractedRecord<CustomerPayload> {
  const payload = customerPayload(customer, { storeHash: source.storeHash, settings: customerFlowSettings.parse(settings) });
  return { key: String(customer.id), label: labelOf(customer), payload };
}

function brokenRecord({ id, problem }: NamedRow): ExtractedRecord<CustomerPayload> {
  return { key: String(id), label: `${id} (unreadable)`, payload: { kind: 'unreadable', customerId: id, problem } };
}

function goneRecord(key: string): ExtractedRecord<CustomerPayload> {
  return { key, label: key, payload: { kind: 'gone', customerId: Number(key) } };
}

/** For people: `32 Müller GmbH`, `33 Jürgen O’Brien`. */
function labelOf({ id, email, company, first_name: first, last_name: last, addresses }: Customer): string {
  const who = oneLine(company) || oneLine(addresses[0]?.company ?? '') || oneLine(`${first} ${last}`) || email;
  return `${id} ${who}`.trim();
}
