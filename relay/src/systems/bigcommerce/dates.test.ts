import { customerFilterDate, filterDate, parseStoreDate } from './dates.ts';

test.each([
  ['Tue, 05 Mar 2019 21:40:11 +0000', Date.UTC(2019, 2, 5, 21, 40, 11)],
  ['Tue, 05 Mar 2019 22:40:11 +0100', Date.UTC(2019, 2, 5, 21, 40, 11)],
  ['2022-06-16T16:44:15+00:00', Date.UTC(2022, 5, 16, 16, 44, 15)],
  ['2024-05-14T09:34:00Z', Date.UTC(2024, 4, 14, 9, 34)],
  ['2024-05-14T09:34:00', Date.UTC(2024, 4, 14, 9, 34)],
  ['2024-05-14', Date.UTC(2024, 4, 14)],
  ['Tue, 05 Mar 2019 21:40:11', Date.UTC(2019, 2, 5, 21, 40, 11)],
  ['', undefined],
  ['   ', undefined],
  ['soon', undefined],
])('%p is %p', (text, ms) => {
  expect(parseStoreDate(text)).toBe(ms);
});

test('filters have whole seconds', () => {
  expect(filterDate(Date.UTC(2026, 0, 5, 8, 0, 0, 999))).toBe('2026-01-05T08:00:00Z');
  expect(customerFilterDate(Date.UTC(2026, 0, 5, 8, 0, 0, 999))).toBe('2026-01-05T08:00:00');
});
