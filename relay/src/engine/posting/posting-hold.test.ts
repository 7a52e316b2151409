import type { CloseCalendarRow } from '../../store/index.ts';
import { blackoutAt, calendarsOf, closedBy, postingNow, windowWords, type BlackoutWindow, type CalendarEntry } from './posting-hold.ts';

const timeZone = 'Europe/Berlin';
const at = (text: string): number => Date.parse(`${text}:00Z`);
const iso = (moment: number | null | undefined): string =>
  Number.isFinite(moment) ? new Date(moment ?? 0).toISOString().slice(0, 16) : String(moment);
const calendar = (...entries: CalendarEntry[]) => [{ name: 'Month end', timeZone, entries }];

test('without rules everything goes at once', () => {
  expect(postingNow({ rules: {}, calendars: [], postNowAt: null }, at('2026-05-12T10:00'))).toEqual({ readUpTo: Infinity, holds: [] });
});

test.each([
  ['before the time of the day', '2026-05-12T19:59', '2026-05-11T20:00', '2026-05-12T20:00'],
  ['from the time on, what was read before it', '2026-05-12T20:00', '2026-05-12T20:00', '2026-05-13T20:00'],
  ['however long it takes', '2026-05-13T07:00', '2026-05-12T20:00', '2026-05-13T20:00'],
])('posting daily until the backlog is through, %s', (_what, now, readUpTo, until) => {
  const posting = postingNow({ rules: { cron: '0 22 * * *', timeZone }, calendars: [], postNowAt: null }, at(now));
  expect(iso(posting.readUpTo)).toBe(readUpTo);
  expect(posting.holds).toMatchObject([{ code: 'POSTING_SCHEDULE' }]);
  expect(iso(posting.holds[0]?.until)).toBe(until);
});

test.each([
  ['before', '2026-05-12T19:59', '-Infinity', ['2026-05-12T20:00']],
  ['at its beginning', '2026-05-12T20:00', 'Infinity', []],
  ['in its last minute', '2026-05-12T20:29', 'Infinity', []],
  ['after it', '2026-05-12T20:30', '-Infinity', ['2026-05-13T20:00']],
])('a window of 30 minutes, %s', (_what, now, readUpTo, untils) => {
  const posting = postingNow({ rules: { cron: '0 22 * * *', timeZone, forMinutes: 30 }, calendars: [], postNowAt: null }, at(now));
  expect(String(posting.readUpTo)).toBe(readUpTo);
  expect(posting.holds.map(({ until }) => iso(until))).toEqual(untils);
});

test.each([
  ['the minute before', '2026-05-31T15:59', undefined],
  ['its first minute', '2026-05-31T16:00', '2026-06-03T22:00'],
  ['its last day, which is included', '2026-06-03T21:59', '2026-06-03T22:00'],
  ['after it, all goes out', '2026-06-03T22:00', undefined],
])('a freeze over the month end: %s', (_what, now, until) => {
  const calendars = calendar({ kind: 'freeze', from: '2026-05-31T18:00', to: '2026-06-03', note: 'closing May' });
  const { readUpTo, holds } = postingNow({ rules: {}, calendars, postNowAt: null }, at(now));
  expect([readUpTo, iso(holds[0]?.until)]).toEqual(until === undefined ? [Infinity, 'undefined'] : [-Infinity, until]);
  if (until) expect(holds[0]?.message).toBe('nothing is posted while Month end (closing May) freezes it');
});

test('freezes that overlap end with the last of them', () => {
  const calendars = calendar(
    { kind: 'freeze', from: '2026-05-30', to: '2026-05-31' },
    { kind: 'freeze', from: '2026-05-31', to: '2026-06-02' },
    { kind: 'freeze', from: '2026-06-03', to: '2026-06-03' },
    { kind: 'freeze', from: '2026-06-05', to: '2026-06-06' },
  );
  expect(iso(postingNow({ rules: {}, calendars, postNowAt: null }, at('2026-05-30T12:00')).holds[0]?.until)).toBe('2026-06-03T22:00');
});

