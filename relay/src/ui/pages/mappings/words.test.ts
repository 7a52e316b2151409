import { counted, matching } from './words.ts';

const codes = [
  { code: '0010', name: '30 Tage netto' },
  { code: '4010', name: 'Erlöse 北京' },
  { code: '10', name: "O'Brien" },
];

test.each([
  ['nothing typed', '', ['0010', '4010', '10']],
  ['the beginning of a code before its middle', '10', ['10', '0010', '4010']],
  ['a part of a name, whatever the case', 'TAGE', ['0010']],
  ['another script', '北京', ['4010']],
  ['nothing like it', 'x', []],
])('%s', (_what, words, found) => {
  expect(matching(codes, words, 10).map(({ code }) => code)).toEqual(found);
});

test('no more than asked for', () => {
  expect(matching(codes, '', 2)).toHaveLength(2);
});

test.each([
  [0, '0 records'],
  [1, '1 record'],
  [2, '2 records'],
])('%i', (count, words) => {
  expect(counted(count, 'record')).toBe(words);
});
