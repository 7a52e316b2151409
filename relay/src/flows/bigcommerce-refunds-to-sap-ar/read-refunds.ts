import { isSystemError } from '@ml-connector/shared';
import { rowUnreadable, type BigCommerceSession, type Refund } from '../../systems/bigcommerce/index.ts';
import { BrokenRows, eventIds, fetchOrders, unreadableOrder, type FetchOrders, type NamedRow } from '../bigcommerce-ar/index.ts';
import type { ExtractedBatch, ExtractedRecord, ExtractInput, ReadKeysBatch, ReadKeysInput, SourceEvent } from '../flow.ts';
import { refundPayload, unreadableRefund, type RefundPayload } from './payload.ts';
import { refundFlowSettings } from './settings.ts';

const overlapMs = 10 * 60_000;
const dayMs = 86_400_000;

interface RefundCursor {
  /** Milliseconds since 1970. */
  createdUpTo: number;
}

/** Refunds made since the cursor, each with its order. */
export async function* extractRefunds(input: ExtractInput<BigCommerceSession>): AsyncGenerator<ExtractedBatch<RefundPayload>, void, void> {
  const { mode, range, source, scope } = input;
  const { startDate, sweepDays } = refundFlowSettings.parse(input.settings);
  const startedAt = await source.now(scope);
  const known = (input.cursor as RefundCursor | null)?.createdUpTo;
  const start = Date.parse(`${startDate}T00:00:00Z`) - dayMs;
  const from =
    mode === 'sweep' ? Math.max(start, startedAt - sweepDays * dayMs) : mode === 'changes' ? (known ?? start) - overlapMs : start;
  const span = range
    ? { from: Date.parse(`${range.first}T00:00:00Z`) - dayMs, to: Date.parse(`${range.last}T00:00:00Z`) + 2 * dayMs }
    : { from };
  let read = 0;
  const broken = new BrokenRows();
  for await (const refunds of source.refunds.created({ ...span, unreadable: broken.unreadable }, scope)) {
    yield { records: [...(await withOrders(input, refunds)), ...broken.take().map((one) => brokenRecord(input, one))] };
    read += refunds.length;
    input.progress(`${read} refunds read`);
  }
  broken.assertAllNamed('refunds');
  if (mode !== 'backfill') yield { records: [], cursor: { createdUpTo: startedAt } satisfies RefundCursor };
}

/** Exactly these refunds; those that the store does not have are dealt with. */
export async function* readRefunds(input: ReadKeysInput<BigCommerceSession>): AsyncGenerator<ReadKeysBatch<RefundPayload>, void, void> {
  for (const key of input.keys) {
    const refund = await input.source.refunds.get(Number(key), input.scope).catch((error: unknown) => {
      if (isSystemError(error) && error.code === rowUnreadable) return brokenRecord(input, { id: Number(key), problem: error.message });
      throw error;
    });
    const records = !refund ? [] : 'payload' in refund ? [refund] : await withOrders(input, [refund]);
    yield { records, doneKeys: [key] };
  }
}

/** `{"type":"order","id":250,"refund":{"refund_id":3}}` (facts/bigcommerce.md 5.2). */
export function refundKeysOf({ topic, body }: SourceEvent): string[] {
  if (!topic.endsWith('/refund/created')) return [];
  const data = (body as { data?: { refund?: { refund_id?: unknown } } | null } | null)?.data;
  return eventIds(data?.refund?.refund_id);
}

function brokenRecord(
  { source }: FetchOrders,
  { id, problem, row }: Pick<NamedRow, 'id' | 'problem'> & Partial<NamedRow>,
): ExtractedRecord<RefundPayload> {
  const [orderId = 0] = eventIds(row?.['order_id']).map(Number);
  const payload = unreadableRefund(id, { orderId, storeHash: source.storeHash, problem });
  return { key: String(id), label: `Refund ${id} (unreadable)`, payload };
}

async function withOrders(reading: FetchOrders, refunds: readonly Refund[]): Promise<ExtractedRecord<RefundPayload>[]> {
  const orders = new Map(
    (
      await fetchOrders(
        reading,
        refunds.map((refund) => refund.order_id),
      )
    ).map(({ payload }) => [payload.orderId, payload]),
  );
  return refunds.map((refund) => {
    const problem = `the store has no order ${refund.order_id} any more, which refund ${refund.id} belongs to`;
    const order = orders.get(refund.order_id) ?? unreadableOrder(refund.order_id, { storeHash: reading.source.storeHash, problem });
    const label = `Refund ${refund.id} of order ${refund.order_id} ${refund.total_amount} ${order.currency}`;
    return { key: String(refund.id), label, payload: refundPayload(refund, order) };
  });
}
