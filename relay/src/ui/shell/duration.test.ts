import { durationWords } from './duration.ts';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1200, '1.2 s'],
  [9_960, '10.0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [11_520_000, '3 h 12 min'],
  [86_400_000, '1 d'],
  [777_600_000 + 3_600_000, '9 d 1 h'],
])('%d ms are %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
