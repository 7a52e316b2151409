import { steadyNow, SystemError, type Clock, type SapWritingUnit } from '@ml-connector/shared';
import type { UnitJournal } from './journal.ts';
import type { NewEntry } from './entry.ts';

/** `waiting`: nothing that may write was allowed yet. */
export type UnitPhase = 'waiting' | 'started' | 'committing';

/** What the one who executes a unit has to ask before each step that cannot be taken back. */
export interface UnitGate {
  /** By this machine's clock: from then on nothing starts and nothing commits. */
  readonly limit: number;
  /** Nobody waits for the unit any more: what is not yet committing is to be rolled back. */
  readonly signal: AbortSignal;
  readonly phase: UnitPhase;
  /** Before the first call that may write. Throws (`retry`) when it must not be made. */
  start(): void;
  /** Before the commit. Throws (`retry`) when the unit is to be rolled back instead. */
  commit(): void;
}

export interface GateDeps {
  journal: UnitJournal;
  clock: Clock;
  entry: Omit<NewEntry, 'startedAt'>;
  remainingMs: number;
  signal: AbortSignal;
}

export function openGate({ journal, clock, entry, remainingMs, signal }: GateDeps): UnitGate {
  const { unitId, notAfter: limit } = entry;
  const latest = steadyNow(clock) + remainingMs;
  let phase: UnitPhase = 'waiting';
  /** The wall clock may be set back, the steady one stands still while a machine is suspended: the earlier end counts. */
  const refuseLate = (step: string): void => {
    if (signal.aborted) throw new SystemError('UNIT_CANCELLED', 'retry', `unit ${unitId} was cancelled before its ${step}`);
    if (clock.now() < limit && steadyNow(clock) < latest) return;
    throw new SystemError('UNIT_TOO_LATE', 'retry', `unit ${unitId}: its time was over before its ${step}`);
  };
  return {
    limit,
    signal,
    get phase() {
      return phase;
    },
    start: () => {
      refuseLate('first call');
      journal.start({ ...entry, startedAt: clock.now() });
      phase = 'started';
    },
    commit: () => {
      refuseLate('commit');
      journal.committing(unitId, clock.now());
      phase = 'committing';
    },
  };
}

/** The end of a unit by this machine's clock: the earlier one of both that the relay names (shared/src/sap-units.ts). */
export function limitOf({ notAfter, remainingMs }: SapWritingUnit, arrival: { now: number; clockOffsetMs: number }): number {
  return Math.min(notAfter + arrival.clockOffsetMs, arrival.now + remainingMs);
}
