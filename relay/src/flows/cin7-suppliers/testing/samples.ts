import type { Cin7SupplierBody } from '../../../systems/cin7-core/index.ts';
import { jdeSupplierWords } from '../../jde-suppliers-to-cin7-suppliers/words.ts';
import { sapVendorWords } from '../../sap-vendors-to-cin7-suppliers/words.ts';
import type { SupplierBody } from '../body.ts';
import type { SupplierWords } from '../words.ts';

export interface SampleSource {
  words: SupplierWords;
  /** The source's full number of its supplier 1. */
  numberOf: (digits: string) => string;
}

/** Every source of suppliers: what is done with them in Cin7 Core must be the same. */
export const sources: [string, SampleSource][] = [
  ['SAP vendors', { words: sapVendorWords, numberOf: (digits) => digits.padStart(10, '0') }],
  ['JDE suppliers', { words: jdeSupplierWords('JPD920'), numberOf: (digits) => `${digits} (JPD920)` }],
];

/** The body of Acme GmbH, Köln, under that number. */
export function acmeBody(
  words: SupplierWords,
  number: string,
  more: Partial<Cin7SupplierBody> = {},
): Extract<SupplierBody, { action: 'upsert' }> {
  return {
    action: 'upsert',
    number,
    supplier: {
      Name: 'Acme GmbH',
      Currency: 'EUR',
      PaymentTerm: '30 days',
      AccountPayable: '800',
      TaxRule: 'Tax on Purchases',
      Status: 'Active',
      Comments: words.comment(number),
      TaxNumber: 'DE123456789',
      Addresses: [],
      Contacts: [{ Name: 'Acme GmbH', Phone: '+49 221 4711', MobilePhone: '', Fax: '', Email: 'einkauf@acme.example', Default: true }],
      ...more,
    },
  };
}
