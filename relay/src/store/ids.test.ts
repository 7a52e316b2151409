import { newId } from './ids.ts';

test('ids sort by the time they were made in, and never repeat', () => {
  const times = [0, 1, 1000, Date.UTC(2026, 0, 31), Date.UTC(2199, 11, 31)];
  const ids = times.map((time) => newId('record', time));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 10_000 }, () => newId('record', 5))).size).toBe(10_000);
  expect(ids[0]).toMatch(/^rec_[0-9a-hjkmnp-tv-z]{26}$/);
});
