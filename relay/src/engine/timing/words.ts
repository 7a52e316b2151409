import type { CronTimes } from './cron.ts';

/** A pattern in words: `at 22:00 from Monday to Friday (Europe/Berlin)`. What has no simple words is told by its fields. */
export function cronWords({ cron, timeZone }: CronTimes): string {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.trim().toUpperCase().split(/\s+/);
  const parts = [timeWords(minute, hour), dayWords(day, weekday), month === '*' ? '' : `in ${monthWords(month)}`];
  return `${parts.filter((part) => part !== '').join(' ')} (${timeZone})`;
}

/** `every 10 minutes`, `every hour`, `every 90 seconds`. */
export function intervalWords(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  const [length, unit] = units.find(([one]) => ms >= one && ms % one === 0) ?? [1, 'millisecond'];
  return everyWords(ms / length, unit);
}

function everyWords(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

function timeWords(minute: string, hour: string): string {
  const minutes = numbers(minute);
  const hours = numbers(hour);
  if (minutes && hours && minutes.length * hours.length <= 6) {
    return `at ${listWords(hours.flatMap((h) => minutes.map((m) => `${pad(h)}:${pad(m)}`)))}`;
  }
  const within = hour === '*' ? '' : ` ${hourWords(hour)}`;
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (minute === '*') return `every minute${within}`;
  if (step !== undefined) return `${everyWords(Number(step), 'minute')}${within}`;
  const everyHours = /^\*\/(\d+)$/.exec(hour)?.[1];
  const at = minutes ? listWords(minutes.map(String)) : minute;
  const past = `${at} minute${at === '1' ? '' : 's'} past`;
  if (everyHours !== undefined)
    return minute === '0' ? everyWords(Number(everyHours), 'hour') : `${past} ${everyWords(Number(everyHours), 'hour')}`;
  return minute === '0' && hour === '*' ? 'every hour' : `${past} every hour${within}`;
}

function hourWords(hour: string): string {
  const step = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (step !== undefined) return `in every ${step}. hour`;
  const range = /^(\d+)-(\d+)$/.exec(hour);
  if (range) return `from ${pad(Number(range[1]))}:00 to ${pad(Number(range[2]))}:59`;
  return `in the hours ${hour.replaceAll(',', ', ')}`;
}

function dayWords(day: string, weekday: string): string {
  const days = day === '*' || day === '?' ? '' : dayOfMonthWords(day);
  const weekdays = weekday === '*' || weekday === '?' ? '' : weekdayWords(weekday);
  // Cron's own rule: with both given, either is enough.
  return [days, weekdays].filter((part) => part !== '').join(' or ');
}

function dayOfMonthWords(day: string): string {
  if (day === 'L') return 'on the last day of the month';
  const days = numbers(day);
  return `on day ${days ? listWords(days.map(String)) : day} of the month`;
}

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const monthNames = 'January February March April May June July August September October November December'.split(' ');

function weekdayWords(weekday: string): string {
  const nth = /^(\w+)#(\d|L)$/.exec(weekday);
  if (nth) return `on the ${nth[2] === 'L' ? 'last' : `${nth[2]}.`} ${nameOf(nth[1] ?? '', weekdayNames, 0)} of the month`;
  const range = /^(\w+)-(\w+)$/.exec(weekday);
  if (range) return `from ${nameOf(range[1] ?? '', weekdayNames, 0)} to ${nameOf(range[2] ?? '', weekdayNames, 0)}`;
  return `on ${listWords(weekday.split(',').map((one) => nameOf(one, weekdayNames, 0)))}`;
}

function monthWords(month: string): string {
  const range = /^(\w+)-(\w+)$/.exec(month);
  if (range) return `${nameOf(range[1] ?? '', monthNames, 1)} to ${nameOf(range[2] ?? '', monthNames, 1)}`;
  return listWords(month.split(',').map((one) => nameOf(one, monthNames, 1)));
}

function nameOf(text: string, names: readonly string[], first: number): string {
  const number = /^\d+$/.test(text) ? Number(text) - first : names.findIndex((name) => name.toUpperCase().startsWith(text));
  return names[number] ?? text;
}

/** `5` or `5,20`; undefined for anything with a step, a range or a star. */
function numbers(field: string): number[] | undefined {
  return /^\d+(,\d+)*$/.test(field) ? field.split(',').map(Number) : undefined;
}

function listWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
