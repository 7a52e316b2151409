import { SystemError, toWireError, type UnitReport } from '@ml-connector/shared';
import type { Finish, JournalEntry } from './entry.ts';

/**
 * The outcome of an entry that a crash left open. Both kinds are `uncertain`, as nobody saw the end: the relay looks into SAP before it sends
 * anything again.
 */
export function interrupted({ unitId, state, startedAt }: JournalEntry, now: number): Finish {
  const since = new Date(startedAt).toISOString();
  const wasCommitting = state === 'committing';
  const error = wasCommitting
    ? new SystemError(
        'UNIT_INTERRUPTED_IN_COMMIT',
        'uncertain',
        `unit ${unitId} of ${since}: the agent ended while it committed; SAP may have posted it`,
        { fix: 'Look for the document in SAP (number, reference, SM13 for a stopped update) before anything is sent again.' },
      )
    : new SystemError(
        'UNIT_INTERRUPTED',
        'uncertain',
        `unit ${unitId} of ${since}: the agent ended before it committed; SAP rolled back when the session died, unless a function commits by itself`,
        { fix: 'Look into SAP all the same before anything is sent again.' },
      );
  const report: UnitReport = { unitId, ending: wasCommitting ? 'unknown' : 'abandoned', steps: [] };
  return { outcome: { error: toWireError(withReport(error, report)) }, ending: report.ending, finishedAt: now };
}

/** The same error with the unit's report in its facts. */
export function withReport({ code, verdict, message, retryAfterMs, fix, facts, cause }: SystemError, unit: UnitReport): SystemError {
  return new SystemError(code, verdict, message, { retryAfterMs, fix, cause, facts: { ...facts, unit } });
}
