import { addAmounts, isSystemError } from '@ml-connector/shared';
import { rowUnreadable, type BigCommerceSession, type OrderHeader } from '../../systems/bigcommerce/index.ts';
import { BrokenRows, eventIds, fetchOrders, unreadableOrder, type FetchOrders, type OrderPayload } from '../bigcommerce-ar/index.ts';
import type { ExtractedBatch, ExtractedRecord, ExtractInput, ReadKeysBatch, ReadKeysInput, SourceEvent } from '../flow.ts';
import { orderFlowSettings } from './settings.ts';

/** Changes are read with so much overlap: `date_modified` has whole seconds, and several servers write it. */
const overlapMs = 5 * 60_000;
const dayMs = 86_400_000;
/** An order that was begun and never paid. */
const incomplete = 0;
const keysPerBatch = 20;

interface OrderCursor {
  /** Milliseconds since 1970, by the store's `date_modified`. */
  modifiedUpTo: number;
}

/** Orders that changed since the cursor, with everything on them. */
export async function* extractOrders(input: ExtractInput<BigCommerceSession>): AsyncGenerator<ExtractedBatch<OrderPayload>, void, void> {
  const { mode, range, source, scope } = input;
  const { startDate, sweepDays } = orderFlowSettings.parse(input.settings);
  const startedAt = await source.now(scope);
  const known = (input.cursor as OrderCursor | null)?.modifiedUpTo;
  const start = Date.parse(`${startDate}T00:00:00Z`) - dayMs;
  const from =
    mode === 'sweep' ? Math.max(start, startedAt - sweepDays * dayMs) : mode === 'changes' ? (known ?? start) - overlapMs : start;
  const broken = new BrokenRows();
  const { unreadable } = broken;
  const pages = range
    ? source.orders.created(
        { from: Date.parse(`${range.first}T00:00:00Z`) - dayMs, to: Date.parse(`${range.last}T00:00:00Z`) + 2 * dayMs, unreadable },
        scope,
      )
    : source.orders.changed({ from, to: startedAt, unreadable }, scope);
  let read = 0;
  for await (const headers of pages) {
    const records = await readAll(
      input,
      [...headers.filter(isWanted), ...broken.take()].map(({ id }) => id),
    );
    read += headers.length;
    input.progress(`${read} orders read`);
    // Only the pages of changes come in the order in which the cursor goes on.
    yield { records };
  }
  yield {
    records: await readAll(
      input,
      broken.take().map(({ id }) => id),
    ),
  };
  broken.assertAllNamed('orders');
  if (mode !== 'backfill') yield { records: [], cursor: { modifiedUpTo: startedAt } satisfies OrderCursor };
}

/** Exactly these orders; those that the store does not have, or that were never finished, are dealt with. */
export async function* readOrders(input: ReadKeysInput<BigCommerceSession>): AsyncGenerator<ReadKeysBatch<OrderPayload>, void, void> {
  for (let from = 0; from < input.keys.length; from += keysPerBatch) {
    const keys = input.keys.slice(from, from + keysPerBatch);
    yield { records: await readAll(input, keys.map(Number)), doneKeys: keys };
    input.progress(`${Math.min(from + keysPerBatch, input.keys.length)} of ${input.keys.length} orders read`);
  }
}

/** Every event that names an order (facts/bigcommerce.md 5.2), but for those that our own metafield makes. */
export function orderKeysOf({ topic, body }: SourceEvent): string[] {
  const data = (body as { data?: unknown } | null)?.data as Record<string, unknown> | undefined;
  if (!data || typeof data !== 'object' || topic.includes('/metafield/')) return [];
  if (/^store\/(channel\/\d+\/)?order\//.test(topic)) return eventIds(data['type'] === 'order' ? data['id'] : data['order_id']);
  return [];
}

async function readAll(reading: FetchOrders, ids: readonly number[]): Promise<ExtractedRecord<OrderPayload>[]> {
  const { acceptedStatuses, cancelledStatuses } = orderFlowSettings.parse(reading.settings);
  const records: ExtractedRecord<OrderPayload>[] = [];
  for (const { order, payload } of await fetchOrders(reading, ids)) {
    const key = String(payload.orderId);
    if (!order) records.push({ key, label: `${key} (unreadable)`, payload });
    else if (isWanted(order)) {
      const refunded = cancelledStatuses.includes(order.status_id) ? await refundedOf(reading, order.id) : '0';
      if (typeof refunded !== 'string') {
        const problem = { storeHash: payload.storeHash, problem: refunded.problem };
        records.push({ key, label: `${key} (unreadable)`, payload: unreadableOrder(order.id, problem) });
        continue;
      }
      const statusId = acceptedStatuses.includes(order.status_id) ? ('accepted' as const) : order.status_id;
      records.push({ key, label: labelOf(order), payload: { ...payload, statusId, refunded } });
    }
  }
  return records;
}

/** What was given back, or is to be: refunds of which every payment was declined have no credit memo. */
async function refundedOf({ source, scope }: FetchOrders, orderId: number): Promise<string | { problem: string }> {
  const refunds = await source.refunds.ofOrder(orderId, scope).catch(problemOf);
  if ('problem' in refunds) return refunds;
  const counting = refunds.filter(({ payments }) => payments.length === 0 || payments.some((payment) => !payment.is_declined));
  return addAmounts('0', ...counting.map((refund) => refund.total_amount));
}

function problemOf(error: unknown): { problem: string } {
  if (isSystemError(error) && error.code === rowUnreadable) return { problem: error.message };
  throw error;
}

function isWanted({ status_id: statusId }: OrderHeader): boolean {
  return statusId !== incomplete;
}

/** For people: `10452 Müller GmbH 119.00 EUR`. */
function labelOf({ id, billing_address: { company, first_name, last_name }, total_inc_tax, default_currency_code }: OrderHeader): string {
  const who = company.trim() || `${first_name} ${last_name}`.trim();
  return [id, who, total_inc_tax.replace(/(\.\d\d)\d*$/, '$1'), default_currency_code].filter(Boolean).join(' ');
}
