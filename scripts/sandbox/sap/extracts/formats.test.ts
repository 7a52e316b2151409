import { dateOrderOf, needsOrder, readDate, readTime } from './date-format.ts';
import { decimalMarkOf, readNumber, type DecimalMark } from './number-format.ts';

test.each([
  [['1.234,56-'], { mark: ',' }],
  [['1,234.56-'], { mark: '.' }],
  [['1.234.567'], { mark: ',' }],
  [['0,500'], { mark: ',' }],
  [['12,5', '1.234'], { mark: ',' }],
  [['1234.567'], { mark: '.' }],
  [['1 234,567'], { mark: ',' }],
  [['1,234'], { ambiguous: '1,234' }],
  [['1,234', '7'], { ambiguous: '1,234' }],
  [['12', '', '-7'], { none: true }],
  [['1,5', '1.5'], { conflicting: ['1.5', '1,5'] }],
])('numbers %j decide on %j', (values, expected) => {
  expect(decimalMarkOf(values)).toEqual(expected);
});

test.each<[string, DecimalMark, [boolean, string, string] | undefined]>([
  ['1.234,56-', ',', [true, '1234', '56']],
  ['-1,234.56', '.', [true, '1234', '56']],
  ['   12.50 ', '.', [false, '12', '50']],
  ['1 234 567,8', ',', [false, '1234567', '8']],
  ["1'234.50", '.', [false, '1234', '50']],
  ['007', '.', [false, '7', '']],
  ['12.34,56', ',', undefined],
  ['1,23,456', '.', undefined],
  ['12,', ',', undefined],
  ['1E5', '.', undefined],
  ['EUR 5', '.', undefined],
  ['--5', '.', undefined],
])('number %j with decimal mark %j', (value, mark, expected) => {
  const number = readNumber(value, mark);
  expect(number && [number.isNegative, number.whole, number.fraction]).toEqual(expected);
});

test.each([
  ['31.01.2024', '20240131'],
  ['2024-01-31', '20240131'],
  ['2024/1/5', '20240105'],
  ['2024.01.31', '20240131'],
  ['20240131', '20240131'],
  ['', '00000000'],
  ['00.00.0000', '00000000'],
  ['00/00/0000', '00000000'],
  ['31.01.24', undefined],
  ['31-Jan-2024', undefined],
  ['45322', undefined],
])('date %j', (value, expected) => {
  expect(readDate(value, 'day-first')).toBe(expected);
});

test('slashes are read in the order the file proves', () => {
  expect(readDate('03/04/2024', 'month-first')).toBe('20240304');
  expect(readDate('03/04/2024', 'day-first')).toBe('20240403');
  expect(dateOrderOf(['03/04/2024', '01/31/2024'])).toEqual({ order: 'month-first' });
  expect(dateOrderOf(['03-04-2024', '31-01-2024'])).toEqual({ order: 'day-first' });
  expect(dateOrderOf(['03/04/2024'])).toEqual({ ambiguous: '03/04/2024' });
  expect(dateOrderOf(['01/31/2024', '31/01/2024'])).toEqual({ conflicting: ['31/01/2024', '01/31/2024'] });
  expect(['03/04/2024', '00/00/0000', '2024-01-31', '31.01.2024'].map(needsOrder)).toEqual([true, false, false, false]);
});

test.each([
  ['10:15:00', '101500'],
  ['9:05:00', '090500'],
  ['101500', '101500'],
  ['', '000000'],
  ['10:15', undefined],
])('time %j', (value, expected) => {
  expect(readTime(value)).toBe(expected);
});
