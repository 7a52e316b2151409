import { startSapSystem, type SapSystem } from '../index.ts';
import type { Row } from '../dictionary/index.ts';
import type { Session, Structure } from './call.ts';
import { functionModules } from './index.ts';

let sap: SapSystem;
let session: Session;

beforeEach(async () => {
  sap = await startSapSystem({
    vendors: 3,
    customers: 60,
    materials: 5,
    clock: { now: () => Date.UTC(2024, 5, 1, 8), wait: () => Promise.resolve() },
  });
  session = { user: { name: 'ML_AGENT', password: '' }, language: 'E', updates: [] };
});

afterEach(() => sap[Symbol.asyncDispose]());

async function call(name: string, inputs: Structure, from = session): Promise<Structure> {
  const definition = sap.functions.get(name);
  if (!definition) throw new Error(`no ${name}`);
  return await (functionModules[name]?.({ definition, inputs, session: from, system: sap }) ?? {});
}

const person = {
  TITLE_P: 'Mr.',
  FIRSTNAME: 'Seán',
  LASTNAME: "O'Brien",
  CITY: 'Köln',
  POSTL_COD1: '50667',
  STREET: 'Hauptstraße',
  HOUSE_NO: '12a',
  COUNTRY: 'DE',
  LANGUP_ISO: 'DE',
  CURRENCY: 'EUR',
  E_MAIL: "sean.o'brien@example.com",
};
const company = {
  TITLE: 'Company',
  NAME: '株式会社 山田製作所',
  CITY: '大阪市',
  POSTL_COD1: '530-0001',
  STREET: '北区梅田1丁目',
  COUNTRYISO: 'JP',
  LANGU_ISO: 'JA',
  CURRENCY_ISO: 'JPY',
};
const reference = { SALESORG: '1000', DISTR_CHAN: '30', DIVISION: '00', REF_CUSTMR: '0000001000' };
const create = (inputs: Structure, from?: Session): Promise<Structure> =>
  call('BAPI_CUSTOMER_CREATEFROMDATA1', { PI_COPYREFERENCE: reference, ...inputs }, from);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const returned = ({ RETURN }: Structure): Row => RETURN as Row;
const headers = (): unknown[] =>
  sap
    .stored('CDHDR')
    .all()
    .map(({ OBJECTCLAS, OBJECTID, CHANGE_IND, USERNAME }) => [OBJECTCLAS, OBJECTID, CHANGE_IND, USERNAME]);

test('a person is created at commit, with what is not passed copied from the reference customer', async () => {
  const { CUSTOMERNO, RETURN } = await create({ PI_PERSONALDATA: person });
  const number = textOf(CUSTOMERNO);
  expect([number, RETURN]).toMatchObject(['0000100061', { TYPE: 'S' }]);
  expect([sap.customers.find(number), headers()]).toEqual([undefined, []]);
  await call('BAPI_TRANSACTION_COMMIT', {});
  const rows = sap.customers.get(number);
  expect(rows.KNA1).toMatchObject({
    NAME1: "O'Brien",
    NAME2: 'Seán',
    STRAS: 'Hauptstraße 12a',
    KTOKD: 'WEB',
    SPRAS: 'D',
    ERDAT: '20240601',
  });
  expect(rows.KNA1).toMatchObject({ LZONE: '0000000001', STKZN: 'X', ERNAM: 'ML_AGENT' });
  expect(rows.KNB1).toMatchObject([{ BUKRS: '1000', AKONT: '0000140000', ZTERM: 'NT30' }]);
  expect(rows.KNVV).toMatchObject([{ VKORG: '1000', VTWEG: '30', SPART: '00', WAERS: 'EUR', VSBED: '01', INCO1: 'EXW' }]);
  expect(rows.KNVP.map(({ PARVW, KUNN2 }) => [PARVW, KUNN2])).toEqual(['AG', 'RE', 'RG', 'WE'].map((one) => [one, number]));
  expect(rows.ADRC).toMatchObject([{ STREET: 'Hauptstraße', HOUSE_NUM1: '12a', CITY1: 'Köln', LANGU: 'D', TITLE: '0002' }]);
  expect(rows.ADR6).toMatchObject([{ SMTP_ADDR: person.E_MAIL, FLGDEFAULT: 'X' }]);
  expect(headers()).toEqual([['DEBI', number, 'I', 'ML_AGENT']]);
});

