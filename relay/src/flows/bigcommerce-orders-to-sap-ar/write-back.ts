import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { OrderPayload } from '../bigcommerce-ar/index.ts';
import type { AcknowledgeInput } from '../flow.ts';
import { orderFlowSettings } from './settings.ts';

export const documentMetafield = { namespace: 'sap', key: 'fi_document' } as const;

/** Writes the document number to the order, where people of the store see which document it is (facts/bigcommerce.md 8). */
export async function writeDocumentNumber(input: AcknowledgeInput<OrderPayload, BigCommerceSession>): Promise<void> {
  const { payload, result, settings, source, scope } = input;
  if (!orderFlowSettings.parse(settings).writeBack) return;
  const hasDocument = !result.targetId.startsWith('none ');
  const { orderId } = payload;
  if (!hasDocument && (await source.orders.metafield(orderId, documentMetafield, scope)) === undefined) return;
  await source.orders.setMetafield(orderId, documentMetafield, hasDocument ? result.targetId : 'reversed', scope);
}
