import { silentLog, systemClock } from '@ml-connector/shared';
import { testScope } from '../../testing/index.ts';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, type TableData } from '../testing/fake-sap.ts';
import { openCustomers } from './open-customers.ts';
import { customerWrites } from './reads.ts';
import type { CustomerData } from './types.ts';

const salesArea = { salesOrganisation: '1000', distributionChannel: '10', division: '00' };

function open(tables: TableData = customers) {
  const sap = fakeSap(tables);
  const answers = (answer: Record<string, unknown>): void => {
    for (const name of customerWrites) sap.functions.set(name, { parameters: [], run: () => answer });
  };
  answers({ CUSTOMERNO: '0000100045', RETURN: { TYPE: 'S', ID: 'F2', NUMBER: '174', MESSAGE: 'Customer will be created' } });
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  return { sap, answers, customers: openCustomers(session), scope: testScope() };
}

const email = (ADDRNUMBER: string, SMTP_ADDR: string, more = {}) => ({
  ADDRNUMBER,
  PERSNUMBER: '',
  SMTP_ADDR,
  SMTP_SRCH: SMTP_ADDR.toUpperCase().slice(0, 20),
  FLGDEFAULT: 'X',
  CONSNUMBER: '001',
  DATE_FROM: '00010101',
  ...more,
});
const customers: TableData = {
  KNA1: [
    {
      KUNNR: '0000000001',
      ADRNR: 'A1',
      STCEG: 'DE123456789',
      STCD1: '27/123',
      SORTL: 'BC-77',
      NAME1: 'Müller GmbH',
      NAME2: 'Köln',
      ANRED: 'Company',
    },
    { KUNNR: '0000000002', ADRNR: 'A2', STCEG: 'DE123456789', LOEVM: 'X' },
    { KUNNR: '0000000003', ADRNR: 'A3', KONZS: 'BC-77', STKZN: 'X', SPRAS: 'D', AUFSD: '01', LAND1: 'DE', KTOKD: '0001' },
  ],
  KNB1: [
    { KUNNR: '0000000001', BUKRS: '1000' },
    { KUNNR: '0000000003', BUKRS: '1000', LOEVM: 'X' },
  ],
  KNVV: [
    { KUNNR: '0000000001', VKORG: '1000', VTWEG: '10', SPART: '00', WAERS: '' },
    { KUNNR: '0000000001', VKORG: '1000', VTWEG: '20', SPART: '00', WAERS: 'EUR' },
  ],
  ADRC: [
    {
      ADDRNUMBER: 'A3',
      DATE_FROM: '00010101',
      NATION: '',
      NAME1: "O'Brien",
      NAME2: 'Siobhán',
      CITY1: 'Bonn',
      STREET: 'Am Hof',
      HOUSE_NUM1: '7a',
      COUNTRY: 'DE',
      SORT1: 'BIGCOMMERCE-4711',
    },
    { ADDRNUMBER: 'A3', DATE_FROM: '20250101', NATION: '', NAME1: 'Later', CITY1: 'Ulm' },
  ],
  ADR6: [
    email('A1', 'Einkauf@Mueller-Maschinenbau.example'),
    email('A2', 'einkauf@mueller-maschinenbau.example'),
    email('A3', 'einkauf@mueller-maschinenbau.test'),
    email('A3', 'Einkauf@mueller-maschinenbau.example', { PERSNUMBER: '0000000099' }),
  ],
};

test.each([
  ['an e-mail written in another way, to the last letter', { email: 'EINKAUF@mueller-maschinenbau.example' }, ['0000000001']],
  ['an e-mail of a contact person, or the beginning of one: no', { email: 'einkauf@mueller-maschinenbau' }, []],
  ['the VAT number of one that is alive', { vatNumber: 'DE123456789' }, ['0000000001']],
  ['the tax number', { taxNumber1: '27/123' }, ['0000000001']],
  ['a mark in either field', { searchTerm: 'bc-77' }, ['0000000001', '0000000003']],
  ['a long mark in the address', { searchTerm: 'BigCommerce-4711' }, ['0000000003']],
  ['any of several', { email: 'einkauf@mueller-maschinenbau.test', taxNumber1: '27/123' }, ['0000000001', '0000000003']],
  ['nothing asked', {}, []],
])('customers are found by %s', async (_what, search, numbers) => {
  const { customers: all, scope } = open();
  expect(await all.find(search, scope)).toEqual(numbers);
});

