import { startSapSystem, type SapSystem } from '../index.ts';

let sap: SapSystem;
const today = '20240601';

beforeEach(async () => {
  sap = await startSapSystem({
    vendors: 2,
    customers: 2,
    materials: 120,
    clock: { now: () => Date.UTC(2024, 5, 1), wait: () => Promise.resolve() },
  });
});

afterEach(() => sap[Symbol.asyncDispose]());

const headers = (): unknown[] =>
  sap
    .stored('CDHDR')
    .all()
    .map(({ OBJECTCLAS, OBJECTID, CHANGE_IND }) => [OBJECTCLAS, OBJECTID, CHANGE_IND]);
const laeda = (number: string): string => sap.materials.get(number).MARA['LAEDA'] ?? '';
const number = '000000000000200001';

test('a changed description sets LAEDA and writes a change document', () => {
  sap.materials.change('200001', { description: { SPRAS: 'D', MAKTX: 'Sechskantschraube M8, verzinkt' } });
  expect([laeda(number), headers()]).toEqual([today, [['MATERIAL', number, 'U']]]);
  expect(sap.stored('MAKT').get([number, 'D'])).toMatchObject({ MAKTG: 'SECHSKANTSCHRAUBE M8, VERZINKT' });
});

test('stock and prices leave no trace in change documents and LAEDA', () => {
  const before = laeda(number);
  sap.materials.setStock(number, { plant: '1000', storageLocation: '0088', quantity: '7.500' });
  sap.materials.setStock(number, { plant: '1000', storageLocation: '0099', quantity: '1.000' });
  sap.materials.setPrice({ material: number, salesOrganisation: '1000', distributionChannel: '10', amount: '12.50', currency: 'EUR' });
  expect([laeda(number), headers()]).toEqual([before, []]);
  const stock = sap.materials.get(number).MARD.map(({ LGORT, LABST }) => [LGORT, LABST]);
  expect(stock).toEqual(
    expect.arrayContaining([
      ['0088', '7.500'],
      ['0099', '1.000'],
    ]),
  );
});

test.each([
  ['1000', 'JPY', '10.00'],
  ['1.234', 'KWD', '12.34'],
  ['0.005', 'KWD', '0.05'],
  ['0.05', 'EUR', '0.05'],
  ['0', 'JPY', '0.00'],
  ['-5', 'JPY', '-0.05'],
])('a price of %s %s is stored as %s', (amount, currency, stored) => {
  const KNUMH = sap.materials.setPrice({ material: number, salesOrganisation: '4000', distributionChannel: '10', amount, currency });
  expect(sap.stored('KONP').get([KNUMH, '01'])).toMatchObject({ KBETR: stored, KONWA: currency, KPEIN: '1' });
});

test('a price with more decimals than its currency is refused', () => {
  const price = { material: number, salesOrganisation: '4000', distributionChannel: '10', amount: '1.5', currency: 'JPY' };
  expect(() => sap.materials.setPrice(price)).toThrow('JPY has 0 decimals');
});

test('a new price ends the running one the day before, and one to come is gone', () => {
  const price = { material: number, salesOrganisation: '1000', distributionChannel: '10', currency: 'EUR' };
  const later = sap.materials.setPrice({ ...price, amount: '3.00', from: '20250101' });
  const now = sap.materials.setPrice({ ...price, amount: '2.00' });
  const records = sap.stored('A004').withPrefix(['V', 'PR00', '1000', '10', number]);
  expect(records.map(({ KNUMH }) => KNUMH)).not.toContain(later);
  expect(records.map(({ DATAB, DATBI }) => [DATAB, DATBI])).toEqual([
    ['20200101', '20240531'],
    [today, '99991231'],
  ]);
  expect(records.at(-1)?.['KNUMH']).toBe(now);
});

test('the invented materials have everything that makes real ones awkward', () => {
  const rows = (table: string): readonly Record<string, string>[] => sap.stored(table).all();
  const withText = new Set(rows('MAKT').map(({ MATNR }) => MATNR));
  expect(rows('MARA').filter(({ MATNR }) => !withText.has(MATNR)).length).toBeGreaterThan(0);
  expect(new Set(rows('MAKT').map(({ SPRAS }) => SPRAS))).toEqual(new Set(['D', 'E', 'J', 'C']));
  expect(rows('MARA').some(({ LVORM }) => LVORM === 'X')).toBe(true);
  expect(rows('MARA').some(({ MATNR = '' }) => MATNR.startsWith('NW-'))).toBe(true);
  expect(rows('A004').some(({ DATBI = '' }) => DATBI < today)).toBe(true);
  expect(rows('A004').some(({ DATAB = '' }) => DATAB > today)).toBe(true);
  expect(rows('KONP').some(({ LOEVM_KO }) => LOEVM_KO === 'X')).toBe(true);
  expect(new Set(rows('KONP').map(({ KONWA }) => KONWA))).toEqual(new Set(['EUR', 'USD', 'CHF', 'JPY', 'KWD', '%']));
  expect(rows('KONP').map(({ KPEIN }) => KPEIN)).toEqual(expect.arrayContaining(['1', '100', '1000']));
  expect(rows('MARD').some(({ LABST = '' }) => LABST.startsWith('-'))).toBe(true);
});
