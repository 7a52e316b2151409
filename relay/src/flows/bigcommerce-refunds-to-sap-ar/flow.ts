import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import { accountValueMaps, dayIn, ordersFlow } from '../bigcommerce-ar/index.ts';
import type { AcknowledgeInput, Flow } from '../flow.ts';
import { checkArBody, probeArDocuments, tryOutArDocuments, type ArBody } from '../sap-ar/index.ts';
import { mapRefund } from './map.ts';
import type { RefundPayload } from './payload.ts';
import { postRefund } from './post.ts';
import { extractRefunds, readRefunds, refundKeysOf } from './read-refunds.ts';
import { refundFlowSettings } from './settings.ts';

/** Refunds of a BigCommerce store become credit memos in SAP FI, each once, after the invoice of their order. */
export const bigCommerceRefundsToSapAr: Flow<RefundPayload, ArBody, BigCommerceSession, SapSession> = {
  id: 'bigcommerce-refunds-to-sap-ar',
  title: 'BigCommerce refunds to SAP credit memos',
  from: 'bigcommerce',
  to: 'sap-ecc',
  kind: 'document',
  settings: refundFlowSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: accountValueMaps,
  canBackfill: true,
  extract: extractRefunds,
  keysOfEvent: refundKeysOf,
  readKeys: readRefunds,
  map: mapRefund,
  overridesIn: 'header',
  checkBody: checkArBody,
  post: postRefund,
  probe: probeArDocuments,
  tryOut: tryOutArDocuments,
  acknowledge: writeDocumentNumber,
  predecessors: ({ order }) => [{ flowId: ordersFlow, key: String(order.orderId) }],
  businessDate: ({ createdAt }, settings) => dayIn(refundFlowSettings.parse(settings).timeZone, createdAt),
};

async function writeDocumentNumber({
  payload,
  result,
  settings,
  source,
  scope,
}: AcknowledgeInput<RefundPayload, BigCommerceSession>): Promise<void> {
  if (!refundFlowSettings.parse(settings).writeBack) return;
  const key = { namespace: 'sap', key: `fi_refund_${payload.refundId}` };
  const { orderId } = payload.order;
  const hasDocument = !result.targetId.startsWith('none ');
  if (!hasDocument && (await source.orders.metafield(orderId, key, scope)) === undefined) return;
  await source.orders.setMetafield(orderId, key, hasDocument ? result.targetId : 'reversed', scope);
}
