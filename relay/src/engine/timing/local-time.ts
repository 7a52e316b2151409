/** `2026-05-31` or `2026-05-31T18:30`, as the clocks of a time zone show it. */
export type LocalTime = string;

/** The moment at which the clocks of the zone show that time; a day alone is its beginning. A time that is skipped is the one after it. */
export function momentOf(local: LocalTime, timeZone: string): number {
  const wall = Date.parse(local.length === 10 ? `${local}T00:00:00Z` : `${local}:00Z`);
  const guess = wall - offsetAt(wall, timeZone);
  const moment = wall - offsetAt(guess, timeZone);
  // Both sides of a change disagree: within the hour that is skipped only the later one is a time that exists.
  return offsetAt(moment, timeZone) === wall - moment ? moment : Math.max(guess, moment);
}

/** `2026-05-31`: the day it is in the zone. */
export function dayAt(moment: number, timeZone: string): string {
  return wallAt(moment, timeZone).slice(0, 10);
}

/** `2026-05-31 18:30` in the zone, for people. */
export function clockAt(moment: number, timeZone: string): string {
  return wallAt(moment, timeZone).slice(0, 16).replace('T', ' ');
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** The day after. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}

/** Whether it is a day of the calendar: not `2026-02-30`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const moment = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

const dayMs = 86_400_000;

function offsetAt(moment: number, timeZone: string): number {
  return Date.parse(`${wallAt(moment, timeZone)}Z`) - Math.floor(moment / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function wallAt(moment: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format.format(moment).replace(' ', 'T');
}
