import { businessUnitIn, companyIn, fromJdeDate, fromJdeTime, jdeDay, lineNumber, toJdeDate, wholeNumber } from './jde-values.ts';

test.each([
  ['1999-12-31', '99365', '19991231'],
  ['the first day of 2000', '100001', '20000101'],
  ['the leap day of 2000', '100060', '20000229'],
  ['the day after the leap day of 2024', '124061', '20240301'],
  ['the last day of a leap year', '124366', '20241231'],
  ['a day of the facts', '125063', '20250304'],
  ['1900, which had no leap day', '60', '19000301'],
  ['the last day of 2099', '199365', '20991231'],
  ['2100, which has no leap day', '200060', '21000301'],
  ['no date', '0', ''],
])('%s is %s there and %j here', (_what, julian, date) => {
  expect(fromJdeDate(julian)).toBe(date);
  expect(toJdeDate(date)).toBe(julian);
});

test.each([
  ['', ''],
  [' ', ''],
  ['000000', ''],
  ['099365', '19991231'],
])('the Julian date %j reads as %j', (julian, date) => {
  expect(fromJdeDate(julian)).toBe(date);
});

test.each(['125366', '99366', '124367', '125000', '-1', '1e5', '12506a', '1250631', '20250304'])(
  '%j is refused as a Julian date',
  (julian) => {
    expect(() => fromJdeDate(julian)).toThrow('no Julian date');
  },
);

test.each(['20250229', '2025-03-04', '18991231', '29000101', '0'])('%j is refused as a date to write', (date) => {
  expect(() => toJdeDate(date)).toThrow('no date');
});

test.each([
  ['93015', '093015'],
  ['0', '000000'],
  ['', '000000'],
  ['235959', '235959'],
  ['5', '000005'],
])('the time %j reads as %j', (time, text) => {
  expect(fromJdeTime(time)).toBe(text);
});

test.each(['240000', '126000', '99', '-5', '1234567', 'noon'])('%j is refused as a time', (time) => {
  expect(() => fromJdeTime(time)).toThrow('no time');
});

test.each([
  ['UTC-05:00', '20250303'],
  ['UTC+05:30', '20250304'],
  ['UTC', '20250304'],
  ['', '20250304'],
  ['UTC-03:00', '20250304'],
  ['UTC-04', '20250303'],
])('at 03:15 in Greenwich, the day at %j is %s', (offset, day) => {
  expect(jdeDay(Date.UTC(2025, 2, 4, 3, 15), offset)).toBe(day);
});

test('business units stand right, companies have zeros in front', () => {
  expect([businessUnitIn('30'), businessUnitIn('          30'), businessUnitIn('CORPORATE-01')]).toEqual([
    '          30',
    '          30',
    'CORPORATE-01',
  ]);
  expect([companyIn('200'), companyIn('00200'), companyIn(' 1'), companyIn('EU1')]).toEqual(['00200', '00200', '00001', 'EU1']);
});

test.each([
  ['6001', '6001'],
  ['6001.0', '6001'],
  ['6001.', '6001'],
  ['00042', '42'],
  ['0', '0'],
])('the number %s is %s', (value, digits) => {
  expect(wholeNumber(value)).toBe(digits);
});

test.each(['', '1.5', '-1', '1e3', 'A1', '10 1'])('%j is refused as a whole number', (value) => {
  expect(() => wholeNumber(value)).toThrow('no whole number');
});

test.each([
  ['1', '1.000'],
  ['1.1', '1.100'],
  ['1.001', '1.001'],
  ['001.0', '1.000'],
  ['999.9990', '999.999'],
])('line %s is %s', (value, line) => {
  expect(lineNumber(value)).toBe(line);
});

test.each(['', '1.0005', '-1', 'x'])('%j is refused as a line number', (value) => {
  expect(() => lineNumber(value)).toThrow('no line number');
});
