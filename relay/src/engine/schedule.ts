import type { IntegrationFlowRow } from '../store/index.ts';
import type { ExtractMode, Flow } from '../flows/index.ts';
import type { RunTrigger } from '../ledger/index.ts';

export interface Schedule {
  everyMs: number;
  sweepEveryMs?: number | undefined;
}

export function scheduleOf(flow: Flow, row: IntegrationFlowRow): Schedule {
  return row.schedule_json === null ? flow.schedule : { ...flow.schedule, ...(JSON.parse(row.schedule_json) as Partial<Schedule>) };
}

/** The run that should start now: what a person asked for, else a sweep, else the changes; undefined when nothing is due. */
export function dueRun(row: IntegrationFlowRow, now: number): { mode: ExtractMode; trigger: RunTrigger } | undefined {
  if (row.requested_mode !== null) return { mode: row.requested_mode as ExtractMode, trigger: 'manual' };
  if (row.next_run_at !== null && row.next_run_at > now) return undefined;
  const isSweepDue = row.next_sweep_at !== null && row.next_sweep_at <= now;
  return { mode: isSweepDue ? 'sweep' : 'changes', trigger: 'schedule' };
}

/** When the next sweep is due after a run; undefined leaves it as it is. */
export function nextSweepAfter(
  { everyMs, sweepEveryMs }: Schedule,
  row: IntegrationFlowRow,
  run: { mode: ExtractMode; isDone: boolean; /** Failed runs in a row. */ failures: number; nextRunAt: number },
  now: number,
): number | undefined {
  // One that broke is repeated. What keeps breaking it must not keep the changes from being read, so that they come in between.
  if (run.mode === 'sweep' && !run.isDone) return run.failures > 1 ? run.nextRunAt + everyMs : now;
  if (sweepEveryMs === undefined) return undefined;
  const hasLookedAtAll = run.isDone && run.mode !== 'changes';
  return hasLookedAtAll || row.next_sweep_at === null ? now + sweepEveryMs : undefined;
}
