import { ordersFlow } from '../bigcommerce-ar/index.ts';
import type { PostResult, PostWait } from '../flow.ts';
import { postArDocuments, type ArPost } from '../sap-ar/index.ts';
import type { RefundPayload } from './payload.ts';
import { refundFlowSettings } from './settings.ts';

/** A credit memo stands on the invoice of its order: without that it waits. */
export async function postRefund(input: ArPost): Promise<PostResult | PostWait> {
  const { body, settings } = input;
  if (body.parts.length === 0) return postArDocuments(input);
  const { order } = input.payload as RefundPayload;
  const until = { flowId: ordersFlow, key: String(order.orderId) };
  const link = await input.linkOf(until);
  if (link && !link.targetId.startsWith('none ')) return postArDocuments(input);
  const { orderCheckMinutes } = refundFlowSettings.parse(settings);
  return {
    action: 'waiting',
    reason: {
      code: 'ORDER_NOT_IN_SAP',
      message: `${body.name} waits until order ${order.orderId} has a document in SAP; where that was posted by other means (before the start date), enter the credit memo by hand and skip this record`,
    },
    checkAfterMs: orderCheckMinutes * 60_000,
    until,
  };
}
