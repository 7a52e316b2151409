import type { Customer } from '../../systems/bigcommerce/index.ts';
import type { CustomerData } from '../../systems/sap-ecc/index.ts';
import { checkCustomer } from './check.ts';
import { mapCustomer } from './map.ts';
import { customerPayload } from './payload.ts';
import { customerFlowSettings } from './settings.ts';
import { address, bodyOf, customer, mapped, mapping, usualSettings } from './testing/samples.ts';

const sixty = 'Rheinisch-Westfälische Maschinenbau- und Anlagengesellschaft';

test('a person becomes a person, with everything that SAP demands', () => {
  expect(mapped(customer())).toEqual({
    outcome: 'mapped',
    notes: [],
    body: {
      name: 'customer 32',
      data: {
        kind: 'person',
        title: 'Ms.',
        names: [],
        firstName: 'Jürgen',
        lastName: 'Größl',
        street: 'Königsallee 12a',
        houseNumber: '',
        city: 'Düsseldorf',
        district: '',
        postalCode: '40212',
        country: 'DE',
        region: '',
        telephone: '+49 211 4711',
        email: 'J.Groessl@example.org',
        language: 'EN',
        currency: 'EUR',
      },
      referenceCustomer: '1000',
      paymentTerms: '',
      vatNumber: '',
      storeCreatedOn: '20260531',
    },
  });
});

interface Row {
  customer?: Partial<Customer>;
  settings?: Record<string, unknown>;
  maps?: Record<string, Record<string, string>>;
  data: Partial<CustomerData>;
  note?: string;
}

