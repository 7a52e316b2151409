import { readPurchaseOrders, type JdePurchaseOrder, type JdeSession } from '../../systems/jde/index.ts';
import type { ExtractInput, ExtractedBatch, ExtractedRecord } from '../flow.ts';
import type { OrderPayload } from './payload.ts';
import { purchaseFlowSettings } from './settings.ts';

/** Orders that changed by header or line, whole; a sweep also tells which of the linked ones JD Edwards no longer has. */
export async function* extractOrders(input: ExtractInput<JdeSession>): AsyncGenerator<ExtractedBatch<OrderPayload>, void, void> {
  const { mode, cursor, source: session, scope, clock } = input;
  const { companies, orderTypes, startDate } = purchaseFlowSettings.parse(input.settings);
  const { environment } = session.settings;
  const batches = readPurchaseOrders({
    session,
    scope,
    clock,
    // Reading days again reads all: orders are found by their number.
    mode: mode === 'backfill' ? 'sweep' : mode,
    cursor,
    companies,
    orderTypes,
    startDate,
    progress: (message) => input.progress(message),
    linkedKeys: () => input.linkedKeys((key) => ({ kind: 'gone', environment, key }) satisfies OrderPayload),
  });
  for await (const { items, gone, cursor: next } of batches) {
    const records = [
      ...items.map((order): ExtractedRecord<OrderPayload> => ({
        key: order.key,
        label: labelOf(order),
        payload: { kind: 'order', environment, order },
      })),
      ...gone.map((key): ExtractedRecord<OrderPayload> => ({ key, label: key, payload: { kind: 'gone', environment, key } })),
    ];
    yield { records, cursor: next };
  }
}

/** For people: `OP 12345, supplier 6001, REQ-88`. */
export function labelOf({ type, number, supplier, references }: JdePurchaseOrder): string {
  return [`${type} ${number}`, `supplier ${supplier}`, ...references.filter((reference) => reference.trim() !== '')].join(', ');
}
