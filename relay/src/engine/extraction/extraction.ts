import { backoffMs, SystemError, toSystemError, toWireError } from '@ml-connector/shared';
import type { DayRange } from '../../flows/index.ts';
import {
  endRun,
  haltConnection,
  intake,
  interruptedRequest,
  linkedKeys,
  startRun,
  type RequestEnd,
  type RunEnd,
  type RunPlan,
} from '../../ledger/index.ts';
import { loadMapping, type LoadedMapping } from '../../mapping/index.ts';
import type { RunRow } from '../../store/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { traceScope } from '../call-scope.ts';
import { answered } from '../connection-health.ts';
import { durably } from '../durably.ts';
import type { EngineParts } from '../parts.ts';
import { progressOf, withoutContent } from './run-progress.ts';
import { nextSweepAfter, regularAfter, scheduleOf, type DueRun } from './schedule.ts';
import type { OpenedConnection } from '../sessions.ts';

export interface ExtractionRequest extends DueRun {
  active: ActiveFlow;
  /** Told the id of the run once it is on disk. */
  begun(runId: string): void;
}

/** Reason of the signal when a person ends a run: the next one begins at its regular time, not at once. */
export const runCancelled = new Error('the run was cancelled');

/** Runs one extraction to its end and plans the next. Never rejects for what the source does; the run says how it went. */
export async function extract(parts: EngineParts, request: ExtractionRequest, signal: AbortSignal): Promise<void> {
  const { store, clock, sessions } = parts;
  const { active, mode, trigger } = request;
  const run = await startRun(store, clock, { flow: active.ref, mode, trigger, request: request.request, nodeId: parts.node.id });
  request.begun(run.id);
  try {
    await sessions.use(active.sourceConnectionId, (source) => read(parts, { ...request, run, source }, signal));
    await answered(parts, active.sourceConnectionId);
    await end(parts, request, run, signal.aborted ? interrupted(signal) : { state: 'succeeded' });
  } catch (error) {
    if (signal.aborted) return end(parts, request, run, interrupted(signal));
    await end(parts, request, run, { state: 'failed', error: toSystemError(error, `extracting ${active.flow.id}`) });
  }
}

interface Reading extends ExtractionRequest {
  run: RunRow;
  source: OpenedConnection;
}

async function read(parts: EngineParts, { active, mode, run, source }: Reading, signal: AbortSignal): Promise<void> {
  const { store, clock } = parts;
  const { flow, ref } = active;
  const context = { runId: run.id, flowId: flow.id };
  const traced = traceScope(parts, run, { signal, context }, withoutContent);
  const progress = progressOf(parts, run);
  try {
    const mapping = await mappingOf(parts, active);
    const isBackfill = mode === 'backfill';
    if (isBackfill) refuseUnknownBackfill(active);
    const cursor = await cursorOf(parts, active);
    const range = rangeOf(run);
    const { settings } = mapping;
    for await (const batch of flow.extract({
      mode,
      cursor,
      ...(range && { range }),
      settings,
      source: source.session,
      scope: traced.scope,
      clock,
      linkedKeys: (known) => linkedKeys(store, ref, known),
      progress: (message) => progress.say(message),
    })) {
      const { records, cursor: reached } = batch;
      const about = { flow: ref, runId: run.id, kind: flow.kind, mappingVersion: mapping.version };
      await intake(store, clock, { ...about, records, cursor: isBackfill ? undefined : reached });
      if (signal.aborted) break;
    }
  } catch (error) {
    const fault = toSystemError(error, `extracting ${flow.id}`);
    if (fault.verdict === 'halt') await haltConnection(store, clock, source.connection, toWireError(fault));
    throw fault;
  } finally {
    await progress.said();
    await traced.written();
  }
}

interface Ending {
  state: RunEnd['state'];
  error?: SystemError;
  isCancelled?: boolean;
}

function interrupted(signal: AbortSignal): Ending {
  return { state: 'interrupted', isCancelled: signal.reason === runCancelled };
}

