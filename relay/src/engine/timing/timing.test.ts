import { assert, constantFrom, integer, property } from 'fast-check';
import {
  cronFault,
  cronWords,
  dayAfter,
  dayAt,
  intervalWords,
  isDay,
  isTimeZone,
  latestTime,
  momentOf,
  nextTime,
  nextTimes,
} from './index.ts';

const timeZone = 'Europe/Berlin';
const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 16);

test.each([
  [
    'a time that the spring leaves out comes at the first that exists',
    '30 2 * * *',
    '2026-03-28T12:00Z',
    ['2026-03-29T01:00', '2026-03-30T00:30'],
  ],
  ['a time that the autumn has twice comes once', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
  ['two fixed times, one of them left out', '30 2,14 * * *', '2026-03-28T14:00Z', ['2026-03-29T01:00', '2026-03-29T12:30']],
  [
    'an interval goes on through the hour that comes twice',
    '*/30 * * * *',
    '2026-10-25T00:00Z',
    ['2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30'],
  ],
  ['an interval over the hour that is left out', '*/30 * * * *', '2026-03-29T00:30Z', ['2026-03-29T01:00', '2026-03-29T01:30']],
  ['the evening of working days', '0 22 * * 1-5', '2026-05-01T21:00Z', ['2026-05-04T20:00', '2026-05-05T20:00']],
])('%s', (_what, cron, after, times) => {
  expect(nextTimes({ cron, timeZone }, Date.parse(after), times.length).map(iso)).toEqual(times);
});

test('the next time comes after, the latest one may be now', () => {
  const evening = { cron: '0 22 * * *', timeZone };
  const now = Date.parse('2026-05-01T20:00Z');
  expect([iso(latestTime(evening, now)), iso(nextTime(evening, now))]).toEqual(['2026-05-01T20:00', '2026-05-02T20:00']);
  expect(iso(latestTime(evening, now - 1))).toBe('2026-04-30T20:00');
});

test.each([
  ['0 0 22 * * *', 'has a field for seconds; give five: minute, hour, day, month, weekday'],
  ['22:00', 'must have five fields: minute, hour, day, month, weekday'],
  ['', 'must have five fields: minute, hour, day, month, weekday'],
  ['@daily', 'must have five fields: minute, hour, day, month, weekday'],
  ['0 25 * * *', 'cannot be read: Invalid value for hour: 25'],
  ['0 0 31 2 *', 'names times that never come'],
  ['0 22 * * MON-FRI', undefined],
  ['0 22 L * *', undefined],
])('pattern "%s" %s', (cron, fault) => {
  expect(cronFault(cron)).toBe(fault);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Nowhere', false],
  ['+02:00', false],
  ['', false],
])('time zone "%s": %s', (name, isKnown) => {
  expect(isTimeZone(name)).toBe(isKnown);
});

test.each([
  ['0 22 * * 1-5', 'at 22:00 from Monday to Friday (Europe/Berlin)'],
  ['30 6,18 * * *', 'at 06:30 and 18:30 (Europe/Berlin)'],
  ['*/15 * * * *', 'every 15 minutes (Europe/Berlin)'],
  ['*/10 8-17 * * 1-5', 'every 10 minutes from 08:00 to 17:59 from Monday to Friday (Europe/Berlin)'],
  ['0 * * * *', 'every hour (Europe/Berlin)'],
  ['0 */2 * * *', 'every 2 hours (Europe/Berlin)'],
  ['5 * * * *', '5 minutes past every hour (Europe/Berlin)'],
  ['0 1 1 * *', 'at 01:00 on day 1 of the month (Europe/Berlin)'],
  ['0 18 L 3,6,9,12 *', 'at 18:00 on the last day of the month in March, June, September and December (Europe/Berlin)'],
  ['0 6 * * SUN', 'at 06:00 on Sunday (Europe/Berlin)'],
  ['0 6 * * 2#1', 'at 06:00 on the 1. Tuesday of the month (Europe/Berlin)'],
])('%s in words', (cron, words) => {
  expect(cronFault(cron)).toBeUndefined();
  expect(cronWords({ cron, timeZone })).toBe(words);
});

test.each([
  [600_000, 'every 10 minutes'],
  [3_600_000, 'every hour'],
  [90_000, 'every 90 seconds'],
  [86_400_000, 'every day'],
])('%i ms is %s', (ms, words) => {
  expect(intervalWords(ms)).toBe(words);
});

test.each([
  ['2026-05-31', '2026-05-30T22:00'],
  ['2026-05-31T18:30', '2026-05-31T16:30'],
  ['2026-12-31T18:30', '2026-12-31T17:30'],
  ['2026-03-29T02:30', '2026-03-29T01:30'],
])('%s in Berlin is %s', (local, moment) => {
  expect(iso(momentOf(local, timeZone))).toBe(moment);
});

test('every hour of the year lies between the beginning of its day and that of the next', () => {
  assert(
    property(
      integer({ min: 0, max: 8759 }),
      constantFrom('Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Australia/Lord_Howe'),
      (hour, zone) => {
        const moment = Date.UTC(2026, 0, 1) + hour * 3_600_000;
        const day = dayAt(moment, zone);
        const start = momentOf(day, zone);
        expect(start).toBeLessThanOrEqual(moment);
        expect(momentOf(dayAfter(day), zone)).toBeGreaterThan(moment);
      },
    ),
  );
});

test.each([
  ['2026-02-28', true],
  ['2026-02-30', false],
  ['2026-2-1', false],
  ['20260201', false],
])('%s is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});
