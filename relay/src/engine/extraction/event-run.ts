import { backoffMs, SystemError, toSystemError, toWireError } from '@ml-connector/shared';
import {
  dueKeys,
  endRun,
  haltConnection,
  intake,
  longestKeyWaitMs,
  putBackKeys,
  settleKeys,
  startRun,
  takeKeys,
} from '../../ledger/index.ts';
import type { LoadedMapping } from '../../mapping/index.ts';
import type { DirtyKeyRow, RunRow } from '../../store/index.ts';
import type { CallScope } from '../../systems/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { traceScope } from '../call-scope.ts';
import { answered } from '../connection-health.ts';
import { durably } from '../durably.ts';
import { mappingOf, runCancelled } from './extraction.ts';
import type { EngineParts } from '../parts.ts';
import { progressOf, withoutContent } from './run-progress.ts';
import type { OpenedConnection } from '../sessions.ts';

export interface EventRunRequest {
  active: ActiveFlow;
  /** Told the id of the run once it is on disk. */
  begun(runId: string): void;
}

/**
 * Reads the keys that events named and whose time has come. What cannot be read waits and is tried again, without holding up the rest; the
 * flow's schedule is left as it is. Never rejects for what the source does; the run says how it went.
 */
export async function readDueKeys(parts: EngineParts, request: EventRunRequest, signal: AbortSignal): Promise<void> {
  const { store, clock, sessions, settings, node } = parts;
  const { active } = request;
  const { ref: flow } = active;
  const due = await dueKeys(store, flow, clock.now(), settings.webhooks.keysPerRun);
  if (due.length === 0) return;
  const run = await startRun(store, clock, { flow, mode: 'events', trigger: 'webhook', nodeId: node.id });
  request.begun(run.id);
  await takeKeys(store, { flow, runId: run.id, keys: due.map(({ key }) => key) });
  const reading = new EventReading(parts, active, run, due);
  try {
    await sessions.use(active.sourceConnectionId, (source) => reading.read(source, signal));
    if (!reading.fault) await answered(parts, active.sourceConnectionId);
  } catch (error) {
    reading.fault ??= toSystemError(error, `reading what events of ${active.flow.id} named`);
  }
  await end(parts, reading, run, signal);
}

/** A cancelled run is not begun anew at once. */
const afterCancelMs = 60_000;

async function end(parts: EngineParts, reading: EventReading, run: RunRow, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = parts;
  const { fault } = reading;
  if (!signal.aborted) await reading.putBack(reading.left(), fault);
  else if (signal.reason === runCancelled) await reading.putBack(reading.left(), undefined, afterCancelMs);
  const endedAt = clock.now();
  const state = signal.aborted ? 'interrupted' : fault ? 'failed' : 'succeeded';
  const error = state === 'failed' && fault ? { error: toWireError(fault) } : {};
  const request = { state: 'succeeded', failures: 0, notBefore: endedAt } as const;
  await durably(parts, 'storing the end of a run', () => endRun(store, run, { state, endedAt, request, ...error }));
  if (state !== 'failed' || !fault) return;
  const fields = { tenantId: run.tenant_id, flowId: run.flow_id, runId: run.id, code: fault.code, verdict: fault.verdict };
  log.warn(fields, `reading what events named failed: ${fault.message}; those keys are read again by themselves`);
}

/** After so many failures in a row that pass by themselves, the source is not asked again in this run. */
const mostFailures = 3;

class EventReading {
  /** The first one. */
  fault: SystemError | undefined;
  readonly #parts: EngineParts;
  readonly #active: ActiveFlow;
  readonly #run: RunRow;
  /** Neither stored nor put back. */
  readonly #left: Map<string, DirtyKeyRow>;

  constructor(parts: EngineParts, active: ActiveFlow, run: RunRow, due: readonly DirtyKeyRow[]) {
    this.#parts = parts;
    this.#active = active;
    this.#run = run;
    this.#left = new Map(due.map((row) => [row.key, row]));
  }

