import {
  alphaIn,
  alphaOut,
  compareMoments,
  currencyDecimals,
  fromSapDate,
  fromStoredAmount,
  languageKey,
  momentBefore,
  plainDecimal,
} from './sap-values.ts';

test.each([
  ['100123', '0000100123', '100123'],
  ['0000100123', '0000100123', '100123'],
  ['VENDOR-1', 'VENDOR-1', 'VENDOR-1'],
  [' 42 ', '0000000042', '42'],
  ['0', '0000000000', '0'],
  ['', '', ''],
])('ALPHA pads %j to %j and shows it as %j', (value, inner, outer) => {
  expect(alphaIn(value, 10)).toBe(inner);
  expect(alphaOut(inner)).toBe(outer);
});

test.each([
  ['20240229', '2024-02-29'],
  ['20230229', undefined],
  ['00000000', undefined],
  ['', undefined],
  ['20241301', undefined],
])('the date %j reads as %j', (dats, iso) => {
  expect(fromSapDate(dats)).toBe(iso);
});

test.each([
  [{ date: '20240301', time: '000500' }, 600, { date: '20240229', time: '235500' }],
  [{ date: '20240101', time: '000000' }, 1, { date: '20231231', time: '235959' }],
  [{ date: '20240131', time: '101500' }, 0, { date: '20240131', time: '101500' }],
])('%j less %d s is %j', (moment, seconds, earlier) => {
  expect(momentBefore(moment, seconds)).toEqual(earlier);
});

test('moments compare by date first', () => {
  expect(compareMoments({ date: '20240131', time: '235959' }, { date: '20240201', time: '000000' })).toBe(-1);
  expect(compareMoments({ date: '20240201', time: '000000' }, { date: '20240201', time: '000000' })).toBe(0);
});

test.each([
  ['10.00', 'JPY', '1000'],
  ['12.34', 'EUR', '12.34'],
  ['12.34', 'KWD', '1.234'],
  ['12.50-', 'JPY', '-1250'],
  ['0.05', 'KWD', '0.005'],
  ['0.00-', 'EUR', '0.00'],
  ['0.00-', 'KWD', '0.000'],
  ['9999999999999.99', 'JPY', '999999999999999'],
])('%s stored in %s is %s', (stored, currency, real) => {
  const tcurx = new Map([
    ['JPY', 0],
    ['KWD', 3],
  ]);
  expect(fromStoredAmount(stored, currencyDecimals(tcurx, currency))).toBe(real);
});

test.each(['*1234.00', '', '1,5', '--1', '-1-', '1e3'])('%j is refused as a number', (text) => {
  expect(() => plainDecimal(text)).toThrow('is not a number');
});

test('languages become language keys, and an unknown one is named', () => {
  expect([languageKey('EN'), languageKey('de'), languageKey('ZH')]).toEqual(['E', 'D', '1']);
  expect(() => languageKey('XX')).toThrow('"XX" is no language of SAP');
});
