import { z } from 'zod';
import type { RunRow } from '../store/index.ts';
import { id, isoTime, isoTimeOrNull, time, timeOrNull } from './ids.ts';

/** Modes that a person can ask for. */
export const runModes = ['changes', 'sweep', 'full', 'backfill'] as const;

const days = z.object({ first: z.string(), last: z.string() });
/** Business days of a backfill, both included; null for any other run. */
export const daysOrNull = days.nullable().describe('Business days of a backfill, both included');

/** A run as the API answers it. */
export const run = z
  .object({
    id: id('run'),
    integrationId: id('integration'),
    flowId: z.string(),
    mode: z.enum([...runModes, 'events', 'replay']),
    days: daysOrNull,
    trigger: z.enum(['schedule', 'manual', 'webhook', 'replay']),
    state: z.enum(['running', 'succeeded', 'failed', 'interrupted']),
    read: z.int(),
    new: z.int(),
    unchanged: z.int(),
    superseded: z.int(),
    progress: z.string(),
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    startedAt: time,
    endedAt: timeOrNull,
  })
  .meta({ id: 'Run' });

export function showRun(row: RunRow): z.input<typeof run> {
  const error = row.error_json === null ? null : (JSON.parse(row.error_json) as { code: string; message: string; fix?: string });
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    mode: row.mode as z.input<typeof run>['mode'],
    days: showDays(row),
    trigger: row.trigger as z.input<typeof run>['trigger'],
    state: row.state as z.input<typeof run>['state'],
    read: row.read_count,
    new: row.new_count,
    unchanged: row.unchanged_count,
    superseded: row.superseded_count,
    progress: row.progress,
    problem: error ? { code: error.code, message: error.message, fix: error.fix ?? '' } : null,
    startedAt: isoTime(row.started_at),
    endedAt: isoTimeOrNull(row.ended_at),
  };
}

export function showDays({ range_json: json }: Pick<RunRow, 'range_json'>): z.input<typeof days> | null {
  return json === null ? null : (JSON.parse(json) as z.input<typeof days>);
}