test('country, language and currency may be given by their ISO codes', async () => {
  const { CUSTOMERNO } = await create({
    PI_COMPANYDATA: company,
    PI_COPYREFERENCE: { SALESORG: '4000', DISTR_CHAN: '10', DIVISION: '00', REF_CUSTMR: '0000004000' },
    PI_OPT_COMPANYDATA: { PMNTTRMS: 'NT60', CONTROL_ACCOUNT: '0000140000' },
  });
  await call('BAPI_TRANSACTION_COMMIT', {});
  const { KNA1, KNVV, KNB1 } = sap.customers.get(textOf(CUSTOMERNO));
  expect(KNA1).toMatchObject({ LAND1: 'JP', SPRAS: 'J', NAME1: company.NAME, STKZN: '' });
  expect([KNVV[0], KNB1[0]]).toMatchObject([
    { WAERS: 'JPY', ZTERM: 'NT60' },
    { BUKRS: '4000', ZTERM: 'NT60' },
  ]);
});

test.each([
  ['neither person nor company', {}, 'either personal'],
  ['both person and company', { PI_PERSONALDATA: person, PI_COMPANYDATA: company }, 'either personal'],
  ['no city', { PI_PERSONALDATA: { ...person, CITY: '' } }, 'CITY'],
  ['no currency', { PI_PERSONALDATA: { ...person, CURRENCY: '' } }, 'CURRENCY'],
  ['a title of another language', { PI_PERSONALDATA: { ...person, TITLE_P: 'Herr' } }, 'Title Herr'],
  ['an unknown country', { PI_PERSONALDATA: { ...person, COUNTRY: 'XX' } }, 'Country XX'],
  ['no division', { PI_PERSONALDATA: person, PI_COPYREFERENCE: { ...reference, DIVISION: '' } }, 'required'],
  ['an unpadded reference', { PI_PERSONALDATA: person, PI_COPYREFERENCE: { ...reference, REF_CUSTMR: '1000' } }, '1000 does not exist'],
  [
    'a reference of another sales area',
    { PI_PERSONALDATA: person, PI_COPYREFERENCE: { ...reference, SALESORG: '2000' } },
    'sales area 2000',
  ],
  [
    'a reference with external numbers',
    { PI_PERSONALDATA: person, PI_COPYREFERENCE: { ...reference, REF_CUSTMR: 'REF-EXT' } },
    'external numbers',
  ],
])('a customer is refused with %s', async (_what, inputs, text) => {
  const answer = await create(inputs);
  expect(returned(answer)).toMatchObject({ TYPE: 'E', MESSAGE: expect.stringContaining(text) });
  expect([answer['CUSTOMERNO'], session.updates.length]).toEqual([undefined, 0]);
});

test('what is rolled back burns the number and creates nothing', async () => {
  const first = await create({ PI_PERSONALDATA: person });
  await call('BAPI_TRANSACTION_ROLLBACK', {});
  const second = await create({ PI_PERSONALDATA: person });
  await call('BAPI_TRANSACTION_COMMIT', {});
  expect([first['CUSTOMERNO'], second['CUSTOMERNO']]).toEqual(['0000100061', '0000100062']);
  expect(sap.customers.find('0000100061')).toBeUndefined();
  expect(sap.committed).toEqual(["BAPI_CUSTOMER_CREATEFROMDATA1 0000100062 O'Brien"]);
});