test('a person is read with the address of today', async () => {
  const { customers: all, scope } = open();
  expect(await all.get('3', scope)).toMatchObject({
    number: '0000000003',
    kind: 'person',
    firstName: 'Siobhán',
    lastName: "O'Brien",
    names: [],
    street: 'Am Hof',
    houseNumber: '7a',
    city: 'Bonn',
    email: 'einkauf@mueller-maschinenbau.test',
    language: 'DE',
    isBlocked: true,
    isDeleted: false,
  });
  expect(await all.get('1', scope)).toMatchObject({
    kind: 'company',
    names: ['Müller GmbH', 'Köln'],
    currency: 'EUR',
    vatNumber: 'DE123456789',
  });
  expect(await all.get('4', scope)).toBeUndefined();
});

test.each([
  ['in a company code', '1', { companyCode: '1000' }, true],
  ['marked for deletion there', '3', { companyCode: '1000' }, false],
  ['not in another one', '1', { companyCode: '2000' }, false],
  ['in a sales area', '1', { salesArea }, true],
  ['not in a neighbour', '1', { salesArea: { ...salesArea, division: '01' } }, false],
  ['in none, marked for deletion as a whole', '2', {}, false],
])('a customer exists %s', async (_what, number, place, isThere) => {
  const { customers: all, scope } = open();
  expect(await all.existsIn(number, place, scope)).toBe(isThere);
});

const company: CustomerData = {
  kind: 'company',
  title: 'Company',
  names: ['Żółć & Söhne', '上海分公司'],
  firstName: '',
  lastName: '',
  street: 'Hauptstraße',
  houseNumber: '1',
  city: 'Görlitz',
  district: '',
  postalCode: '02826',
  country: 'DE',
  region: '14',
  telephone: '+49 3581 1',
  email: 'kontor@zolc.example',
  language: 'de',
  currency: 'EUR',
};

test('a company is created as a copy of the reference customer', async () => {
  const { sap, customers: all, scope } = open();
  const request = { unitId: 'rec-1.1', data: company, salesArea, referenceCustomer: '100000', paymentTerms: '0001' };
  expect(await all.create(request, scope)).toBe('0000100045');
  expect(sap.units).toMatchObject([{ unitId: 'rec-1.1', commit: 'whenClean' }]);
  expect(sap.units[0]?.calls).toEqual([
    {
      function: 'BAPI_CUSTOMER_CREATEFROMDATA1',
      parameters: {
        PI_COMPANYDATA: {
          TITLE: 'Company',
          LANGU_ISO: 'DE',
          STREET: 'Hauptstraße',
          HOUSE_NO: '1',
          CITY: 'Görlitz',
          POSTL_COD1: '02826',
          COUNTRY: 'DE',
          REGION: '14',
          TEL1_NUMBR: '+49 3581 1',
          E_MAIL: 'kontor@zolc.example',
          CURRENCY: 'EUR',
          NAME: 'Żółć & Söhne',
          NAME_2: '上海分公司',
        },
        PI_OPT_COMPANYDATA: { PMNTTRMS: '0001' },
        PI_COPYREFERENCE: { SALESORG: '1000', DISTR_CHAN: '10', DIVISION: '00', REF_CUSTMR: '0000100000' },
      },
    },
  ]);
});

test('a person fills the other structure', async () => {
  const { sap, customers: all, scope } = open();
  const data: CustomerData = {
    ...company,
    kind: 'person',
    title: 'Ms',
    names: [],
    firstName: 'Siobhán',
    lastName: "O'Brien",
    language: 'EN',
  };
  await all.create({ unitId: 'rec-1.1', data, salesArea, referenceCustomer: 'SHOP' }, scope);
  const parameters = sap.units[0]?.calls[0]?.parameters;
  expect(Object.keys(parameters ?? {})).toEqual(['PI_PERSONALDATA', 'PI_COPYREFERENCE']);
  expect(parameters?.['PI_PERSONALDATA']).toMatchObject({ TITLE_P: 'Ms', FIRSTNAME: 'Siobhán', LASTNAME: "O'Brien", LANGUP_ISO: 'EN' });
});

