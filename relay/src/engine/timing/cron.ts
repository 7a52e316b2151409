import { Cron } from 'croner';

/** Times by a cron pattern of five fields (minute, hour, day, month, weekday) on the clocks of a time zone. */
export interface CronTimes {
  cron: string;
  /** IANA name: `Europe/Berlin`. */
  timeZone: string;
}

/**
 * The first time after `after`, in milliseconds; undefined when there is none any more. On the day the clocks go forward, a time that does
 * not exist comes at the first one that does; when they go back, a fixed time comes once, an interval (`*` or a step) goes on.
 */
export function nextTime(times: CronTimes, after: number): number | undefined {
  return nextTimes(times, after, 1)[0];
}

export function nextTimes(times: CronTimes, after: number, count: number): number[] {
  return compiled(times)
    .nextRuns(count, new Date(after))
    .map((date) => date.getTime());
}

/** The last time up to and including `upTo`. */
export function latestTime(times: CronTimes, upTo: number): number | undefined {
  return compiled(times)
    .previousRuns(1, new Date(upTo + 1))[0]
    ?.getTime();
}

/** What is wrong with a pattern, as the end of a sentence that begins with its name; undefined when it is good. */
export function cronFault(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 6 || fields.length === 7) return 'has a field for seconds; give five: minute, hour, day, month, weekday';
  if (fields.length !== 5 || cron.trim() === '') return 'must have five fields: minute, hour, day, month, weekday';
  try {
    const next = nextTime({ cron, timeZone: 'UTC' }, Date.UTC(2026, 0, 1));
    return next === undefined ? 'names times that never come' : undefined;
  } catch (error) {
    const message = error instanceof Object && 'message' in error ? String(error.message) : String(error);
    return `cannot be read: ${message.replace(/^CronPattern: /, '')}`;
  }
}

export function isTimeZone(name: string): boolean {
  // The runtime also takes offsets (+02:00), which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

// "no-wildcard": a list of hours is as fixed as a single one, so that it is not skipped in the hour that summer time takes away.
function compiled({ cron, timeZone }: CronTimes): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}
