import type { Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import type { JdeSupplier } from '../../systems/jde/index.ts';
import type { MapOutcome } from '../flow.ts';
import type { SupplierBody } from '../cin7-suppliers/index.ts';
import { mapSupplier } from './map.ts';
import { bodyOf, mapping, supplier, withMaster } from './testing/samples.ts';

const map = (one: Partial<JdeSupplier>, settings: Record<string, unknown> = {}, entries = {}): MapOutcome<SupplierBody> =>
  mapSupplier({ kind: 'supplier', environment: 'JPD920', supplier: supplier(one) }, mapping(settings, entries));
const supplierOf = (one: Partial<JdeSupplier>, settings: Record<string, unknown> = {}): Cin7SupplierBody =>
  bodyOf(supplier(one), settings).supplier;

test('an ordinary supplier becomes one of Cin7 Core', () => {
  expect(map({}, { attributeSet: 'JD Edwards' })).toEqual({
    outcome: 'mapped',
    notes: [],
    body: {
      action: 'upsert',
      number: '6001 (JPD920)',
      supplier: {
        Name: 'Müller Maschinenbau GmbH',
        Currency: 'EUR',
        PaymentTerm: '30 days',
        AccountPayable: '800',
        TaxRule: 'Tax on Purchases',
        Status: 'Active',
        Comments: 'JDE supplier 6001 (JPD920)',
        TaxNumber: 'DE123456789',
        AttributeSet: 'JD Edwards',
        AdditionalAttribute1: '6001 (JPD920)',
        Addresses: [
          {
            Line1: 'Industriestraße 12a',
            Line2: '',
            City: 'Köln',
            State: 'NW',
            Postcode: '50667',
            Country: 'Germany',
            Type: 'Business',
            DefaultForType: true,
          },
        ],
        Contacts: [
          {
            Name: 'Müller Maschinenbau GmbH',
            Phone: '0221 4711',
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

test.each<[string, Partial<JdeSupplier>, Record<string, unknown>, string]>([
  ['the mailing name', {}, {}, 'Müller Maschinenbau GmbH'],
  ['the alpha name when asked for', {}, { nameFrom: 'alpha-name' }, 'MUELLER, MASCHINENBAU'],
  ['the alpha name where there is no mailing name', { mailingName: ' ' }, {}, 'MUELLER, MASCHINENBAU'],
  ['the mailing name where there is no alpha name', { alphaName: '' }, { nameFrom: 'alpha-name' }, 'Müller Maschinenbau GmbH'],
  ['Chinese', { mailingName: '上海精密机械有限公司' }, {}, '上海精密机械有限公司'],
  ['umlauts typed as two characters', { mailingName: 'Mu\u0308ller  AG' }, {}, 'Müller AG'],
  ['apostrophes', { mailingName: "O'Brien & Sons Ltd." }, {}, "O'Brien & Sons Ltd."],
])('%s', (_what, one, settings, expected) => {
  expect(supplierOf(one, settings).Name).toBe(expected);
});

const address = (more: Partial<NonNullable<JdeSupplier['address']>>): Partial<JdeSupplier> => ({
  address: { ...supplier().address!, ...more },
});
test.each<[string, Partial<JdeSupplier>, Record<string, string> | undefined]>([
  ['blank lines between', address({ lines: ['', 'c/o Lager Süd', '', 'Hafen 7'] }), { Line1: 'c/o Lager Süd', Line2: 'Hafen 7' }],
  ['four lines', address({ lines: ['a', 'b', 'c', 'd'] }), { Line1: 'a', Line2: 'b, c, d' }],
  ['a city alone', address({ lines: ['', '', '', ''] }), { Line1: 'Köln', City: 'Köln' }],
  ['nothing but a country', address({ lines: ['', '', '', ''], city: '' }), undefined],
  ['no address in effect', { address: undefined }, undefined],
  ['a county and no state', address({ state: '', county: 'Kent' }), { State: 'Kent' }],
  ['a code of the site itself', address({ country: 'SCO' }), { Country: 'SCO' }],
  ['a code that ISO does not know', address({ country: 'ZZ' }), { Country: 'ZZ' }],
  ['another country', address({ country: 'JP' }), { Country: 'Japan' }],
  ['a postal code of 12 characters', address({ postalCode: '123456-12345' }), { Postcode: '123456-12345' }],
])('an address with %s', (_what, one, expected) => {
  const [first] = supplierOf(one).Addresses;
  if (expected) expect(first).toMatchObject(expected);
  else expect(first).toBeUndefined();
});

test('without an address, and with a country of the site, a note says so', () => {
  expect(map({ address: undefined })).toMatchObject({ notes: ['the supplier has no address in JD Edwards'] });
  expect(map(address({ country: 'SCO' }))).toMatchObject({ notes: [expect.stringContaining('country SCO is no code of ISO 3166')] });
});

test('a value map names countries better than ISO does, and a blank country is the one at home', () => {
  const entries = { countries: { GB: 'UK' } };
  expect(map(address({ country: 'GB' }), {}, entries)).toMatchObject({ body: { supplier: { Addresses: [{ Country: 'UK' }] } } });
  expect(supplierOf(address({ country: '' }), { defaultCountry: 'Germany' }).Addresses).toMatchObject([{ Country: 'Germany' }]);
  expect(map(address({ country: '' }))).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'COUNTRY_MISSING' }] });
});

test('with the policy to block, every country needs an entry', () => {
  const passing = mapping();
  const strict = { ...passing, lookup: (id: string, code = '') => (id === 'countries' ? undefined : passing.lookup(id, code)) };
  expect(mapSupplier({ kind: 'supplier', environment: 'JPD920', supplier: supplier() }, strict)).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'VALUE_MAP_MISSING', missing: { valueMapId: 'countries', code: 'DE' } }],
  });
});

const phones = [
  { type: 'HOM', prefix: '0221', number: '99' },
  { type: 'FAX', prefix: '0221', number: '4712' },
  { type: 'CELL', prefix: '', number: '+49 170 1' },
  { type: 'BUS', prefix: '0221', number: '1' },
  { type: '', prefix: '0221', number: '4711' },
];
test.each<[string, Partial<JdeSupplier>, Record<string, unknown>, Partial<Cin7SupplierBody['Contacts'][number]>]>([
  ['phones by their types', { phones }, {}, { Phone: '0221 4711', MobilePhone: '+49 170 1', Fax: '0221 4712' }],
  ['other types by setting', { phones }, { phoneTypes: { business: ['HOM'], fax: [] } }, { Phone: '0221 99', Fax: '' }],
  ['no phone', { phones: [] }, {}, { Phone: '', MobilePhone: '', Fax: '' }],
])('%s', (_what, one, settings, expected) => {
  expect(supplierOf(one, settings).Contacts).toMatchObject([expected]);
});

test('each further e-mail is a contact of its own, once; internet addresses are none', () => {
  const electronicAddresses = [
    { type: 'I', address: 'www.acme.example' },
    { type: 'E', address: 'main@acme.example' },
    { type: 'E', address: 'Main@Acme.example' },
    { type: 'E', address: 'second@acme.example' },
  ];
  expect(supplierOf({ electronicAddresses }).Contacts).toMatchObject([
    { Email: 'main@acme.example', Default: true },
    { Name: 'second@acme.example', Email: 'second@acme.example', Default: false },
  ]);
});

test.each<[string, Partial<JdeSupplier>, Record<string, unknown>, Partial<Cin7SupplierBody>]>([
  ['a currency of its own', withMaster({ currency: 'JPY' }), { defaultCurrency: 'EUR' }, { Currency: 'JPY' }],
  ['no currency, a default', withMaster({ currency: '' }), { defaultCurrency: 'USD' }, { Currency: 'USD' }],
  ['an additional tax id where there is no tax id', { taxId: '', additionalTaxId: '12/345' }, {}, { TaxNumber: '12/345' }],
  ['the additional tax id when asked for', { additionalTaxId: '12/345' }, { taxNumberFrom: 'additional-tax-id' }, { TaxNumber: '12/345' }],
  ['an account payable by G/L class', {}, { accountPayable: undefined }, { AccountPayable: '800' }],
])('%s', (_what, one, settings, expected) => {
  expect(supplierOf(one, settings)).toMatchObject(expected);
});

test('a tax id that is not there, or not shown, leaves the one in Cin7 Core as it is', () => {
  expect(supplierOf({ taxId: '' })).not.toHaveProperty('TaxNumber');
});

const taxRules = { '-/V': 'by explanation', DE19: 'by area', 'DE19/V': 'by both', 'DE19/-': 'by area alone' };
test.each<[string, string, Partial<JdeSupplier['master']>, string]>([
  ['one-rule', 'one rule for all', {}, 'Tax on Purchases'],
  ['explanation', 'the explanation code', {}, 'by explanation'],
  ['area', 'the tax area', {}, 'by area'],
  ['area-and-explanation', 'both', {}, 'by both'],
  ['area-and-explanation', 'an area without explanation code', { taxExplanation: '' }, 'by area alone'],
  ['area', 'no tax area: the rule for all', { taxArea: '' }, 'Tax on Purchases'],
  ['area-and-explanation', 'an explanation that has no entry: the area', { taxExplanation: 'E' }, 'by area'],
  ['area-and-explanation', 'an explanation without area', { taxArea: '' }, 'by explanation'],
  ['area-and-explanation', 'neither: the rule for all', { taxArea: '', taxExplanation: '' }, 'Tax on Purchases'],
])('tax rule with taxBy %s, %s', (taxBy, _what, more, expected) => {
  const outcome = map(withMaster(more), { taxBy }, { 'tax-rules': taxRules });
  expect(outcome).toMatchObject({ body: { supplier: { TaxRule: expected } } });
});

test.each<[string, Partial<JdeSupplier>, Record<string, unknown>, Cin7SupplierBody['Status'], string[]]>([
  ['payments held', withMaster({ isPaymentHeld: true }), {}, 'Active', ['payments are held in JD Edwards']],
  [
    'payments held, which deprecates',
    withMaster({ isPaymentHeld: true }),
    { paymentHeld: 'deprecate' },
    'Deprecated',
    ['payments are held in JD Edwards'],
  ],
  ['orders held', withMaster({ holdCode: 'B1' }), {}, 'Active', ['orders are held in JD Edwards (hold code B1)']],
  [
    'orders held, which deprecates',
    withMaster({ holdCode: 'B1' }),
    { orderHold: 'deprecate' },
    'Deprecated',
    ['orders are held in JD Edwards (hold code B1)'],
  ],
  ['a search type for those no longer used', { searchType: 'VX' }, { deprecatedSearchTypes: ['VX'] }, 'Deprecated', []],
  [
    'a search type for those no longer used, which is not included',
    { searchType: 'VX' },
    { deprecatedSearchTypes: ['VX'], searchTypes: { include: ['V'] } },
    'Deprecated',
    [],
  ],
])('a supplier with %s', (_what, one, settings, status, notes) => {
  expect(map(one, settings)).toMatchObject({ notes, body: { supplier: { Status: status } } });
});

test.each<[string, Partial<JdeSupplier>, Record<string, unknown>, string]>([
  ['an employee', { searchType: 'E' }, {}, 'search type E is excluded'],
  ['of another type', { searchType: 'C' }, { searchTypes: { include: ['V', 'VS'] } }, 'search type C is not among V, VS'],
  ['of no type', { searchType: '' }, { searchTypes: { include: ['V'] } }, 'search type that is empty is not among V'],
])('a supplier that is %s is skipped, with the reason', (_what, one, settings, reason) => {
  expect(map(one, settings)).toEqual({ outcome: 'skipped', reason });
});

test('everything that is missing is told at once', () => {
  const strange = withMaster({ paymentTerms: '', currency: '', glClass: 'XXXX', taxExplanation: 'Z' });
  expect(map({ ...strange, mailingName: '', alphaName: ' ' }, { accountPayable: undefined, taxBy: 'explanation' })).toEqual({
    outcome: 'blocked',
    reasons: [
      { code: 'NAME_EMPTY', message: 'the supplier has neither mailing name nor alpha name in JD Edwards' },
      {
        code: 'VALUE_MAP_MISSING',
        message: 'payment terms that is empty has no entry in the value map payment-terms',
        missing: { valueMapId: 'payment-terms', code: '(empty)' },
      },
      {
        code: 'VALUE_MAP_MISSING',
        message: 'G/L class XXXX has no entry in the value map gl-classes',
        missing: { valueMapId: 'gl-classes', code: 'XXXX' },
      },
      { code: 'CURRENCY_MISSING', message: 'the supplier has no currency in JD Edwards, and no defaultCurrency is set' },
      {
        code: 'VALUE_MAP_MISSING',
        message: 'tax code -/Z has no entry in the value map tax-rules',
        missing: { valueMapId: 'tax-rules', code: '-/Z' },
      },
    ],
  });
});

test('what is too long for Cin7 Core is cut between characters, and noted', () => {
  const outcome = map({ ...address({ lines: ['x'.repeat(300), '', '', ''] }), mailingName: `${'x'.repeat(242)}𠮷野家` });
  expect(outcome).toMatchObject({ body: { supplier: { Name: 'x'.repeat(242), Addresses: [{ Line1: 'x'.repeat(256) }] } } });
  expect(outcome).toMatchObject({
    notes: [expect.stringContaining('Name is cut from 246'), expect.stringContaining('Line1 is cut from 300')],
  });
});

test('a supplier that JD Edwards no longer has is deprecated', () => {
  expect(mapSupplier({ kind: 'gone', environment: 'JPD920', number: '6001' }, mapping())).toEqual({
    outcome: 'mapped',
    body: { action: 'deprecate', number: '6001 (JPD920)' },
    notes: [],
  });
});

test.each([
  ['an unknown setting', { searchType: ['V'] }, 'searchType'],
  ['a type included and excluded', { searchTypes: { include: ['V'], exclude: ['V'] } }, 'both included and excluded'],
  ['a currency that is none', { defaultCurrency: 'Euro' }, 'defaultCurrency'],
  ['no tax rule', { taxRule: undefined }, 'taxRule'],
])('%s is refused', (_what, settings, message) => {
  expect(() => map({}, settings)).toThrow(message);
});
