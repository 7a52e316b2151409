import { startSapSystem, type SapSystem } from '../index.ts';

let sap: SapSystem;
let now = Date.UTC(2024, 4, 31, 22, 15, 0);

beforeEach(async () => {
  now = Date.UTC(2024, 4, 31, 22, 15, 0);
  sap = await startSapSystem({ vendors: 30, utcOffsetMinutes: 120, clock: { now: () => now, wait: () => Promise.resolve() } });
});

afterEach(() => sap[Symbol.asyncDispose]());

const headers = (): unknown[] =>
  sap
    .stored('CDHDR')
    .all()
    .map(({ OBJECTCLAS, OBJECTID, UDATE, UTIME, CHANGE_IND }) => [OBJECTCLAS, OBJECTID, UDATE, UTIME, CHANGE_IND]);

test('a changed master record writes KRED with the server\u2019s local date and time, and one position per field', () => {
  const before = sap.vendors.get('100002').LFA1;
  sap.vendors.change('100002', { general: { NAME1: 'Neu & Alt AG', TELF1: '0221/1' } });
  expect(headers()).toEqual([['KRED', '0000100002', '20240601', '001500', 'U']]);
  const positions = sap
    .stored('CDPOS')
    .all()
    .map(({ TABNAME, TABKEY, FNAME, VALUE_OLD, VALUE_NEW }) => [TABNAME, TABKEY, FNAME, VALUE_OLD, VALUE_NEW]);
  expect(positions).toEqual([
    ['LFA1', '1000000100002', 'NAME1', before['NAME1'], 'Neu & Alt AG'],
    ['LFA1', '1000000100002', 'TELF1', before['TELF1'], '0221/1'],
  ]);
});

test('a change that changes nothing writes nothing', () => {
  sap.vendors.change('100002', { general: { NAME1: sap.vendors.get('100002').LFA1['NAME1'] ?? '' } });
  expect(headers()).toEqual([]);
});

test('what master record and address share is carried over, without a document of the other class', () => {
  sap.vendors.change('100002', { general: { NAME1: 'Umbenannt GmbH', STRAS: 'Neue Gasse 5' } });
  expect(sap.vendors.get('100002').ADRC[0]).toMatchObject({ NAME1: 'Umbenannt GmbH', STREET: 'Neue Gasse 5' });
  sap.vendors.change('100003', { address: { STREET: 'Sehr lange Straße im Gewerbegebiet Nord-West', HOUSE_NUM1: '12' } });
  expect(sap.vendors.get('100003').LFA1['STRAS']).toBe('Sehr lange Straße im Gewerbegebiet');
  expect(headers()).toEqual([
    ['ADRESSE', `BP  ${sap.vendors.get('100003').LFA1['ADRNR']}`, '20240601', '001500', 'U'],
    ['KRED', '0000100002', '20240601', '001500', 'U'],
  ]);
});

test('an e-mail address is changed, taken away and added under ADRESSE', () => {
  const emails = (): (string | undefined)[] => sap.vendors.get('100003').ADR6.map(({ SMTP_ADDR }) => SMTP_ADDR);
  sap.vendors.change('100003', { email: 'neu@example.com' });
  expect(emails()).toEqual(['neu@example.com']);
  sap.vendors.change('100003', { email: null });
  expect(emails()).toEqual([]);
  sap.vendors.change('100003', { email: 'wieder@example.com' });
  expect(emails()).toEqual(['wieder@example.com']);
  expect(headers()).toHaveLength(3);
});

test('a new vendor has the next number, an address and a document of its creation', () => {
  const number = sap.vendors.create({
    general: { NAME1: 'Brunner AG', ORT01: 'Chur', LAND1: 'CH' },
    companies: [{ BUKRS: '3000', AKONT: '0000161000', ZTERM: 'NT30' }],
    emails: ['info@brunner.example'],
  });
  expect(number).toBe('0000100031');
  const { LFA1, LFB1, ADRC, ADR6 } = sap.vendors.get(number);
  expect(LFA1).toMatchObject({ ERDAT: '20240601', ADRNR: ADRC[0]?.['ADDRNUMBER'] });
  expect([LFB1.length, ADRC[0]?.['CITY1'], ADR6[0]?.['SMTP_ADDR']]).toEqual([1, 'Chur', 'info@brunner.example']);
  expect(headers()).toEqual([['KRED', number, '20240601', '001500', 'I']]);
});

test('some ways into SAP write no change document', () => {
  sap.vendors.create({ general: { NAME1: 'Still GmbH' }, changeDocument: 'none' });
  sap.vendors.change('100002', {
    company: { BUKRS: sap.vendors.get('100002').LFB1[0]?.['BUKRS'] ?? '', ZTERM: 'Z090' },
    changeDocument: 'none',
  });
  expect(headers()).toEqual([]);
});

test('a vendor that is not there is named', () => {
  expect(() => sap.vendors.change('999', { general: { NAME1: 'x' } })).toThrow('there is no vendor 0000000999');
});
