import type { BlackoutRow, CloseCalendarRow, IntegrationFlowRow } from '../../store/index.ts';
import { clockAt, cronWords, dayAfter, latestTime, momentOf, nextTime, type CronTimes, type LocalTime } from '../timing/index.ts';

/** When records of a flow may be posted, and which need a person's yes. Without a pattern: at once. */
export interface PostingRules {
  cron?: string | undefined;
  /** Of pattern and age limit; default UTC. */
  timeZone?: string | undefined;
  /** How long posting is open from each time on. Without it, what was read before that time goes out, however long it takes. */
  forMinutes?: number | undefined;
  /** Documents of older business days wait for approval. */
  maxAgeDays?: number | undefined;
}

/**
 * `freeze`: from then to then nothing is posted (a day as `to` is included whole). `closed`: documents of these business days are not
 * posted for as long as the entry stands.
 */
export type CalendarEntry =
  | { kind: 'freeze'; from: LocalTime; to: LocalTime; note?: string | undefined }
  | { kind: 'closed'; first: string; last: string; note?: string | undefined };

export interface CloseCalendar {
  name: string;
  timeZone: string;
  entries: readonly CalendarEntry[];
}

/** Again and again, or once. */
export type BlackoutWindow =
  | { cron: string; forMinutes: number; timeZone: string; note?: string | undefined }
  | { from: LocalTime; to: LocalTime; timeZone: string; note?: string | undefined };

/** Why something waits, and until when; null: until a person acts. */
export interface Hold {
  code: 'POSTING_SCHEDULE' | 'CLOSE_CALENDAR' | 'BLACKOUT';
  message: string;
  until: number | null;
}

export interface PostingNow {
  /** Records read up to then may be posted: Infinity for all, -Infinity for none. */
  readUpTo: number;
  /** Why the others wait; empty when all may go. */
  holds: Hold[];
}

export function postingRulesOf({ posting_json: json }: Pick<IntegrationFlowRow, 'posting_json'>): PostingRules {
  return json === null ? {} : (JSON.parse(json) as PostingRules);
}

export function calendarOf(row: CloseCalendarRow): CloseCalendar {
  return { name: row.name, timeZone: row.time_zone, entries: JSON.parse(row.entries_json) as CalendarEntry[] };
}

/** Those of a tenant's calendars that a flow keeps to. */
export function calendarsOf(
  rows: readonly CloseCalendarRow[],
  flow: Pick<IntegrationFlowRow, 'tenant_id' | 'integration_id' | 'flow_id'>,
): CloseCalendar[] {
  const concerns = (row: CloseCalendarRow): boolean =>
    row.tenant_id === flow.tenant_id &&
    (row.integration_id === null || row.integration_id === flow.integration_id) &&
    (row.flow_ids_json === null || (JSON.parse(row.flow_ids_json) as string[]).includes(flow.flow_id));
  return rows.filter(concerns).map(calendarOf);
}

export function windowsOf(row: Pick<BlackoutRow, 'windows_json'> | undefined): BlackoutWindow[] {
  return row ? (JSON.parse(row.windows_json) as BlackoutWindow[]) : [];
}

/** What of a flow may be posted at a moment, as its rules and its calendars say; what a person let go at `postNowAt` passes both. */
export function postingNow(
  { rules, calendars, postNowAt }: { rules: PostingRules; calendars: readonly CloseCalendar[]; postNowAt: number | null },
  now: number,
): PostingNow {
  const scheduled = bySchedule(rules, now);
  const freeze = freezeAt(calendars, now);
  const holds = [...(freeze ? [freeze] : []), ...scheduled.holds];
  return { readUpTo: Math.max(freeze ? -Infinity : scheduled.readUpTo, postNowAt ?? -Infinity), holds };
}

