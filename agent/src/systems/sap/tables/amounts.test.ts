import { compareNumbers, toPlainNumber } from './amounts.ts';

test.each([
  ['      12.50-', '-12.50'],
  ['       12.50 ', '12.50'],
  ['-7', '-7'],
  ['0.00-', '0.00'],
  ['', '0'],
  ['*234.50', undefined],
  ['12,50', undefined],
  ['12.5.0', undefined],
  ['1 2', undefined],
])('RFC_READ_TABLE prints %j', (printed, plain) => {
  expect(toPlainNumber(printed)).toBe(plain);
});

test('numbers are ordered by value, also beyond what a double holds', () => {
  expect(compareNumbers('9', '10')).toBeLessThan(0);
  expect(compareNumbers('-2', '-10')).toBeGreaterThan(0);
  expect(compareNumbers('12345678901234567890.1', '12345678901234567890.10')).toBe(0);
});
