import { alphaIn } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import { longestName } from './map.ts';
import { markerComment } from './marker.ts';
import type { SupplierBody } from './payload.ts';

/** What overrides must leave in place: the name, and the marks by which the supplier is found again instead of created twice. */
export function checkSupplier(body: SupplierBody): BlockReason[] {
  if (body.action !== 'upsert') return [];
  const { number, supplier } = body;
  const reasons: BlockReason[] = [];
  const broken = (field: string, message: string): void =>
    void reasons.push({ code: 'OVERRIDE_RESULT_INVALID', message: `the override of ${field} ${message}` });
  if (supplier.Name.trim() === '') broken('Name', 'leaves the supplier without a name');
  if (supplier.Name.length > longestName) broken('Name', `gives more than ${longestName} characters`);
  const marker = markerComment(number);
  if (!new RegExp(`\\b${marker.replaceAll(/[^\w ]/g, '\\$&')}(?![\\w])`).test(supplier.Comments ?? ''))
    broken('Comments', `must keep the text "${marker}", by which the supplier is found again`);
  if (supplier.AttributeSet !== undefined && alphaIn(supplier.AdditionalAttribute1?.trim() ?? '', 10) !== alphaIn(number, 10))
    broken('AdditionalAttribute1', 'must stay the vendor number, by which the supplier is found again');
  return reasons;
}