function bySchedule({ cron, timeZone = 'UTC', forMinutes }: PostingRules, now: number): PostingNow {
  if (cron === undefined) return { readUpTo: Infinity, holds: [] };
  const times = { cron, timeZone };
  const opened = latestTime(times, now);
  if (forMinutes !== undefined && opened !== undefined && now < opened + forMinutes * minuteMs) return { readUpTo: Infinity, holds: [] };
  const readUpTo = forMinutes === undefined ? (opened ?? -Infinity) : -Infinity;
  const until = nextTime(times, now) ?? null;
  const since = Number.isFinite(readUpTo) ? `records read since ${clockAt(readUpTo, timeZone)} wait` : 'records wait';
  const length = forMinutes === undefined ? '' : `, for ${forMinutes} minutes`;
  return { readUpTo, holds: [{ code: 'POSTING_SCHEDULE', message: `${since}: posted ${cronWords(times)}${length}`, until }] };
}

function freezeAt(calendars: readonly CloseCalendar[], now: number): Hold | undefined {
  const freezes = calendars.flatMap(({ name, timeZone, entries }) =>
    entries.flatMap((entry) => (entry.kind === 'freeze' ? [{ name, entry, span: spanOf(entry, timeZone) }] : [])),
  );
  const spans = freezes.map(
    ({ span }) =>
      () =>
        span,
  );
  const until = endOf(spans, now);
  if (until === undefined) return undefined;
  const names = freezes.filter(({ span }) => covers(span, now)).map(({ name, entry }) => `${name}${entry.note ? ` (${entry.note})` : ''}`);
  return { code: 'CLOSE_CALENDAR', message: `nothing is posted while ${[...new Set(names)].join(', ')} freezes it`, until };
}

/** The calendar entry that closes a business day. */
export function closedBy(calendars: readonly CloseCalendar[], day: string): { name: string; note: string } | undefined {
  for (const { name, entries } of calendars) {
    const entry = entries.find((one) => one.kind === 'closed' && one.first <= day && day <= one.last);
    if (entry) return { name, note: entry.note ?? '' };
  }
  return undefined;
}

/** Why nothing may go to or from a connection at a moment; undefined when it may. */
export function blackoutAt(windows: readonly BlackoutWindow[], now: number): Hold | undefined {
  const until = endOf(
    windows.map((window) => (moment) => spanAt(window, moment)),
    now,
  );
  if (until === undefined) return undefined;
  const notes = windows.filter((window) => covers(spanAt(window, now), now)).flatMap(({ note }) => (note ? [note] : []));
  const why = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return { code: 'BLACKOUT', message: `the connection is left alone${why}`, until };
}

export function windowWords(window: BlackoutWindow): string {
  if ('cron' in window) return `${cronWords(window)}, for ${window.forMinutes} minutes`;
  return `from ${window.from.replace('T', ' ')} to ${window.to.replace('T', ' ')} (${window.timeZone})`;
}

interface Span {
  from: number;
  /** Not included. */
  to: number;
}

/** End of a span that is written as local times; a day as its end is included whole. Also tells whether it ends before it begins. */
export function spanOf({ from, to }: { from: LocalTime; to: LocalTime }, timeZone: string): Span {
  return { from: momentOf(from, timeZone), to: momentOf(to.length === 10 ? dayAfter(to) : to, timeZone) };
}

function spanAt(window: BlackoutWindow, moment: number): Span | undefined {
  if (!('cron' in window)) return spanOf(window, window.timeZone);
  const times: CronTimes = window;
  const from = latestTime(times, moment);
  return from === undefined ? undefined : { from, to: from + window.forMinutes * minuteMs };
}

function covers(span: Span | undefined, moment: number): boolean {
  return span !== undefined && span.from <= moment && moment < span.to;
}

// Spans that touch or overlap are one; the bound ends those that follow each other for ever.
function endOf(spans: readonly ((moment: number) => Span | undefined)[], now: number): number | undefined {
  let end = now;
  for (let step = 0; step < 100; step++) {
    const last = Math.max(...spans.map((at) => at(end)).map((span) => (span && covers(span, end) ? span.to : -Infinity)));
    if (last === -Infinity) break;
    end = last;
  }
  return end === now ? undefined : end;
}

const minuteMs = 60_000;
