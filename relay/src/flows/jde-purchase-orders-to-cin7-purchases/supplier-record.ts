import type { FlowKey } from '../flow.ts';
import type { OrderPayload } from './payload.ts';

/** The record that has to be through before an order: its supplier's. */
export function supplierRecord(payload: OrderPayload): FlowKey | undefined {
  if (payload.kind === 'gone') return undefined;
  return { flowId: 'jde-suppliers-to-cin7-suppliers', key: payload.order.supplier };
}
