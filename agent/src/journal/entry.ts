import type { SapUnitAnswer, UnitEnding, Verdict, WireError } from '@ml-connector/shared';

/** A unit before its first call that may write. Times are milliseconds since 1970 by this machine's clock. */
export interface NewEntry {
  unitId: string;
  /** Of system and calls: the same id with another content is refused. */
  contentHash: string;
  system: string;
  functions: string[];
  callId: string;
  recordId: string | undefined;
  runId: string | undefined;
  flowId: string | undefined;
  notAfter: number;
  startedAt: number;
}

/**
 * `started`: calls that may write were allowed, no commit was. `committing`: the commit was allowed. Both are open: an agent that finds them after
 * a crash does not know the end. `finished`: the outcome is known, as far as anybody here can know it.
 */
export type EntryState = 'started' | 'committing' | 'finished';

export interface JournalEntry extends NewEntry {
  state: EntryState;
  committingAt: number | undefined;
  finishedAt: number | undefined;
  ending: UnitEnding | undefined;
  verdict: 'ok' | Verdict | undefined;
  code: string | undefined;
  outcome: UnitOutcome | undefined;
}

/** What the relay was answered. */
export type UnitOutcome = { answer: SapUnitAnswer } | { error: WireError };

export interface Finish {
  outcome: UnitOutcome;
  ending: UnitEnding;
  finishedAt: number;
}
