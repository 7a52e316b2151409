import type { JdeSession } from '../../systems/jde/index.ts';
import type { Flow } from '../flow.ts';
import { checkPurchase } from './check.ts';
import { orderCodes } from './codes.ts';
import { extractOrders } from './extract.ts';
import type { PurchaseTarget } from './find.ts';
import { mapOrder } from './map.ts';
import { isoDay } from './notes.ts';
import type { OrderPayload, PurchaseBody } from './payload.ts';
import { postOrder } from './post.ts';
import { probeOrder } from './probe.ts';
import { reconcileOrders } from './reconcile.ts';
import { purchaseFlowSettings } from './settings.ts';
import { supplierRecord } from './supplier-record.ts';
import { tryOutOrder } from './try-out.ts';
import { purchaseValueMaps } from './value-maps.ts';

/**
 * Purchase orders of JD Edwards become purchases of Cin7 Core, each once, and follow their changes. JD Edwards is only read.
 *
 * An order is `master` data, not a document, for what counts is what it is now. Its versions are posted one after the other, and one that surely
 * was not applied gives way to a newer one: an order that waits for a product that was then cancelled goes out without it, in place of waiting for
 * ever. That makes no order twice: a version that may have been applied gives way to nobody, the next one waits until it was looked up, and each
 * looks for a purchase with the order's mark first. Only what a person took out is treated as a document's: it may have been entered by hand.
 */
export const jdePurchaseOrdersToCin7Purchases: Flow<OrderPayload, PurchaseBody, JdeSession, PurchaseTarget> = {
  id: 'jde-purchase-orders-to-cin7-purchases',
  title: 'JD Edwards purchase orders to Cin7 Core purchases',
  from: 'jde',
  to: 'cin7-core',
  kind: 'master',
  asksAfterSkip: true,
  settings: purchaseFlowSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: purchaseValueMaps,
  extract: extractOrders,
  map: mapOrder,
  overridesIn: 'purchase',
  checkBody: checkPurchase,
  post: postOrder,
  probe: probeOrder,
  tryOut: tryOutOrder,
  predecessors: (payload) => [supplierRecord(payload) ?? []].flat(),
  businessDate,
  reconcile: reconcileOrders,
  codes: orderCodes,
};

function businessDate(payload: OrderPayload): string {
  // An order that is gone or undated has no day; the day it goes by then is none that is closed.
  return payload.kind === 'order' ? isoDay(payload.order.orderDate) : '';
}
