import {
  addAmounts,
  compareAmounts,
  isAmount,
  isoCurrencyDecimals,
  multiplyAmounts,
  negateAmount,
  roundAmount,
  subtractAmounts,
} from './money.ts';

test('sums stay exact where numbers would not', () => {
  expect(addAmounts('0.1', '0.2')).toBe('0.3');
  expect(addAmounts('9007199254740993', '0.01')).toBe('9007199254740993.01');
  expect(subtractAmounts('119.00', '119')).toBe('0');
  expect(multiplyAmounts('19.99', '-3')).toBe('-59.97');
  expect(negateAmount('0.00')).toBe('0');
  expect(compareAmounts('1.0', '1')).toBe(0);
});

test.each([
  ['2.345', 2, '2.35'],
  ['-2.345', 2, '-2.35'],
  ['1000', 0, '1000'],
  ['-0.004', 2, '0.00'],
  ['1', 3, '1.000'],
])('%s to %d decimals is %s', (amount, decimals, rounded) => {
  expect(roundAmount(amount, decimals)).toBe(rounded);
});

test.each(['1e3', '', ' 1', '1,5', '.5', 'NaN'])('%j is no amount', (text) => {
  expect(isAmount(text)).toBe(false);
  expect(() => addAmounts(text)).toThrow('is not an amount');
});

test('currencies know their decimals', () => {
  expect(['EUR', 'JPY', 'kwd'].map(isoCurrencyDecimals)).toEqual([2, 0, 3]);
});
