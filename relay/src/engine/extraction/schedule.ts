import type { ExtractMode, Flow } from '../../flows/index.ts';
import type { RunTrigger } from '../../ledger/index.ts';
import type { IntegrationFlowRow, RunRequestRow } from '../../store/index.ts';
import { cronWords, intervalWords, nextTime, nextTimes, type CronTimes } from '../timing/index.ts';

/** Either so long after the end of the run before, or at times by the clock. */
export type Timing = { everyMs: number } | CronTimes;

/** When a flow reads what changed, and when it looks at every key. */
export interface Schedule {
  changes: Timing;
  sweep?: Timing | undefined;
}

/** As it is stored; what is left out is the flow's own. `timeZone` belongs to the patterns, default UTC. */
export interface StoredSchedule {
  everyMs?: number | undefined;
  cron?: string | undefined;
  sweepEveryMs?: number | undefined;
  sweepCron?: string | undefined;
  timeZone?: string | undefined;
}

export function storedSchedule({ schedule_json: json }: Pick<IntegrationFlowRow, 'schedule_json'>): StoredSchedule {
  return json === null ? {} : (JSON.parse(json) as StoredSchedule);
}

export function scheduleOf({ schedule: own }: Pick<Flow, 'schedule'>, row: Pick<IntegrationFlowRow, 'schedule_json'>): Schedule {
  const { everyMs = own.everyMs, cron, sweepEveryMs = own.sweepEveryMs, sweepCron, timeZone = 'UTC' } = storedSchedule(row);
  const sweep =
    sweepCron !== undefined ? { cron: sweepCron, timeZone } : sweepEveryMs !== undefined ? { everyMs: sweepEveryMs } : undefined;
  return { changes: cron === undefined ? { everyMs } : { cron, timeZone }, sweep };
}

export function timingWords(timing: Timing): string {
  return 'cron' in timing ? cronWords(timing) : intervalWords(timing.everyMs);
}

/** The next times of a timing as far as they can be told: an interval counts from the next one that is planned. */
export function plannedTimes(timing: Timing, { next, now, count }: { next: number | null; now: number; count: number }): number[] {
  if ('cron' in timing) return nextTimes(timing, now, count);
  const first = Math.max(next ?? now, now);
  return Array.from({ length: count }, (_, place) => first + place * timing.everyMs);
}

/** Plan of a flow that is new, or has another schedule: an interval begins now, a pattern at its next time. */
export function firstPlan(
  { changes, sweep }: Schedule,
  nextSweepAt: number | null,
  now: number,
): { next_run_at: number; next_sweep_at: number | null } {
  const nextRunAt = 'cron' in changes ? regularAfter(changes, { startedAt: now, now }) : now;
  if (!sweep) return { next_run_at: nextRunAt, next_sweep_at: null };
  const regular = regularAfter(sweep, { startedAt: now, now });
  const isKept = !('cron' in sweep) && (nextSweepAt === null || nextSweepAt < regular);
  // null: planned when the first run has ended, which looks at everything anyway.
  return { next_run_at: nextRunAt, next_sweep_at: isKept ? nextSweepAt : regular };
}

/** The run that should start now. */
export interface DueRun {
  mode: ExtractMode;
  trigger: RunTrigger;
  request?: RunRequestRow;
}

/** What a person asked for, else a sweep, else the changes; undefined when nothing is due. However many times were missed, it is one run. */
export function dueRun(row: IntegrationFlowRow, request: RunRequestRow | undefined, now: number): DueRun | undefined {
  if (request && request.not_before <= now) return { mode: request.mode as ExtractMode, trigger: 'manual', request };
  const isLater = row.next_run_at !== null && row.next_run_at > now;
  const isHeldBack = isLater && row.failures > 0;
  if (row.next_sweep_at !== null && row.next_sweep_at <= now && !isHeldBack) return { mode: 'sweep', trigger: 'schedule' };
  return isLater ? undefined : { mode: 'changes', trigger: 'schedule' };
}

export interface EndedRun {
  mode: ExtractMode;
  startedAt: number;
  isDone: boolean;
  isCancelled: boolean;
  /** Failed runs in a row, this one included. */
  failures: number;
}

/**
 * The regular time after a run. A pattern counts from the run's start: what came due while it ran is caught up, once. After a cancelled run
 * the next one begins later, whatever came due.
 */
export function regularAfter(timing: Timing, { startedAt, now }: { startedAt: number; now: number }): number {
  return 'cron' in timing ? (nextTime(timing, startedAt) ?? now + dayMs) : now + timing.everyMs;
}

/** When the next sweep is due after a run; null: none is, undefined leaves it as it is. */
export function nextSweepAfter(
  { changes, sweep }: Schedule,
  row: IntegrationFlowRow,
  { nextRunAt, ...run }: EndedRun & { nextRunAt: number },
  now: number,
): number | null | undefined {
  const regular = sweep ? regularAfter(sweep, { startedAt: run.isCancelled ? now : run.startedAt, now }) : null;
  if (run.mode === 'sweep' && run.isCancelled) return regular;
  // One that broke is repeated. What keeps breaking it must not keep the changes from being read, so that they come in between.
  if (run.mode === 'sweep' && !run.isDone) return run.failures > 1 ? regularAfter(changes, { startedAt: nextRunAt, now: nextRunAt }) : now;
  const hasLookedAtAll = run.isDone && run.mode !== 'changes';
  return hasLookedAtAll || row.next_sweep_at === null ? regular : undefined;
}

const dayMs = 86_400_000;