  left(): string[] {
    return [...this.#left.keys()];
  }

  async read(source: OpenedConnection, signal: AbortSignal): Promise<void> {
    const parts = this.#parts;
    const run = this.#run;
    const traced = traceScope(parts, run, { signal, context: { runId: run.id, flowId: run.flow_id } }, withoutContent);
    const progress = progressOf(parts, run);
    try {
      const mapping = await mappingOf(parts, this.#active);
      await this.#readGroups({ source, mapping, scope: traced.scope, say: (message) => progress.say(message) });
    } finally {
      await progress.said();
      await traced.written();
    }
  }

  /** Until its time: after a wait that grows with the failures, or after `ms` where nothing went wrong. */
  async putBack(keys: readonly string[], fault: SystemError | undefined, ms = 0): Promise<void> {
    if (keys.length === 0) return;
    const { store, clock, settings } = this.#parts;
    const failures = Math.max(...keys.map((key) => this.#left.get(key)?.failures ?? 0)) + 1;
    const waitMs = fault ? Math.max(fault.retryAfterMs ?? 0, backoffMs(failures, settings.extractionRetry)) : ms;
    // One due later would count as planned by a clock that was ahead, and be read at once.
    const dueAt = clock.now() + Math.min(waitMs, longestKeyWaitMs);
    const { ref: flow } = this.#active;
    await durably(this.#parts, 'putting back keys', () =>
      putBackKeys(store, { flow, runId: this.#run.id, keys, dueAt, ...(fault && { error: toWireError(fault) }) }),
    );
    for (const key of keys) this.#left.delete(key);
  }

  async #readGroups(input: GroupInput): Promise<void> {
    const { signal } = input.scope;
    const groups = groupsOf([...this.#left.values()]);
    let failures = 0;
    for (let keys = groups.shift(); keys && !signal.aborted; keys = groups.shift()) {
      const fault = await this.#readGroup(input, keys);
      if (signal.aborted) return;
      const undone = keys.filter((key) => this.#left.has(key));
      if (!fault) {
        failures = 0;
        await this.#putBackUntold(undone);
        continue;
      }
      this.fault ??= fault;
      if (fault.verdict === 'halt') return this.#halt(input.source, fault);
      const passes = fault.verdict === 'retry';
      if (passes && ++failures >= mostFailures) return;
      // One of them is at fault, and will be each time.
      if (!passes && undone.length > 1) groups.unshift(...undone.map((key) => [key]));
      else await this.putBack(undone, fault);
    }
  }

  async #readGroup({ source, mapping, scope, say }: GroupInput, keys: readonly string[]): Promise<SystemError | undefined> {
    const { store, clock, settings } = this.#parts;
    const { flow, ref } = this.#active;
    const runId = this.#run.id;
    try {
      const batches = flow.readKeys?.({ keys, settings: mapping.settings, source: source.session, scope, clock, progress: say }) ?? [];
      for await (const { records, doneKeys } of batches) {
        const done = doneKeys.filter((key) => this.#left.has(key));
        await intake(store, clock, {
          flow: ref,
          runId,
          kind: flow.kind,
          mappingVersion: mapping.version,
          records,
          also: (sql) => settleKeys(sql, clock, { flow: ref, runId, keys: done }, settings.webhooks.debounce),
        });
        for (const key of done) this.#left.delete(key);
        if (scope.signal.aborted) break;
      }
      return undefined;
    } catch (error) {
      return toSystemError(error, `reading ${keys.length === 1 ? keys[0] : `${keys.length} keys`} of ${flow.id}`);
    }
  }

  async #putBackUntold(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const fault = new SystemError('KEY_NOT_READ', 'retry', `the source gave no answer for ${keys.slice(0, 5).join(', ')}`);
    this.fault ??= fault;
    await this.putBack(keys, fault);
  }

  async #halt({ connection }: OpenedConnection, fault: SystemError): Promise<void> {
    await haltConnection(this.#parts.store, this.#parts.clock, connection, toWireError(fault));
  }
}

interface GroupInput {
  source: OpenedConnection;
  mapping: LoadedMapping;
  scope: CallScope;
  say: (message: string) => void;
}

/** Keys that failed are read in ever smaller groups, so that one that always fails is alone in the end. */
function groupsOf(rows: readonly DirtyKeyRow[]): string[][] {
  const groups: string[][] = [];
  for (const [failures, of] of Map.groupBy(rows, (row) => Math.min(row.failures, 6))) {
    const size = failures < 2 ? of.length : 64 >> failures;
    for (let from = 0; from < of.length; from += size) groups.push(of.slice(from, from + size).map(({ key }) => key));
  }
  return groups;
}