test('a time that comes within a freeze is caught up when it ends', () => {
  const given = {
    rules: { cron: '0 22 * * *', timeZone },
    calendars: calendar({ kind: 'freeze', from: '2026-05-30', to: '2026-05-31' }),
    postNowAt: null,
  };
  expect(postingNow(given, at('2026-05-31T20:30')).readUpTo).toBe(-Infinity);
  expect(iso(postingNow(given, at('2026-05-31T22:00')).readUpTo)).toBe('2026-05-31T20:00');
});

test('what a person lets go passes freeze and schedule, what is read later does not', () => {
  const postNowAt = at('2026-05-31T10:00');
  const calendars = calendar({ kind: 'freeze', from: '2026-05-31', to: '2026-06-03' });
  const posting = postingNow({ rules: { cron: '0 22 * * *' }, calendars, postNowAt }, at('2026-05-31T11:00'));
  expect(posting.readUpTo).toBe(postNowAt);
  expect(posting.holds.map(({ code }) => code)).toEqual(['CLOSE_CALENDAR', 'POSTING_SCHEDULE']);
});

test.each([
  ['2026-04-30', undefined],
  ['2026-05-01', 'Month end'],
  ['2026-05-31', 'Month end'],
  ['2026-06-01', undefined],
])('business day %s is closed by %s', (day, name) => {
  expect(closedBy(calendar({ kind: 'closed', first: '2026-05-01', last: '2026-05-31' }), day)?.name).toBe(name);
});

test('a flow keeps to the calendars of its tenant that are for all, for its integration, or for itself', () => {
  const common = { tenant_id: 'ten_1', integration_id: null, flow_ids_json: null, time_zone: timeZone, entries_json: '[]' };
  const row = (name: string, more: Partial<CloseCalendarRow>): CloseCalendarRow => {
    return { ...common, id: name, name, created_at: 0, changed_at: 0, ...more };
  };
  const rows = [
    row('all', {}),
    row('own integration', { integration_id: 'int_1' }),
    row('other integration', { integration_id: 'int_2' }),
    row('other tenant', { tenant_id: 'ten_2' }),
    row('journals', { flow_ids_json: '["journals"]' }),
    row('vendors', { flow_ids_json: '["vendors"]' }),
  ];
  const names = calendarsOf(rows, { tenant_id: 'ten_1', integration_id: 'int_1', flow_id: 'journals' }).map(({ name }) => name);
  expect(names).toEqual(['all', 'own integration', 'journals']);
});

const nightly: BlackoutWindow = { cron: '0 1 * * *', forMinutes: 180, timeZone, note: 'SAP night batch' };

test.each<[string, BlackoutWindow[], string, string | undefined]>([
  ['before the batch', [nightly], '2026-05-12T22:59', undefined],
  ['within the batch', [nightly], '2026-05-12T23:00', '2026-05-13T02:00'],
  ['after the batch', [nightly], '2026-05-13T02:00', undefined],
  [
    'with one that follows at once',
    [nightly, { from: '2026-05-13T04:00', to: '2026-05-13T06:00', timeZone }],
    '2026-05-12T23:30',
    '2026-05-13T04:00',
  ],
  ['once, a whole day', [{ from: '2026-05-17', to: '2026-05-17', timeZone }], '2026-05-17T12:00', '2026-05-17T22:00'],
  ['in the night that is an hour short', [nightly], '2026-03-29T00:30', '2026-03-29T03:00'],
  ['in the night that is an hour long', [nightly], '2026-10-25T01:30', '2026-10-25T02:00'],
])('a blackout %s', (_what, windows, now, until) => {
  expect(iso(blackoutAt(windows, at(now))?.until)).toBe(String(until));
});

test('windows without an end are told as far as it matters', () => {
  const always: BlackoutWindow = { cron: '* * * * *', forMinutes: 10, timeZone };
  expect(blackoutAt([always], at('2026-05-12T10:00'))?.until).toBeGreaterThan(at('2026-05-12T10:30'));
});

test('windows in words', () => {
  expect(windowWords(nightly)).toBe('at 01:00 (Europe/Berlin), for 180 minutes');
  expect(windowWords({ from: '2026-05-17', to: '2026-05-17T12:00', timeZone })).toBe('from 2026-05-17 to 2026-05-17 12:00 (Europe/Berlin)');
});
