import type { BlockReason } from '../flow.ts';
import type { CustomerBody, CustomerPayload } from './payload.ts';

const longest = {
  street: 60,
  houseNumber: 10,
  city: 40,
  district: 40,
  postalCode: 10,
  telephone: 30,
  title: 30,
  firstName: 40,
  lastName: 40,
} as const;

/** What overrides must leave in place: what SAP demands, and the e-mail address by which the customer is found again. */
export function checkCustomer({ data }: CustomerBody, payload: CustomerPayload): BlockReason[] {
  const reasons: BlockReason[] = [];
  const broken = (field: string, message: string): void =>
    void reasons.push({ code: 'OVERRIDE_RESULT_INVALID', message: `the override of ${field} ${message}` });
  const demanded = ['street', 'city', 'postalCode', 'country', 'title', 'language', 'currency'] as const;
  for (const field of demanded) if (data[field].trim() === '') broken(field, 'leaves it empty, SAP demands it');
  for (const [field, most] of Object.entries(longest))
    if (data[field as keyof typeof longest].length > most) broken(field, `gives more than ${most} characters`);
  if (!['person', 'company'].includes(data.kind)) broken('kind', 'gives neither person nor company');
  if (data.names.length > 4 || data.names.some((line) => line.length > 40)) broken('names', 'gives more than four lines of 40 characters');
  if (data.kind === 'company' ? !data.names[0]?.trim() : !data.lastName.trim()) broken('names', 'leaves the customer without a name');
  const own = payload.kind === 'customer' ? payload.customer.email.trim() : '';
  if (data.email.toLowerCase() !== own.toLowerCase()) broken('email', 'must keep the e-mail address, by which the customer is found again');
  return reasons;
}
