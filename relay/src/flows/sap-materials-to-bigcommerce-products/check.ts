import { isAmount } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import { longestName } from './map.ts';
import type { ProductBody } from './payload.ts';

/** What overrides must leave in place: a name that the store takes, and values of the right kind. */
export function checkProduct(body: ProductBody): BlockReason[] {
  if (body.action !== 'upsert') return [];
  const { name, description, weightKg, gtin, upc, mpn, ...unknown } = body.product;
  const reasons: BlockReason[] = [];
  const broken = (field: string, message: string): void =>
    void reasons.push({ code: 'OVERRIDE_RESULT_INVALID', message: `the override of ${field} ${message}` });
  for (const field of Object.keys(unknown)) broken(field, 'names a field that products of this flow do not have');
  for (const [field, value] of Object.entries({ name, description, weightKg, gtin, upc, mpn }))
    if (value !== undefined && typeof value !== 'string') broken(field, 'must give a text');
  if (reasons.length > 0) return reasons;
  if (name?.trim() === '') broken('name', 'leaves the product without a name');
  if (name !== undefined && name.length > longestName) broken('name', `gives more than ${longestName} characters`);
  if (weightKg !== undefined && (!isAmount(weightKg) || weightKg.startsWith('-')))
    broken('weightKg', 'must give a decimal number of kilograms');
  for (const [field, value] of Object.entries({ gtin, upc }))
    if (value !== undefined && !/^\d{0,14}$/.test(value)) broken(field, 'must give up to 14 digits');
  return reasons;
}
