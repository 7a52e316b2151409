import { SystemError } from '@ml-connector/shared';
import { missing, tooLong } from './field-limits.ts';
import type { Cin7SupplierBody } from './types.ts';

/** Lengths and required fields of facts/cin7.md 5. */
const supplierLengths = { Name: 256, Comments: 256, AdditionalAttribute1: 256 };
const addressLengths = { Line1: 256, Line2: 256, City: 256, State: 256, Postcode: 20 };
const contactLengths = { Name: 256, Phone: 50, MobilePhone: 50, Fax: 50, Email: 256 };
const supplierRequired = ['Name', 'Currency', 'PaymentTerm', 'AccountPayable', 'TaxRule', 'Status'];

/** Rejects with `refused` what Cin7 Core would refuse or cut, naming every field at once; nothing is sent. */
export function checkLimits(body: Cin7SupplierBody, doing: string): void {
  const problems = [
    ...missing('', body, supplierRequired),
    ...tooLong('', body, supplierLengths),
    ...body.Addresses.flatMap((address, index) => [
      ...missing(`Addresses[${index}].`, address, ['Line1', 'Country', 'Type']),
      ...tooLong(`Addresses[${index}].`, address, addressLengths),
    ]),
    ...body.Contacts.flatMap((contact, index) => [
      ...missing(`Contacts[${index}].`, contact, ['Name']),
      ...tooLong(`Contacts[${index}].`, contact, contactLengths),
    ]),
  ];
  if (problems.length === 0) return;
  throw new SystemError('CIN7_FIELD_INVALID', 'refused', `${doing}: ${problems.join('; ')}`, {
    fix: 'Correct the value in the source, or the mapping.',
    facts: { problems },
  });
}
