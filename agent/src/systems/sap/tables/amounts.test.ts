import { compareNumbers, toPlainNumber, toRealAmount } from './amounts.ts';

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

test.each([
  ['10.00', 0, '1000'],
  ['-10.00', 0, '-1000'],
  ['10.00', 2, '10.00'],
  ['0.01', 3, '0.001'],
  ['1.234', 2, '12.34'],
  ['12345678901234567.89', 0, '1234567890123456789'],
  ['0.00', 0, '0'],
])('%s stored, in a currency of %i decimals', (stored, decimals, real) => {
  expect(toRealAmount(stored, decimals)).toBe(real);
});

test('numbers are ordered by value, also beyond what a double holds', () => {
  expect(compareNumbers('9', '10')).toBeLessThan(0);
  expect(compareNumbers('-2', '-10')).toBeGreaterThan(0);
  expect(compareNumbers('12345678901234567890.1', '12345678901234567890.10')).toBe(0);
});
