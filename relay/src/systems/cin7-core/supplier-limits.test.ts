import { checkLimits } from './supplier-limits.ts';
import type { Cin7SupplierBody } from './types.ts';

const body: Cin7SupplierBody = {
  Name: 'ACME',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'Active',
  Addresses: [{ Line1: 'Street 1', Country: 'Germany', Type: 'Business', DefaultForType: true }],
  Contacts: [{ Name: 'Sales', Default: true }],
};
const [address] = body.Addresses;

test('a body within the limits passes', () => {
  expect(() => checkLimits({ ...body, Name: 'Ä'.repeat(256) }, 'creating')).not.toThrow();
});

test.each<[string, Partial<Cin7SupplierBody>, string]>([
  ['a long name', { Name: 'x'.repeat(257) }, 'Name has 257 characters, 256 are allowed'],
  ['a blank name', { Name: '  ' }, 'Name is empty, Cin7 Core requires it'],
  [
    'a long postcode',
    { Addresses: [{ ...address!, Postcode: '1'.repeat(21) }] },
    'Addresses[0].Postcode has 21 characters, 20 are allowed',
  ],
  ['an address without a country', { Addresses: [{ ...address!, Country: '' }] }, 'Addresses[0].Country is empty'],
  [
    'a long phone number',
    { Contacts: [{ Name: 'A', Phone: '0'.repeat(51), Default: true }] },
    'Contacts[0].Phone has 51 characters, 50 are allowed',
  ],
])('%s is refused before anything is sent', (_what, wrong, message) => {
  expect(() => checkLimits({ ...body, ...wrong }, 'creating supplier ACME')).toThrow(
    expect.objectContaining({ code: 'CIN7_FIELD_INVALID', verdict: 'refused', message: expect.stringContaining(message) }),
  );
});

test('all problems are named at once', () => {
  expect(() => checkLimits({ ...body, TaxRule: '', Currency: '' }, 'creating')).toThrow(/Currency is empty.*TaxRule is empty/);
});
