import { toSupplier, type Row } from './rows.ts';
import { supplierChanges, type SupplierChanges } from './supplier-changes.ts';
import type { Cin7SupplierBody } from './types.ts';

const held: Row = {
  ID: 'AB0C0000-0000-4000-8000-000000000001',
  Name: 'Müller GmbH',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'ACTIVE',
  Discount: 0,
  Comments: 'line one\r\nline two ',
  TaxNumber: 123,
  AttributeSet: 'SAP',
  AdditionalAttribute1: '0000100123',
  Addresses: [
    {
      ID: 'A1',
      Line1: 'Hauptstr. 1',
      Line2: 'c/o Lager',
      City: 'Köln',
      State: null,
      Postcode: '50667',
      Country: 'Germany',
      Type: 'BUSINESS',
      DefaultForType: 'true',
      SupplierID: 'AB0C',
    },
    { ID: 'A2', Line1: 'By hand 5', City: 'Bonn', Country: 'Germany', Type: 'Business', DefaultForType: false },
    { ID: 'A3', Line1: 'Postfach 7', City: 'Köln', Country: 'Germany', Type: 'Billing', DefaultForType: true },
  ],
  Contacts: [
    { ID: 'C1', Name: 'Einkauf', Phone: '+49 221 1', Email: 'einkauf@mueller.example', Website: 'mueller.example', Default: true },
    { ID: 'C2', Name: 'Li Wei', MobilePhone: '+86 10', Email: '', Default: false },
  ],
};

const body: Cin7SupplierBody = {
  Name: 'Müller GmbH',
  Currency: 'eur',
  PaymentTerm: '30 Days',
  AccountPayable: '800',
  TaxRule: 'Tax on purchases',
  Status: 'Active',
  Comments: 'line one\nline two',
  TaxNumber: '123',
  Addresses: [
    {
      Line1: 'HAUPTSTR. 1',
      Line2: 'c/o Lager',
      City: 'Köln',
      Postcode: '50667',
      Country: 'Germany',
      Type: 'Business',
      DefaultForType: true,
    },
  ],
  Contacts: [{ Name: 'Einkauf', Phone: '+49 221 1', Email: 'einkauf@mueller.example', Default: true }],
};
const address = body.Addresses[0]!;
const contact = body.Contacts[0]!;

function changesTo(wanted: Partial<Cin7SupplierBody>): SupplierChanges {
  return supplierChanges(toSupplier(held), held, { ...body, Addresses: [{ ...address, Line1: 'Hauptstr. 1' }], ...wanted });
}

test('case of references and enumerations, line ends, numbers for texts and null for empty are no changes', () => {
  expect(changesTo({}).changed).toEqual([]);
});

test.each<[string, Partial<Cin7SupplierBody>, string[]]>([
  ['a new payment term', { PaymentTerm: '14 days' }, ['PaymentTerm']],
  ['deprecated', { Status: 'Deprecated' }, ['Status']],
  ['a name in other letters', { Name: 'MÜLLER GmbH' }, ['Name']],
  ['a cleared comment', { Comments: '' }, ['Comments']],
  ['another spelling of the street', { Addresses: [address] }, ['Addresses[Business].Line1']],
  [
    'a left-out part of the address, which is then empty',
    { Addresses: [{ ...address, Line1: 'Hauptstr. 1', Line2: '' }] },
    ['Addresses[Business].Line2'],
  ],
  ['a phone number', { Contacts: [{ ...contact, Phone: '+49 221 2' }] }, ['Contacts[Einkauf].Phone']],
  ['another name for the same e-mail', { Contacts: [{ ...contact, Name: 'Purchasing' }] }, ['Contacts[Purchasing].Name']],
  [
    'another name and e-mail for the same phone number',
    { Contacts: [{ Name: 'Purchasing', Phone: '+49 221 1', Email: 'buy@mueller.example', Default: true }] },
    ['Contacts[Purchasing].Name', 'Contacts[Purchasing].Email'],
  ],
  ['a left-out phone number, which stays', { Contacts: [{ Name: 'Einkauf', Default: true }] }, []],
])('%s', (_what, wanted, changed) => {
  expect(changesTo(wanted).changed).toEqual(changed);
});

test('a PUT names the required fields and what changed, and leaves lists without a change alone', () => {
  expect(changesTo({ TaxNumber: '124' }).put).toEqual({
    Name: 'Müller GmbH',
    Currency: 'eur',
    PaymentTerm: '30 Days',
    AccountPayable: '800',
    TaxRule: 'Tax on purchases',
    Status: 'Active',
    TaxNumber: '124',
  });
});

test('a list is sent whole, with the IDs of the entries and the fields we know nothing of', () => {
  const { put } = changesTo({ Contacts: [{ ...contact, Phone: '+49 221 2' }] });
  expect(put['Contacts']).toEqual([
    { ID: 'C1', Name: 'Einkauf', Phone: '+49 221 2', Email: 'einkauf@mueller.example', Website: 'mueller.example', Default: true },
    (held['Contacts'] as Row[])[1],
  ]);
  expect(put['Addresses']).toBeUndefined();
});

test('a vendor who moved keeps the entry of the default address; one added by hand stays as it is', () => {
  const { put, changed } = changesTo({ Addresses: [{ ...address, Line1: 'Neue Straße 2', Line2: '', City: 'Hürth' }] });
  expect(changed).toEqual(['Addresses[Business].Line1', 'Addresses[Business].Line2', 'Addresses[Business].City']);
  const [moved, byHand, billing] = put['Addresses'] as Row[];
  expect(moved).toMatchObject({ ID: 'A1', Line1: 'Neue Straße 2', City: 'Hürth', Type: 'Business' });
  expect(moved).not.toHaveProperty('SupplierID');
  expect([byHand, billing]).toEqual((held['Addresses'] as Row[]).slice(1));
});

test('a new contact is added without ID and becomes the only default', () => {
  const { put, changed } = changesTo({ Contacts: [{ Name: 'Zhāng Wěi', Email: 'zhang@mueller.example', Default: true }] });
  expect(changed).toEqual(['Contacts[Zhāng Wěi]', 'Contacts[Einkauf].Default']);
  expect(put['Contacts']).toEqual([
    { ...(held['Contacts'] as Row[])[0], Default: false },
    (held['Contacts'] as Row[])[1],
    { Name: 'Zhāng Wěi', Email: 'zhang@mueller.example', Default: true },
  ]);
});

test('two contacts of one name and no e-mail match one entry each', () => {
  const twice = [
    { Name: 'Li Wei', Default: false },
    { Name: 'Li Wei', Default: false },
  ];
  expect(changesTo({ Contacts: [contact, ...twice] }).changed).toEqual(['Contacts[Li Wei]']);
});
