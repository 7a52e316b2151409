import { isSystemError } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import { customersOf, findMatch, salesAreaOf, type CustomerPost } from './candidates.ts';

/** What would stop this customer, as far as SAP can be asked without writing: who is there already, and whom to copy from. */
export async function tryOutCustomer(input: CustomerPost): Promise<BlockReason[]> {
  const { body, link, target, scope } = input;
  if (link) return [];
  try {
    if (await findMatch(input)) return [];
  } catch (error) {
    if (!isSystemError(error) || error.verdict !== 'refused') throw error;
    return [{ code: error.code, message: error.message }];
  }
  const { referenceCustomer } = body;
  const salesArea = salesAreaOf(input);
  if (await customersOf(target).existsIn(referenceCustomer, { salesArea }, scope)) return [];
  const { salesOrganisation, distributionChannel, division } = salesArea;
  const where = `${salesOrganisation}/${distributionChannel}/${division}`;
  return [{ code: 'REFERENCE_CUSTOMER_MISSING', message: `reference customer ${referenceCustomer} does not exist in sales area ${where}` }];
}