test('a change flags what is given, clears what is blank, and leaves the rest alone', async () => {
  const { sap, customers: all, scope } = open();
  const change = { names: ['New name'], street: 'Am Markt', telephone: '' };
  await all.change({ unitId: 'rec-1.2', number: '1', kind: 'company', change, salesArea }, scope);
  expect(sap.units[0]?.calls).toEqual([
    {
      function: 'BAPI_CUSTOMER_CHANGEFROMDATA1',
      parameters: {
        CUSTOMERNO: '0000000001',
        PI_SALESORG: '1000',
        PI_DISTR_CHAN: '10',
        PI_DIVISION: '00',
        PI_COMPANYDATA: { STREET: 'Am Markt', TEL1_NUMBR: '', NAME: 'New name', NAME_2: '', NAME_3: '', NAME_4: '' },
        PI_COMPANYDATAX: { STREET: 'X', TEL1_NUMBR: 'X', NAME: 'X', NAME_2: 'X', NAME_3: 'X', NAME_4: 'X' },
      },
    },
  ]);
});

test('a change of nothing is no call', async () => {
  const { sap, customers: all, scope } = open();
  await all.change({ unitId: 'rec-1.2', number: '1', kind: 'person', change: {}, salesArea }, scope);
  expect(sap.units).toEqual([]);
});

test.each<[string, Partial<CustomerData>]>([
  ['a missing street', { street: '' }],
  ['a missing name', { names: [] }],
  ['a missing form of address', { title: '' }],
  ['a name of 41 characters', { names: ['x'.repeat(41)] }],
  ['an e-mail of 242 characters', { email: 'x'.repeat(242) }],
])('%s is refused before anything is sent', async (_what, change) => {
  const { sap, customers: all, scope } = open();
  const request = { unitId: 'rec-1.1', data: { ...company, ...change }, salesArea, referenceCustomer: '100000' };
  await expect(all.create(request, scope)).rejects.toMatchObject({ code: 'SAP_CUSTOMER_INVALID', verdict: 'refused' });
  expect(sap.units).toEqual([]);
});

test("SAP's refusal names the customer and says what to do", async () => {
  const { answers, customers: all, scope } = open();
  answers({ RETURN: { TYPE: 'E', ID: 'AM', NUMBER: '230', MESSAGE: 'Postal code 028261 must have length 5' } });
  await expect(all.create({ unitId: 'rec-1.1', data: company, salesArea, referenceCustomer: '1' }, scope)).rejects.toMatchObject({
    code: 'SAP_REFUSED',
    verdict: 'refused',
    message: 'creating customer Żółć & Söhne: SAP says Postal code 028261 must have length 5 (AM 230)',
    fix: expect.stringContaining('OY17') as string,
  });
  answers({ RETURN: { TYPE: 'E', ID: 'F2', NUMBER: '042', MESSAGE: 'Customer 1 is blocked by user MEIER' } });
  const change = { unitId: 'rec-1.2', number: '1', kind: 'company' as const, change: { city: 'Bonn' }, salesArea };
  await expect(all.change(change, scope)).rejects.toMatchObject({ code: 'SAP_LOCKED', verdict: 'retry' });
});

test('a customer without a number is looked for', async () => {
  const { answers, customers: all, scope } = open();
  answers({ CUSTOMERNO: '', RETURN: { TYPE: '', ID: '', NUMBER: '000', MESSAGE: '' } });
  await expect(all.create({ unitId: 'rec-1.1', data: company, salesArea, referenceCustomer: '1' }, scope)).rejects.toMatchObject({
    code: 'SAP_CUSTOMER_NUMBER_MISSING',
    verdict: 'uncertain',
  });
});
