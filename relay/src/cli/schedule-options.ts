import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from './failure.ts';

/** Options of a command that says when a flow runs. */
export interface ScheduleOptions {
  every?: number;
  cron?: string;
  sweepEvery?: number;
  sweepCron?: string;
  timeZone?: string;
}

export const everyOption = (): Option => new Option('--every <seconds>', "time between runs (default: the flow's own)").argParser(seconds);
export const cronOption = (): Option => new Option('--cron <pattern>', 'times of runs instead: minute, hour, day, month, weekday');
export const sweepEveryOption = (): Option =>
  new Option('--sweep-every <seconds>', "time between looks at every key (default: the flow's own)").argParser(seconds);
export const sweepCronOption = (): Option => new Option('--sweep-cron <pattern>', 'times of looks at every key instead');
export const timeZoneOption = (): Option => new Option('--time-zone <name>', 'of the patterns, for instance Europe/Berlin (default: UTC)');

interface PresentSchedule {
  everySeconds: number | null;
  cron: string | null;
  sweepEverySeconds: number | null;
  sweepCron: string | null;
  timeZone: string | null;
}

/** The schedule to be sent: what is not given stays as it is; undefined when nothing is given. */
export function scheduleOf(
  { every, cron, sweepEvery, sweepCron, timeZone }: ScheduleOptions,
  present?: PresentSchedule,
): object | undefined {
  if (every !== undefined && cron !== undefined) throw new UsageError('give --every or --cron, not both');
  if (sweepEvery !== undefined && sweepCron !== undefined) throw new UsageError('give --sweep-every or --sweep-cron, not both');
  // With posting times alone the zone is theirs.
  if ([every, cron, sweepEvery, sweepCron].every((given) => given === undefined)) return undefined;
  const changes = every ?? cron;
  const sweep = sweepEvery ?? sweepCron;
  return {
    everySeconds: changes === undefined ? (present?.everySeconds ?? undefined) : every,
    cron: changes === undefined ? (present?.cron ?? undefined) : cron,
    sweepEverySeconds: sweep === undefined ? (present?.sweepEverySeconds ?? undefined) : sweepEvery,
    sweepCron: sweep === undefined ? (present?.sweepCron ?? undefined) : sweepCron,
    timeZone: timeZone ?? present?.timeZone ?? undefined,
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