describe('changing', () => {
  const number = '0000100002';
  const change = (inputs: Structure, from?: Session): Promise<Structure> =>
    call('BAPI_CUSTOMER_CHANGEFROMDATA1', { CUSTOMERNO: number, ...area(), ...inputs }, from);
  const area = (): Structure => {
    const [{ VKORG = '', VTWEG = '', SPART = '' } = {}] = sap.customers.get(number).KNVV;
    return { PI_SALESORG: VKORG, PI_DISTR_CHAN: VTWEG, PI_DIVISION: SPART };
  };

  test('a flagged value is taken, an unflagged one ignored, a flagged blank clears', async () => {
    const { KNA1 } = sap.customers.get(number);
    await change({
      PI_PERSONALDATA: { CITY: 'Graz', STREET: 'ignored', TEL1_NUMBR: '' },
      PI_PERSONALDATAX: { CITY: 'X', TEL1_NUMBR: 'X', E_MAIL: 'X' },
    });
    expect(sap.customers.get(number).KNA1).toEqual(KNA1);
    await call('BAPI_TRANSACTION_COMMIT', {});
    const after = sap.customers.get(number);
    expect(after.KNA1).toEqual({ ...KNA1, ORT01: 'Graz', TELF1: '' });
    expect(after.ADRC[0]).toMatchObject({ CITY1: 'Graz', TEL_NUMBER: '' });
    expect(after.ADR6).toEqual([]);
    expect(headers()).toEqual([['ADRESSE', `BP  ${KNA1['ADRNR']}`, 'U', 'ML_AGENT']]);
  });

  test.each([
    ['a mandatory field is cleared', { PI_PERSONALDATA: {}, PI_PERSONALDATAX: { CITY: 'X' } }, 'CITY'],
    ['both kinds are filled', { PI_PERSONALDATA: { CITY: 'Graz' }, PI_COMPANYDATA: { CITY: 'Graz' } }, 'either personal'],
    ['the customer is unknown', { CUSTOMERNO: '100002', PI_PERSONALDATA: {} }, 'does not exist'],
    ['it is not in the sales area', { PI_SALESORG: '9999', PI_PERSONALDATA: {} }, 'sales area'],
  ])('it is refused when %s', async (_what, inputs, text) => {
    expect(returned(await change(inputs))).toMatchObject({ TYPE: 'E', MESSAGE: expect.stringContaining(text) });
    expect(session.updates).toEqual([]);
  });

  test('a customer that another session has is refused with the name of its user, until that one commits', async () => {
    const other: Session = { user: { name: 'KSCHAEFER', password: '' }, language: 'E', updates: [] };
    const inputs = { PI_PERSONALDATA: { CITY: 'Graz' }, PI_PERSONALDATAX: { CITY: 'X' } };
    await change(inputs, other);
    expect(returned(await change(inputs))).toMatchObject({
      TYPE: 'E',
      ID: 'F2',
      NUMBER: '042',
      MESSAGE: expect.stringContaining('KSCHAEFER'),
    });
    await call('BAPI_TRANSACTION_COMMIT', {}, other);
    expect(returned(await change(inputs))).toMatchObject({ TYPE: 'S' });
  });
});

test('a list needs its range; nothing found is an error', async () => {
  const range = { SIGN: 'I', OPTION: 'BT', LOW: '0000100001', HIGH: '0000100003' };
  const list = await call('BAPI_CUSTOMER_GETLIST', { IDRANGE: [range] });
  expect((list['ADDRESSDATA'] as Row[]).map(({ CUSTOMER }) => CUSTOMER)).toEqual(['0000100001', '0000100002', '0000100003']);
  const oneTime = await call('BAPI_CUSTOMER_GETLIST', { CPDONLY: 'X', IDRANGE: [{ ...range, OPTION: 'CP', LOW: '*' }] });
  expect((oneTime['SPECIALDATA'] as Row[]).map(({ CUSTOMER }) => CUSTOMER)).toEqual(['0000099000', 'CPD-WEB']);
  for (const [inputs, id, number] of [
    [{ IDRANGE: [] }, 'F2', '718'],
    [{ IDRANGE: [{ ...range, LOW: '9', HIGH: '91' }] }, 'F2', '718'],
    [{ IDRANGE: [{ ...range, SIGN: 'Z' }] }, 'S&', '026'],
    [{ IDRANGE: [{ ...range, OPTION: 'ZZ' }] }, 'S&', '027'],
  ] as const) {
    expect(returned(await call('BAPI_CUSTOMER_GETLIST', inputs as unknown as Structure))).toMatchObject({
      TYPE: 'E',
      ID: id,
      NUMBER: number,
    });
  }
});

test('details come with company code data; an unpadded number is unknown', async () => {
  const { KNA1, KNB1 } = sap.customers.get('0000100001');
  const details = await call('BAPI_CUSTOMER_GETDETAIL2', { CUSTOMERNO: '0000100001', COMPANYCODE: KNB1[0]?.['BUKRS'] ?? '' });
  expect(details).toMatchObject({
    CUSTOMERADDRESS: { NAME: KNA1['NAME1'] },
    CUSTOMERCOMPANYDETAIL: { GL_ACCOUNT: '0000140000' },
    RETURN: {},
  });
  expect(returned(await call('BAPI_CUSTOMER_GETDETAIL2', { CUSTOMERNO: '100001' }))).toMatchObject({ TYPE: 'E', ID: 'F2' });
});
