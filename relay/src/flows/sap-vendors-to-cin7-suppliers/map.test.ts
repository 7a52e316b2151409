import type { Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import type { Vendor } from '../../systems/sap-ecc/index.ts';
import { mapVendor } from './map.ts';
import { bodyOf, companyCode, mapping, purchasingOrganisation, vendor } from './testing/samples.ts';

const map = (one: Partial<Vendor>, settings: Record<string, unknown> = {}, entries = {}) =>
  mapVendor({ kind: 'vendor', vendor: vendor(one) }, mapping(settings, entries));

test('an ordinary vendor becomes a supplier', () => {
  expect(map({}, { attributeSet: 'SAP' })).toEqual({
    outcome: 'mapped',
    notes: [],
    body: {
      action: 'upsert',
      number: '0000100123',
      supplier: {
        Name: 'Müller Maschinenbau GmbH',
        Currency: 'EUR',
        PaymentTerm: '30 days',
        AccountPayable: '800',
        TaxRule: 'Tax on Purchases',
        Status: 'Active',
        Comments: 'SAP vendor 100123',
        TaxNumber: 'DE123456789',
        AttributeSet: 'SAP',
        AdditionalAttribute1: '0000100123',
        Addresses: [
          {
            Line1: 'Industriestraße 12a',
            Line2: '',
            City: 'Köln',
            State: '05',
            Postcode: '50667',
            Country: 'Germany',
            Type: 'Business',
            DefaultForType: true,
          },
        ],
        Contacts: [
          {
            Name: 'Müller Maschinenbau GmbH',
            Phone: '+49 221 4711',
            MobilePhone: '',
            Fax: '',
            Email: 'einkauf@mueller.example',
            Default: true,
          },
        ],
      },
    },
  });
});

const supplierOf = (one: Partial<Vendor>, settings: Record<string, unknown> = {}): Cin7SupplierBody =>
  bodyOf(vendor(one), settings).supplier;

test.each<[string, [string, string, string, string], string]>([
  ['umlauts', ['Größe & Söhne', 'Öl-Großhandel', '', ''], 'Größe & Söhne Öl-Großhandel'],
  ['umlauts typed as two characters', ['Mu\u0308ller AG', '', '', ''], 'Müller AG'],
  ['Chinese', ['上海精密机械有限公司', '', '', ''], '上海精密机械有限公司'],
  ['an apostrophe', ["O'Brien & Sons Ltd", '', '', ''], "O'Brien & Sons Ltd"],
  [
    '35 characters to the brim',
    ['Internationale Speditionsgesellscha', 'ft Hamburg mbH', '', ''],
    'Internationale Speditionsgesellscha ft Hamburg mbH',
  ],
  ['blanks in front and between', ['  Acme   Corp ', ' Unit\u00a05 ', '', ''], 'Acme Corp Unit 5'],
  ['only the second line', ['', 'Nachname KG', '', ''], 'Nachname KG'],
])('a name with %s', (_what, names, expected) => {
  expect(supplierOf({ names }).Name).toBe(expected);
});

type Address = Partial<Vendor['address']>;
test.each<[string, Address, Partial<Cin7SupplierBody['Addresses'][number]> | undefined]>([
  ['street with its number in one field', { street: 'Hauptstr. 1', houseNumber: '' }, { Line1: 'Hauptstr. 1', Postcode: '50667' }],
  [
    'PO box only, with its own postal code',
    { street: '', houseNumber: '', poBox: '4711', poBoxPostcode: '50001' },
    { Line1: 'PO Box 4711', Postcode: '50001' },
  ],
  ['PO box only, without', { street: '', houseNumber: '', poBox: '4711' }, { Line1: 'PO Box 4711', Postcode: '50667' }],
  [
    'street and PO box',
    { poBox: '4711', poBoxPostcode: '50001', district: 'Deutz' },
    { Line1: 'Industriestraße 12a', Line2: 'Deutz, PO Box 4711', Postcode: '50667' },
  ],
  ['city only', { street: '', houseNumber: '' }, { Line1: 'Köln', City: 'Köln' }],
  ['nothing but a country', { street: '', houseNumber: '', city: '' }, undefined],
  ['a country without a name', { country: 'XK', countryName: '' }, { Country: 'XK' }],
  ['a postal code of more than 20 characters', { postcode: '1234567890 1234567890' }, { Postcode: '1234567890 123456789' }],
])('an address of %s', (_what, address, expected) => {
  const [first] = supplierOf({ address: { ...vendor().address, ...address } }).Addresses;
  if (expected) expect(first).toMatchObject(expected);
  else expect(first).toBeUndefined();
});

test('a value map gives a country another name than SAP has', () => {
  const address = { ...vendor().address, country: 'AE', countryName: 'Utd.Arab Emir.' };
  const outcome = map({ address }, {}, { countries: { AE: 'United Arab Emirates' } });
  expect(outcome).toMatchObject({ body: { supplier: { Addresses: [{ Country: 'United Arab Emirates' }] } } });
});

test('the third and fourth name go into the second line of the address', () => {
  expect(supplierOf({ names: ['Acme', 'Europe', 'Abt. Einkauf', 'z. Hd. Frau Šimić'] })).toMatchObject({
    Name: 'Acme Europe',
    Addresses: [{ Line2: 'Abt. Einkauf, z. Hd. Frau Šimić' }],
  });
});

test('each further e-mail is a contact of its own, the first stays with the company', () => {
  const { Contacts } = supplierOf({ emails: ['main@acme.example', 'second@acme.example'] });
  expect(Contacts).toMatchObject([
    { Email: 'main@acme.example', Phone: '+49 221 4711', Default: true },
    { Name: 'second@acme.example', Email: 'second@acme.example', Default: false },
  ]);
});

const two = [companyCode({ paymentTerms: '' }), companyCode({ code: '2000', currency: 'JPY', paymentTerms: 'ZB14' })];
test.each<[string, Partial<Vendor>, Record<string, unknown>, Partial<Cin7SupplierBody>]>([
  [
    'order currency of the purchasing organisation',
    { purchasingOrganisations: [purchasingOrganisation({ currency: 'USD' })] },
    {},
    { Currency: 'USD' },
  ],
  [
    'currency of the company code when asked for',
    { purchasingOrganisations: [purchasingOrganisation({ currency: 'USD' })] },
    { currencyFrom: 'company-code' },
    { Currency: 'EUR' },
  ],
  ['no order currency', { purchasingOrganisations: [purchasingOrganisation({ currency: '' })] }, {}, { Currency: 'EUR' }],
  [
    'the purchasing organisation that comes first in the settings',
    { purchasingOrganisations: [purchasingOrganisation(), purchasingOrganisation({ code: '3000', currency: 'CHF' })] },
    { purchasingOrganisations: ['3000', '1000'] },
    { Currency: 'CHF' },
  ],
  [
    'the company code that comes first in the settings',
    { companyCodes: two },
    { companyCodes: ['2000', '1000'] },
    { PaymentTerm: '14 days', Currency: 'JPY' },
  ],
  [
    'terms of purchasing where the company code has none',
    { companyCodes: [companyCode({ paymentTerms: '' })], purchasingOrganisations: [purchasingOrganisation()] },
    {},
    { PaymentTerm: '14 days' },
  ],
  [
    'tax number where there is no VAT number',
    { taxNumbers: { vat: '', first: '12/345/67890', second: '99' } },
    {},
    { TaxNumber: '12/345/67890' },
  ],
  ['no tax number at all', { taxNumbers: { vat: '', first: '', second: '99' } }, {}, { TaxNumber: '' }],
])('%s', (_what, one, settings, expected) => {
  expect(supplierOf(one, settings)).toMatchObject(expected);
});

test('terms of one company code out of two are noted', () => {
  expect(map({ companyCodes: [companyCode(), companyCode({ code: '2000' })] })).toMatchObject({
    notes: ['terms and reconciliation account are those of company code 1000'],
  });
});

const blockedIn = (...flags: boolean[]) =>
  flags.map((isPostingBlocked, index) => companyCode({ code: `${index + 1}000`, isPostingBlocked }));
test.each<[string, Partial<Vendor>, Record<string, unknown>, Cin7SupplierBody['Status']]>([
  ['flagged for deletion', { isDeletionFlagged: true }, {}, 'Deprecated'],
  ['flagged for deletion, blocks not counting', { isDeletionFlagged: true }, { deprecateBlocked: false }, 'Deprecated'],
  ['blocked for posting', { isPostingBlocked: true }, {}, 'Deprecated'],
  ['blocked for posting, blocks not counting', { isPostingBlocked: true }, { deprecateBlocked: false }, 'Active'],
  ['blocked for purchasing', { isPurchasingBlocked: true }, {}, 'Deprecated'],
  ['blocked in every company code', { companyCodes: blockedIn(true, true) }, {}, 'Deprecated'],
  ['blocked in one company code of two', { companyCodes: blockedIn(true, false) }, {}, 'Active'],
  ['blocked in the only company code that counts', { companyCodes: blockedIn(true, false) }, { companyCodes: ['1000'] }, 'Deprecated'],
  ['flagged in its company code', { companyCodes: [companyCode({ isDeletionFlagged: true })] }, { deprecateBlocked: false }, 'Deprecated'],
  [
    'blocked in its purchasing organisation',
    { purchasingOrganisations: [purchasingOrganisation({ isPurchasingBlocked: true })] },
    {},
    'Deprecated',
  ],
])('a vendor %s', (_what, one, settings, status) => {
  expect(supplierOf(one, settings).Status).toBe(status);
});

test.each<[string, Partial<Vendor>, Record<string, unknown>, string]>([
  ['one-time', { isOneTime: true }, {}, 'one-time vendors stand for many and are not transferred'],
  ['of an excluded group', { accountGroup: 'EMPL' }, { accountGroups: { exclude: ['EMPL'] } }, 'account group EMPL is excluded'],
  [
    'of another group',
    { accountGroup: 'EMPL' },
    { accountGroups: { include: ['KRED', 'LIEF'] } },
    'account group EMPL is not among KRED, LIEF',
  ],
  ['of another company code', {}, { companyCodes: ['2000', '3000'] }, 'the vendor has no data in company code 2000, 3000'],
  ['without a company code', { companyCodes: [] }, {}, 'the vendor has no company code data, so nothing can be paid to it'],
])('a vendor %s is skipped, with the reason', (_what, one, settings, reason) => {
  expect(map(one, settings)).toEqual({ outcome: 'skipped', reason });
});

test('everything that is missing is told at once', () => {
  const strange = companyCode({ paymentTerms: 'Z999', reconciliationAccount: '0000165000', currency: '' });
  expect(map({ names: [' ', '', '', ''], companyCodes: [strange] })).toEqual({
    outcome: 'blocked',
    reasons: [
      { code: 'NAME_EMPTY', message: 'the vendor has no name in SAP' },
      {
        code: 'VALUE_MAP_MISSING',
        message: 'payment terms Z999 has no entry in the value map payment-terms',
        missing: { valueMapId: 'payment-terms', code: 'Z999' },
      },
      {
        code: 'VALUE_MAP_MISSING',
        message: 'reconciliation account 165000 has no entry in the value map reconciliation-accounts',
        missing: { valueMapId: 'reconciliation-accounts', code: '165000' },
      },
      { code: 'CURRENCY_MISSING', message: 'neither purchasing organisation nor company code 1000 has a currency' },
    ],
  });
});

test('a vendor without payment terms waits for an entry that says what that means', () => {
  const without = { companyCodes: [companyCode({ paymentTerms: '' })] };
  expect(map(without)).toMatchObject({ outcome: 'blocked', reasons: [{ missing: { valueMapId: 'payment-terms', code: '(empty)' } }] });
  const entries = { 'payment-terms': { '(empty)': 'COD' } };
  expect(map(without, {}, entries)).toMatchObject({ outcome: 'mapped', body: { supplier: { PaymentTerm: 'COD' } } });
});

test('a name that leaves no room for a number is cut between characters, and noted', () => {
  const outcome = map({ names: [`${'x'.repeat(242)}𠮷野家`, '', '', ''] });
  expect(outcome).toMatchObject({ outcome: 'mapped', body: { supplier: { Name: 'x'.repeat(242) } } });
  expect(outcome).toMatchObject({ notes: [expect.stringContaining('Name is cut from 246 to 243 characters')] });
});

test('a vendor that SAP no longer has is deprecated', () => {
  expect(mapVendor({ kind: 'gone', number: '0000100123' }, mapping())).toEqual({
    outcome: 'mapped',
    body: { action: 'deprecate', number: '0000100123' },
    notes: [],
  });
});

test.each([
  ['an unknown setting', { companyCode: ['1000'] }, 'companyCode'],
  ['a group included and excluded', { accountGroups: { include: ['KRED'], exclude: ['KRED'] } }, 'both included and excluded'],
  ['a language SAP does not know', { language: 'XX' }, 'language'],
  ['no tax rule', { taxRule: undefined }, 'taxRule'],
])('%s is refused', (_what, settings, message) => {
  expect(() => map({}, settings)).toThrow(message);
});
