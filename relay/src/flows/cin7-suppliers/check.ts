import type { BlockReason } from '../flow.ts';
import type { SupplierBody } from './body.ts';
import { longestName } from './marks.ts';
import type { SupplierWords } from './words.ts';

/** What overrides must leave in place: the name, and the marks by which the supplier is found again instead of created twice. */
export function checkSupplier(words: SupplierWords, body: SupplierBody): BlockReason[] {
  if (body.action !== 'upsert') return [];
  const { number, supplier } = body;
  const reasons: BlockReason[] = [];
  const broken = (field: string, message: string): void =>
    void reasons.push({ code: 'OVERRIDE_RESULT_INVALID', message: `the override of ${field} ${message}` });
  if (supplier.Name.trim() === '') broken('Name', 'leaves the supplier without a name');
  if (supplier.Name.length > longestName) broken('Name', `gives more than ${longestName} characters`);
  const mark = words.comment(number);
  if (!new RegExp(`\\b${mark.replaceAll(/[^\w ]/g, '\\$&')}(?![\\w])`).test(supplier.Comments ?? ''))
    broken('Comments', `must keep the text "${mark}", by which the supplier is found again`);
  if (supplier.AttributeSet !== undefined && words.inAttribute(supplier.AdditionalAttribute1?.trim() ?? '') !== number)
    broken('AdditionalAttribute1', `must stay the ${words.noun} number, by which the supplier is found again`);
  return reasons;
}
