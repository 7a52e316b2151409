import { shiftPoint, toPlain, toUserDate, toUserDecimal } from './literals.ts';

test.each([
  ['dd/MM/yyyy', '04/03/2025'],
  ['MM/dd/yy', '03/04/25'],
  ['yyyy-MM-dd', '2025-03-04'],
  ['dd.MM.yyyy', '04.03.2025'],
  ['d.M.yyyy', '4.3.2025'],
  ['yyyyMMdd', '20250304'],
])('a date in the format %s reads %s', (dateFormat, text) => {
  expect(toUserDate('20250304', { dateFormat, decimalFormat: '.' })).toBe(text);
});

test.each([[''], ['dd-MMM-yyyy'], ['dd/MM'], ["dd 'of' MM yyyy"], ['DMY']])('a date is not guessed in the format "%s"', (dateFormat) => {
  expect(() => toUserDate('20250304', { dateFormat, decimalFormat: '.' })).toThrow(
    expect.objectContaining({ code: 'JDE_DATE_FORMAT', verdict: 'refused' }),
  );
});

test.each([
  ['12.50', ',', 0, '12,50'],
  ['12.50', '.', 0, '12.50'],
  ['-1', ',', 0, '-1'],
  ['OP', ',', 0, 'OP'],
  ['12.50', ',', -2, '1250'],
  ['1.1.2', ',', 0, '1.1.2'],
])('the literal %s of a user with "%s", moved by %i, reads %s', (value, decimalFormat, shift, text) => {
  expect(toUserDecimal(value, shift, { dateFormat: '', decimalFormat })).toBe(text);
});

test.each([
  ['1250', 2, '12.50'],
  ['-5', 2, '-0.05'],
  ['0', 3, '0.000'],
  ['12.5', 1, '1.25'],
  ['12.5', -1, '125'],
  ['12.5', -3, '12500'],
  ['0.05', -1, '0.5'],
  ['0.05', -2, '5'],
  ['123456789012345678', 2, '1234567890123456.78'],
])('the point of %s moved by %i gives %s', (value, shift, text) => {
  expect(shiftPoint(value, shift)).toBe(text);
});

test.each([
  ['1.0E7', '10000000'],
  ['1.25E+3', '1250'],
  ['1.5e-3', '0.0015'],
  ['3239.0', '3239.0'],
  ['-2E2', '-200'],
  ['1E999', undefined],
])('the number %s in plain digits is %s', (number, text) => {
  expect(toPlain(number)).toBe(text);
});
