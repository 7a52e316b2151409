import { SystemError } from '@ml-connector/shared';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import { ordersFlow } from '../bigcommerce-ar/index.ts';
import type { PostInput, PostResult, PostWait, ProbeOutcome } from '../flow.ts';
import { labelOf, shipmentKey, type ShipmentPayload } from './payload.ts';
import { shipmentFlowSettings, type ShipmentValue } from './settings.ts';

export type ShipmentPost = PostInput<ShipmentPayload, ShipmentBody, unknown, SapSession>;

/** What is noted, by the names that the settings know. */
export type ShipmentBody = Partial<Record<ShipmentValue, string>>;

const waitForOrderMs = 15 * 60_000;

/** Calls the customer's function module for the order's document, where there is one; the order's record is told in any case. */
export async function postShipment(input: ShipmentPost): Promise<PostResult | PostWait> {
  const { record, payload, body, target, scope, settings } = input;
  const { functionModule, parameters } = shipmentFlowSettings.parse(settings);
  const orderKey = String(payload.orderId);
  if (functionModule === '') return resultOf(payload, 'unchanged');
  const link = await input.linkOf({ flowId: ordersFlow, key: orderKey });
  const document = link && /^(\w{1,4})\/(\w{10})\/(\d{4})/.exec(link.targetId);
  // Most orders pass through statuses before anything of them is posted, and some are never.
  if (!document && payload.kind === 'status') return resultOf(payload, 'unchanged');
  if (!document)
    return {
      action: 'waiting',
      reason: { code: 'ORDER_NOT_IN_SAP', message: `${labelOf(payload)} waits until the order has a document in SAP` },
      checkAfterMs: waitForOrderMs,
      until: { flowId: ordersFlow, key: orderKey },
    };
  const [, companyCode = '', documentNumber = '', fiscalYear = ''] = document;
  const values: ShipmentBody = { ...body, companyCode, documentNumber, fiscalYear };
  const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, values[value] ?? '']));
  if (!(await target.hasFunction(functionModule, scope)))
    throw new SystemError('SAP_FUNCTION_UNKNOWN', 'refused', `${labelOf(payload)}: SAP has no function module ${functionModule}`, {
      fix: 'Correct the setting functionModule of the flow, or leave it empty; then replay.',
    });
  await target.unit({ unitId: `${record.id}.${record.attempt}`, calls: [{ function: functionModule, parameters: given }] }, scope);
  return resultOf(payload, 'updated');
}

/** Its module bears being called twice, so that what is not known is done again. */
export function probeShipment(): Promise<ProbeOutcome> {
  return Promise.resolve({ outcome: 'absent' });
}

function resultOf(payload: ShipmentPayload, action: PostResult['action']): PostResult {
  const { orderId, kind, ...data } = payload;
  const tells = [{ flowId: ordersFlow, key: String(orderId), event: kind === 'status' ? 'status changed' : 'shipped', data }];
  return { targetId: `order ${shipmentKey(payload)}`, targetLabel: labelOf(payload), action, tells };
}
