import { isSystemError } from '@ml-connector/shared';
import { rowUnreadable, type BigCommerceSession, type OrderHeader } from '../../systems/bigcommerce/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { BrokenRows, eventIds } from '../bigcommerce-ar/index.ts';
import type { ExtractedBatch, ExtractedRecord, ExtractInput, ReadKeysBatch, ReadKeysInput, SourceEvent } from '../flow.ts';
import { labelOf, shipmentKey, shipmentPayload, statusPayload, type ShipmentPayload } from './payload.ts';
import { shipmentFlowSettings } from './settings.ts';

const overlapMs = 5 * 60_000;
const dayMs = 86_400_000;
const incomplete = 0;
/** Partially shipped, shipped, completed, partially refunded, refunded: others have no shipments (facts/bigcommerce.md 6.2). */
const withShipments = [3, 2, 10, 14, 4];

interface ShipmentCursor {
  modifiedUpTo: number;
}

/** The store has no list of shipments: they are read under the orders that changed. */
export async function* extractShipments(
  input: ExtractInput<BigCommerceSession>,
): AsyncGenerator<ExtractedBatch<ShipmentPayload>, void, void> {
  const { mode, source, scope } = input;
  const { startDate, sweepDays } = shipmentFlowSettings.parse(input.settings);
  const startedAt = await source.now(scope);
  const known = (input.cursor as ShipmentCursor | null)?.modifiedUpTo;
  const start = Date.parse(`${startDate}T00:00:00Z`);
  const from =
    mode === 'sweep' ? Math.max(start, startedAt - sweepDays * dayMs) : mode === 'changes' ? (known ?? start) - overlapMs : start;
  let read = 0;
  const [broken, shipments] = [new BrokenRows(), new BrokenRows()];
  const { unreadable } = broken;
  for await (const headers of source.orders.changed({ from, to: startedAt, unreadable }, scope)) {
    const records = broken.take().map(unreadableStatus);
    for (const header of headers) records.push(...(await recordsOf(input, header, shipments)));
    yield { records };
    read += headers.length;
    input.progress(`shipments of ${read} orders read`);
  }
  yield { records: broken.take().map(unreadableStatus) };
  broken.assertAllNamed('orders');
  shipments.assertAllNamed('shipments');
  yield { records: [], cursor: { modifiedUpTo: startedAt } satisfies ShipmentCursor };
}

/** Keys of events name an order; all its shipments are read. */
export async function* readShipments(input: ReadKeysInput<BigCommerceSession>): AsyncGenerator<ReadKeysBatch<ShipmentPayload>, void, void> {
  const shipments = new BrokenRows();
  for (const [orderId, keys] of Map.groupBy(input.keys, (key) => key.split('/')[0] ?? '')) {
    const id = Number(orderId);
    const header = await input.source.orders.header(id, input.scope).catch((error: unknown) => {
      if (isSystemError(error) && error.code === rowUnreadable) return { id, problem: error.message };
      throw error;
    });
    const records = !header ? [] : 'problem' in header ? [unreadableStatus(header)] : await recordsOf(input, header, shipments);
    yield { records, doneKeys: keys };
  }
  shipments.assertAllNamed('shipments');
}

/** `{"type":"shipment","id":12,"orderId":251}`, and every change of an order's status. */
export function shipmentKeysOf({ topic, body }: SourceEvent): string[] {
  const data = (body as { data?: { id?: unknown; orderId?: unknown } | null } | null)?.data;
  if (topic.startsWith('store/shipment/')) return eventIds(data?.orderId).map((id) => `${id}/*`);
  if (topic === 'store/order/statusUpdated') return eventIds(data?.id).map((id) => `${id}/*`);
  return [];
}

interface Reading {
  source: BigCommerceSession;
  scope: CallScope;
  settings: unknown;
}

async function recordsOf(
  { source, scope, settings }: Reading,
  header: OrderHeader,
  broken: BrokenRows,
): Promise<ExtractedRecord<ShipmentPayload>[]> {
  if (header.status_id === incomplete) return [];
  const payloads: ShipmentPayload[] = [];
  if (withShipments.includes(header.status_id)) {
    const shipments = await source.orders.shipments(header.id, scope, { unreadable: broken.unreadable });
    for (const shipment of shipments) payloads.push(shipmentPayload(header.id, shipment));
    for (const { id, problem } of broken.take()) payloads.push({ kind: 'unreadable', orderId: header.id, shipmentId: id, problem });
  }
  if (shipmentFlowSettings.parse(settings).statuses) payloads.push(statusPayload(header));
  return payloads.map(toRecord);
}

function unreadableStatus({ id: orderId, problem }: { id: number; problem: string }): ExtractedRecord<ShipmentPayload> {
  return toRecord({ kind: 'unreadable', orderId, shipmentId: null, problem });
}

function toRecord(payload: ShipmentPayload): ExtractedRecord<ShipmentPayload> {
  return { key: shipmentKey(payload), label: labelOf(payload), payload };
}
