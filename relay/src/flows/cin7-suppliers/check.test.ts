import { sapVendorWords } from '../sap-vendors-to-cin7-suppliers/words.ts';
import type { SupplierBody } from './body.ts';
import { checkSupplier } from './check.ts';

const supplier = {
  Name: "O'Brien & Söhne",
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '1600',
  TaxRule: 'Tax on Purchases',
  Status: 'Active' as const,
  Comments: 'SAP vendor 100123',
  AttributeSet: 'SAP',
  AdditionalAttribute1: '0000100123',
  Addresses: [],
  Contacts: [],
};
const body = (change: Partial<typeof supplier>): SupplierBody => ({
  action: 'upsert',
  number: '0000100123',
  supplier: { ...supplier, ...change },
});

test.each([
  ['a body as the flow makes it', {}],
  ['more text beside the mark', { Comments: 'key account 漢字\nSAP vendor 100123' }],
  ['the number without zeros', { AdditionalAttribute1: '100123' }],
])('%s is fine', (_what, change) => {
  expect(checkSupplier(sapVendorWords, body(change))).toEqual([]);
});

test.each([
  ['no name', { Name: ' ' }, /Name leaves the supplier without a name/],
  ['a name too long', { Name: 'ü'.repeat(244) }, /Name gives more than 243/],
  ['comments without the mark', { Comments: 'key account' }, /Comments must keep the text "SAP vendor 100123"/],
  ["another vendor's mark", { Comments: 'SAP vendor 1001234' }, /Comments must keep/],
  ['an attribute that is not the number', { AdditionalAttribute1: 'gold' }, /AdditionalAttribute1 must stay the vendor number/],
])('%s is refused', (_what, change, message) => {
  expect(checkSupplier(sapVendorWords, body(change))).toEqual([
    { code: 'OVERRIDE_RESULT_INVALID', message: expect.stringMatching(message) as string },
  ]);
});

test('a supplier that is only deprecated has nothing to check', () => {
  expect(checkSupplier(sapVendorWords, { action: 'deprecate', number: '0000100123' })).toEqual([]);
});