test.each<[string, Row]>([
  [
    'umlauts and an apostrophe',
    { customer: { last_name: 'O’Brien-Größl ', first_name: ' Siobhán' }, data: { firstName: 'Siobhán', lastName: 'O’Brien-Größl' } },
  ],
  [
    'Chinese names and places',
    {
      customer: {
        first_name: '小龙',
        last_name: '欧阳',
        addresses: [address({ address1: '南京西路 1266 号', city: '上海', postal_code: '200040', country_code: 'cn' })],
      },
      maps: { languages: { CN: 'ZH' }, currencies: { CN: 'CNY' } },
      data: { lastName: '欧阳', city: '上海', country: 'CN', language: 'ZH', currency: 'CNY' },
    },
  ],
  ['no last name', { customer: { last_name: '', first_name: 'Madonna' }, data: { firstName: '', lastName: 'Madonna' } }],
  [
    'the name of the address, where the account has none',
    { customer: { last_name: '', first_name: '', addresses: [address({ last_name: 'Weiß' })] }, data: { lastName: 'Weiß' } },
  ],
  [
    'a company of 60 characters, on two lines with the contact below',
    {
      customer: { company: sixty },
      data: {
        kind: 'company',
        title: 'Company',
        names: ['Rheinisch-Westfälische Maschinenbau- und', 'Anlagengesellschaft', 'Jürgen Größl'],
        lastName: '',
      },
    },
  ],
  [
    'a company without contact line',
    { customer: { company: 'Böhm & Co.' }, settings: { contactLine: false }, data: { names: ['Böhm & Co.'] } },
  ],
  [
    'a name of 200 characters, cut with a note',
    {
      customer: { company: 'x'.repeat(200) },
      data: { names: Array.from({ length: 4 }, () => 'x'.repeat(40)) },
      note: 'Name is cut to 4 lines',
    },
  ],
  [
    'characters of two units, which are not torn apart',
    {
      customer: { company: `a${'𠮷'.repeat(25)}` },
      settings: { contactLine: false },
      data: { names: [`a${'𠮷'.repeat(19)}`, '𠮷'.repeat(6)] },
    },
  ],
  [
    'a last name of 60 characters, cut with a note',
    { customer: { last_name: 'y'.repeat(60) }, data: { lastName: 'y'.repeat(40) }, note: 'Last name is cut from 60' },
  ],
  ['a company of the address', { customer: { addresses: [address({ company: 'Böhm KG' })] }, data: { kind: 'company' } }],
  ['no company by rule', { customer: { company: 'Böhm KG' }, settings: { kind: 'person' }, data: { kind: 'person' } }],
  [
    'a member of a group of companies',
    { customer: { customer_group_id: 3 }, settings: { companyGroups: [3] }, data: { kind: 'company', names: ['Jürgen Größl'] } },
  ],
  [
    'a second line behind the street',
    { customer: { addresses: [address({ address2: 'Apt 4' })] }, data: { street: 'Königsallee 12a, Apt 4' } },
  ],
  [
    'a second line as district',
    {
      customer: { addresses: [address({ address2: 'Kaiserswerth' })] },
      settings: { secondLine: 'district' },
      data: { street: 'Königsallee 12a', district: 'Kaiserswerth' },
    },
  ],
  [
    'a second line that is the only one',
    {
      customer: { addresses: [address({ address1: '', address2: 'Hof 1' })] },
      settings: { secondLine: 'district' },
      data: { street: 'Hof 1' },
    },
  ],
  [
    'a street of 80 characters, cut with a note',
    { customer: { addresses: [address({ address1: 's'.repeat(80) })] }, data: { street: 's'.repeat(60) }, note: 'Street is cut from 80' },
  ],
  ['a house number of its own', { settings: { splitHouseNumber: true }, data: { street: 'Königsallee', houseNumber: '12a' } }],
  [
    'a house number in front, left there',
    {
      customer: { addresses: [address({ address1: '221B Baker Street' })] },
      settings: { splitHouseNumber: true },
      data: { street: '221B Baker Street', houseNumber: '' },
    },
  ],
  ['the region of a state', { maps: { regions: { 'DE/Nordrhein-Westfalen': '05' } }, data: { region: '05' } }],
  ['a country that SAP names otherwise', { maps: { countries: { DE: 'D' } }, data: { country: 'D' } }],
  ['a language that is spelled like its country', { maps: { languages: { DE: 'DE' } }, data: { language: 'DE' } }],
  [
    'the first of two addresses, with a note',
    {
      customer: { addresses: [address(), address({ id: 61, city: 'Ulm' })] },
      data: { city: 'Düsseldorf' },
      note: '2 addresses in the store',
    },
  ],
  [
    'the commercial one of two addresses',
    {
      customer: { addresses: [address(), address({ id: 61, city: 'Ulm', address_type: 'commercial' })] },
      settings: { mainAddress: 'commercial' },
      data: { city: 'Ulm' },
      note: 'that of Ulm',
    },
  ],
  [
    'the complete one of two addresses',
    {
      customer: { addresses: [address({ address1: '' }), address({ id: 61, city: 'Ulm' })] },
      data: { city: 'Ulm' },
      note: 'address 60 lacks a street: address 61 counts',
    },
  ],
  [
    'a country without postal codes',
    {
      customer: { addresses: [address({ postal_code: '', country_code: 'HK' })] },
      settings: { postalCodeFallback: '00000' },
      data: { postalCode: '00000' },
      note: 'no postal code',
    },
  ],
  ['the telephone of the address', { customer: { phone: '' }, data: { telephone: '0211 4711' } }],
  [
    'a form of address told by a form field',
    {
      customer: { form_fields: [{ name: 'Anrede', value: 'Herr' }] },
      settings: { titleFrom: 'Anrede' },
      maps: { titles: { Herr: 'Mr.' } },
      data: { title: 'Mr.' },
    },
  ],
  [
    'a form of address that nobody has mapped',
    { customer: { form_fields: [{ name: 'Anrede', value: 'Dr.' }] }, settings: { titleFrom: 'Anrede' }, data: { title: 'Ms.' } },
  ],
])('%s', (_what, { customer: more = {}, settings = {}, maps = {}, data, note }) => {
  const entries = { 'reference-customers': { person: '1000', company: '1001' }, ...maps };
  const outcome = mapped(customer(more), settings, entries);
  expect(outcome).toMatchObject({ outcome: 'mapped', body: { data } });
  const notes = outcome.outcome === 'mapped' ? outcome.notes : [];
  if (note === undefined) expect(notes).toEqual([]);
  else expect(notes.join('\n')).toContain(note);
});

test.each([
  ['of country and group', { 'company/AT/3': 'A', 'company/AT': 'B', company: 'C' }, 'A'],
  ['of the country', { 'company/AT': 'B', 'company/3': 'D', company: 'C' }, 'B'],
  ['of the group', { 'company/3': 'D', company: 'C', person: 'P' }, 'D'],
  ['of companies', { 'company/DE': 'B', company: 'C' }, 'C'],
])('the reference customer %s', (_what, entries, expected) => {
  const one = customer({ company: 'Böhm', customer_group_id: 3, addresses: [address({ country_code: 'AT' })] });
  expect(mapped(one, {}, { 'reference-customers': entries })).toMatchObject({ body: { referenceCustomer: expected } });
});