async function end(parts: EngineParts, request: ExtractionRequest, run: RunRow, ending: Ending): Promise<void> {
  const { store, clock, log } = parts;
  const { state, error } = ending;
  const now = clock.now();
  const plan = request.mode === 'backfill' ? undefined : planAfter(parts, request, { run, ending, now });
  const requestEnd = requestAfter(parts.settings, request, ending, now);
  const runEnd: RunEnd = { state, endedAt: now, request: requestEnd, ...(plan && { plan }), ...(error && { error: toWireError(error) }) };
  await durably(parts, 'storing the end of a run', () => endRun(store, run, runEnd));
  if (!error) return;
  const fields = { tenantId: run.tenant_id, flowId: run.flow_id, runId: run.id, code: error.code, verdict: error.verdict };
  log.warn(fields, `extraction failed: ${error.message}; ${nextStep(error, plan?.nextRunAt ?? requestEnd.notBefore, now)}`);
}

function nextStep({ verdict }: SystemError, nextAt: number, now: number): string {
  if (verdict === 'halt') return 'waits until the connection is repaired';
  return nextAt > now ? `next try in ${Math.ceil((nextAt - now) / 1000)} s` : 'not tried again by itself';
}

function planAfter(
  { settings }: EngineParts,
  { active, mode }: ExtractionRequest,
  { run, ending, now }: { run: RunRow; ending: Ending; now: number },
): RunPlan {
  const { state, error, isCancelled = false } = ending;
  const schedule = scheduleOf(active.flow, active.row);
  const failures = state === 'failed' ? active.row.failures + 1 : state === 'interrupted' ? active.row.failures : 0;
  const startedAt = run.started_at;
  const nextRunAt = {
    succeeded: regularAfter(schedule.changes, { startedAt, now }),
    interrupted: isCancelled ? regularAfter(schedule.changes, { startedAt: now, now }) : now,
    failed: now + waitAfter(error, failures, settings),
  }[state];
  const ended = { mode, startedAt, isDone: state === 'succeeded', isCancelled, failures, nextRunAt };
  const nextSweepAt = nextSweepAfter(schedule, active.row, ended, now);
  return { nextRunAt, failures, ...(nextSweepAt === undefined ? {} : { nextSweepAt }) };
}

// The schedule repeats everything else; a backfill is repeated for its request, unless trying again would change nothing.
function requestAfter(
  settings: EngineParts['settings'],
  { mode, request }: ExtractionRequest,
  { state, error, isCancelled }: Ending,
  now: number,
): RequestEnd {
  if (state === 'interrupted') return isCancelled ? { state: 'cancelled', failures: 0, notBefore: now } : interruptedRequest(mode, now);
  const failures = state === 'failed' ? (request?.failures ?? 0) + 1 : 0;
  if (mode !== 'backfill' || state === 'succeeded' || error?.verdict === 'refused') return { state, failures, notBefore: now };
  return { state: 'waiting', failures, notBefore: now + waitAfter(error, failures, settings) };
}

function waitAfter(error: SystemError | undefined, failures: number, { extractionRetry }: EngineParts['settings']): number {
  return Math.max(error?.retryAfterMs ?? 0, backoffMs(Math.max(1, failures), extractionRetry));
}

function refuseUnknownBackfill({ flow }: ActiveFlow): void {
  if (!flow.canBackfill) throw new SystemError('BACKFILL_UNKNOWN', 'refused', `flow ${flow.id} cannot read a range of days`);
}

function rangeOf({ range_json: json }: RunRow): DayRange | undefined {
  return json === null ? undefined : (JSON.parse(json) as DayRange);
}

/** The mapping as it is now; settings that do not fit any more are the flow's fault, not the connection's. */
export async function mappingOf({ store }: Pick<EngineParts, 'store'>, { ref, flow }: ActiveFlow): Promise<LoadedMapping> {
  try {
    return await loadMapping(store, ref, flow);
  } catch (cause) {
    const message = `loading the settings of ${flow.id}: ${cause instanceof Object && 'message' in cause ? String(cause.message) : String(cause)}`;
    throw new SystemError('FLOW_SETTINGS_INVALID', 'refused', message, { cause, fix: 'Open the flow and save its settings again.' });
  }
}

async function cursorOf({ store }: EngineParts, { ref }: ActiveFlow): Promise<unknown> {
  const row = await store.db
    .selectFrom('integration_flow')
    .select('cursor_json')
    .where('integration_id', '=', ref.integrationId)
    .where('flow_id', '=', ref.flowId)
    .executeTakeFirstOrThrow();
  return row.cursor_json === null ? null : (JSON.parse(row.cursor_json) as unknown);
}
