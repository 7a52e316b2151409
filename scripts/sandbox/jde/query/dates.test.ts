import { readUserDate, shiftDate, writeUserDate } from './dates.ts';

test.each([
  ['dd/MM/yyyy', '04/03/2025', '20250304'],
  ['MM/dd/yyyy', '03/04/2025', '20250304'],
  ['dd.MM.yy', '04.03.25', '20250304'],
  ['yyyy-MM-dd', '2025-03-04', '20250304'],
  ['dd/MM/yyyy', '2025-03-04', undefined],
  ['dd/MM/yyyy', '20250304', undefined],
  ['dd/MM/yyyy', '4/3/2025', undefined],
  ['dd/MM/yyyy', '29/02/2025', undefined],
  ['dd.MM.yyyy', '04x03x2025', undefined],
])('%s reads %s as %s', (format, text, date) => {
  expect(readUserDate(text, format)).toBe(date);
  if (date) expect(writeUserDate(date, format)).toBe(text);
});

test.each([
  ['20240229', { days: 1 }, '20240301'],
  ['20250101', { days: -1 }, '20241231'],
  ['20250331', { months: -1 }, '20250228'],
  ['20240229', { months: 12 }, '20250228'],
])('%s and %j', (date, by, expected) => {
  expect(shiftDate(date, by)).toBe(expected);
});
