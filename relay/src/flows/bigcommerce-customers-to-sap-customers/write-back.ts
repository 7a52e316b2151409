import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { AcknowledgeInput } from '../flow.ts';
import type { CustomerPayload } from './payload.ts';
import { customerFlowSettings } from './settings.ts';

/** Writes the SAP number to the customer of the store, where its people see it (facts/bigcommerce.md 10). */
export async function writeCustomerNumber(input: AcknowledgeInput<CustomerPayload, BigCommerceSession>): Promise<void> {
  const { payload, result, settings, source, scope } = input;
  const { writeBack, attributeName } = customerFlowSettings.parse(settings);
  if (!writeBack || payload.kind !== 'customer') return;
  await source.customers.setAttribute(payload.customer.id, { name: attributeName, value: result.targetId }, scope);
}