test('payment terms come by customer group, the VAT number from the field that the settings name', () => {
  const one = customer({ customer_group_id: 3, attributes: [{ attribute_id: 7, name: 'UID', value: 'DE 123.456-789' }] });
  const outcome = mapped(one, { vatNumberFrom: 'UID' }, { 'reference-customers': { person: '1000' }, 'payment-terms': { '3': 'NT30' } });
  expect(outcome).toMatchObject({ body: { paymentTerms: 'NT30', vatNumber: 'DE123456789' } });
});

test.each<[string, Partial<Customer>, Record<string, unknown>, string[]]>([
  [
    'an address without a street',
    { addresses: [address({ address1: ' ' })] },
    {},
    ['ADDRESS_INCOMPLETE: SAP demands a street, the address has none'],
  ],
  [
    'an address of nothing',
    { addresses: [address({ address1: '', city: '', postal_code: '', country_code: '' })] },
    {},
    ['ADDRESS_INCOMPLETE: SAP demands a street, a city, a postal code, a country, the address has none'],
  ],
  [
    'no address, by setting',
    { addresses: [] },
    { withoutAddress: 'block' },
    ['ADDRESS_MISSING: the customer has no address, which SAP demands'],
  ],
  [
    'no name at all',
    { first_name: '', last_name: '', addresses: [address({ first_name: '', last_name: '' })] },
    {},
    ['NAME_EMPTY: neither the account nor its address has a name'],
  ],
  [
    'an e-mail address of 250 characters and a kind without reference customer, all told at once',
    { email: `${'e'.repeat(238)}@example.org`, company: 'Böhm' },
    {},
    [
      'EMAIL_UNUSABLE: the e-mail address has 250 characters, SAP takes 241',
      'VALUE_MAP_MISSING: no entry for "company" in the value map reference-customers',
    ],
  ],
])('%s waits for a person', (_what, more, settings, reasons) => {
  const outcome = mapped(customer(more), settings, { 'reference-customers': { person: '1000' } });
  expect(outcome.outcome === 'blocked' && outcome.reasons.map(({ code, message }) => `${code}: ${message}`)).toEqual(reasons);
});

test.each([
  ['a customer without an address', customer({ addresses: [] }), {}, 'has no address yet'],
  ['a customer of another group', customer({ customer_group_id: 2 }), { customerGroups: [1] }, 'customer group 2'],
])('%s is skipped', (_what, one, settings, reason) => {
  expect(mapped(one, settings)).toMatchObject({ outcome: 'skipped', reason: expect.stringContaining(reason) as string });
});

test('a customer who was deleted in the store stays in SAP', () => {
  expect(mapCustomer({ kind: 'gone', customerId: 32 }, mapping())).toMatchObject({ outcome: 'skipped' });
});

test('our own attribute and times of change make no new version', () => {
  const settings = customerFlowSettings.parse({ ...usualSettings, vatNumberFrom: 'UID' });
  const payload = (more: Partial<Customer>) => customerPayload(customer(more), { storeHash: 'abc123', settings });
  const written = { attributes: [{ attribute_id: 1, name: 'SAP Customer', value: '0000100023' }], date_modified: '2026-06-02T08:00:00Z' };
  expect(payload(written)).toEqual(payload({}));
  expect(payload({ form_fields: [{ name: 'UID', value: 'DE1' }] })).not.toEqual(payload({}));
});

test.each<[string, Partial<CustomerData>, number]>([
  ['nothing wrong', { city: 'Ulm', title: 'Mr.' }, 0],
  ['an empty city', { city: ' ' }, 1],
  ['a street that is too long', { street: 'x'.repeat(61) }, 1],
  ['another e-mail address', { email: 'other@example.org' }, 1],
  ['no name', { lastName: '' }, 1],
  ['an unknown kind', { kind: 'group' as never }, 1],
])('an override that makes %s', (_what, change, count) => {
  const body = bodyOf(customer());
  const payload = customerPayload(customer(), { storeHash: 'abc123', settings: customerFlowSettings.parse(usualSettings) });
  expect(checkCustomer({ ...body, data: { ...body.data, ...change } }, payload)).toHaveLength(count);
});
