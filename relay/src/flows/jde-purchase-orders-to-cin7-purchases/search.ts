import type { Cin7Purchase, Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { SentVersion } from '../flow.ts';
import type { PurchasePost } from './find.ts';
import { marksOf } from './mark.ts';
import { isoDay } from './notes.ts';
import type { OrderPayload } from './payload.ts';
import { purchaseFlowSettings } from './settings.ts';
import { supplierRecord } from './supplier-record.ts';

const dayMs = 86_400_000;
/** Cin7 Core's clock may stand before ours. */
const clockToleranceMs = 3_600_000;

/**
 * Purchases with a mark of this order, voided ones too: of its supplier, and of those that it had when earlier versions of it were sent, for what
 * these began is still there.
 */
export async function searchPurchases(input: PurchasePost, supplier: Cin7Supplier | undefined): Promise<Cin7Purchase[]> {
  const versions = await input.sentVersions();
  const since = sinceOf(input, versions);
  const suppliers = [...(supplier ? [supplier] : []), ...(await formerSuppliers(input, versions))];
  const found = new Map<string, Cin7Purchase>();
  for (const { ID: supplierId, Name: supplierName } of new Map(suppliers.map((one) => [one.ID, one])).values())
    for (const mark of marks(input))
      for (const purchase of await input.target.purchases.findByNote(mark, { supplierId, supplierName, since }, input.scope))
        found.set(purchase.ID, purchase);
  return [...found.values()];
}

/** The order's own mark first. */
export function marks({ payload, settings }: PurchasePost): string[] {
  return marksOf(payload, purchaseFlowSettings.parse(settings).formerEnvironments);
}

/** Before the order's day, and before it was read: orders are dated ahead, and dated anew. */
function sinceOf({ payload, settings }: PurchasePost, versions: readonly SentVersion[]): string {
  const { lookBackDays, startDate } = purchaseFlowSettings.parse(settings);
  const payloads = [payload, ...versions.map((version) => version.payload as OrderPayload)];
  const days = payloads.map((one) => Date.parse(`${one.kind === 'order' ? isoDay(one.order.orderDate) : startDate}T00:00:00Z`));
  const first = Math.min(...days, ...versions.map(({ readAt }) => readAt));
  return new Date(first - lookBackDays * dayMs - clockToleranceMs).toISOString();
}

async function formerSuppliers(input: PurchasePost, versions: readonly SentVersion[]): Promise<Cin7Supplier[]> {
  const own = supplierRecord(input.payload)?.key;
  const records = versions.flatMap(({ payload }) => supplierRecord(payload as OrderPayload) ?? []).filter(({ key }) => key !== own);
  const suppliers: Cin7Supplier[] = [];
  for (const record of new Map(records.map((one) => [one.key, one])).values()) {
    const link = await input.linkOf(record);
    const supplier = link && (await input.target.suppliers.get(link.targetId, input.scope));
    if (supplier) suppliers.push(supplier);
  }
  return suppliers;
}
