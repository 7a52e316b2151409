import { logLevels, type LogLevel } from './settings.ts';

export interface LogFilter {
  /** This level and the more severe ones. */
  level?: LogLevel | undefined;
  system?: string | undefined;
  recordId?: string | undefined;
  callId?: string | undefined;
  /** Milliseconds since 1970; older lines are left out. */
  since?: number | undefined;
}

export interface LogLine {
  text: string;
  fields: Record<string, unknown>;
}

/** A line of the file that passes the filter; lines that are no JSON (a crash's last words) pass only an empty one. */
export function matchLine(text: string, filter: LogFilter): LogLine | undefined {
  const fields = parse(text);
  if (!fields) {
    const isFiltering = Object.values(filter).some((value) => value !== undefined);
    return isFiltering || text.trim() === '' ? undefined : { text, fields: { msg: text } };
  }
  if (filter.level && severity(fields['level']) < severity(filter.level)) return undefined;
  if (filter.system !== undefined && fields['system'] !== filter.system) return undefined;
  if (filter.recordId !== undefined && fields['recordId'] !== filter.recordId) return undefined;
  if (filter.callId !== undefined && fields['callId'] !== filter.callId) return undefined;
  if (filter.since !== undefined && Date.parse(String(fields['time'])) < filter.since) return undefined;
  return { text, fields };
}

/** `10m`, `2h`, `1d` before now, or a date and time; undefined when it is neither. */
export function parseSince(text: string, now: number): number | undefined {
  const span = /^(\d+)\s*([smhd])$/.exec(text.trim());
  if (span) return now - Number(span[1]) * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[span[2] as 's' | 'm' | 'h' | 'd'];
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function severity(level: unknown): number {
  return logLevels.indexOf(level as LogLevel);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
