import {
  canonicalHash,
  fromWireError,
  SystemError,
  toSystemError,
  toWireError,
  type Clock,
  type Log,
  type SapUnitAnswer,
  type SapWritingUnit,
  type UnitReport,
} from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { Finish, JournalEntry, UnitOutcome } from './entry.ts';
import { limitOf, openGate, type UnitGate, type UnitPhase } from './gate.ts';
import { interrupted, withReport } from './interrupted.ts';
import type { UnitJournal } from './journal.ts';

export type UnitCall = Pick<IncomingCall, 'callId' | 'context' | 'clockOffsetMs' | 'signal'>;

/** Runs every unit at most once, whatever is asked how often, and remembers how it ended (README.md, "Units and the journal"). */
export interface Units extends Disposable {
  /**
   * Executes the unit, joins the execution under way, or answers from the journal. `execute` asks the gate before each step that cannot be
   * taken back. Every rejection that speaks of the unit has its `UnitReport` in `facts.unit`.
   */
  run(unit: SapWritingUnit, call: UnitCall, execute: (gate: UnitGate) => Promise<SapUnitAnswer>): Promise<SapUnitAnswer>;
  status(): UnitsStatus;
}

export interface UnitsStatus {
  /** Ids of the units under way here. */
  running: string[];
  /** Open entries that a crash left behind; undefined when the journal cannot be read. */
  interrupted: number | undefined;
  /** Outcomes that could not be written yet; they are answered from memory. */
  unwritten: number;
  problem: string | undefined;
}

export interface UnitsDeps {
  journal: UnitJournal;
  clock: Clock;
  log: Log;
}

interface RunningUnit {
  contentHash: string;
  outcome: Promise<SapUnitAnswer>;
  cancel: AbortController;
  /** Calls that wait for the outcome. */
  waiting: number;
}

const writeAgainMs = 5000;
const mostListed = 1000;

export function openUnits({ journal, clock, log }: UnitsDeps): Units {
  const running = new Map<string, RunningUnit>();
  const unwritten = new Map<string, Finish & { contentHash: string }>();
  const closing = new AbortController();
  let isWritingAgain = false;

  const run: Units['run'] = async (unit, call, execute) => {
    const contentHash = canonicalHash({ system: unit.system, calls: unit.calls });
    const current = running.get(unit.unitId);
    if (current) {
      refuseOther(unit.unitId, contentHash, current.contentHash);
      return wait(current, call.signal);
    }
    const known = outcomeOf(unit, contentHash);
    if (known) return replay(unit.unitId, known);
    const limit = limitOf(unit, { now: clock.now(), clockOffsetMs: call.clockOffsetMs });
    refuseUnknown(unit, limit);
    return wait(begin(unit, { call, contentHash, limit, execute }), call.signal);
  };

  /** What is known of a unit that does not run now. */
  const outcomeOf = (unit: SapWritingUnit, contentHash: string): UnitOutcome | undefined => {
    const held = unwritten.get(unit.unitId);
    if (held) {
      refuseOther(unit.unitId, contentHash, held.contentHash);
      return held.outcome;
    }
    const entry = findEntry(unit);
    if (!entry) return undefined;
    refuseOther(unit.unitId, contentHash, entry.contentHash);
    return entry.outcome ?? outcomeOfInterrupted(entry);
  };

  const findEntry = ({ unitId, isRepeat }: SapWritingUnit): JournalEntry | undefined => {
    try {
      return journal.find(unitId);
    } catch (error) {
      // Whether this unit was executed stands in the file that cannot be read.
      const failure = toSystemError(error, 'reading the journal');
      const known = isRepeat ? copyWith(failure, 'uncertain') : failure;
      throw withReport(known, { unitId, ending: isRepeat ? 'unknown' : 'notStarted', steps: [] });
    }
  };

  /** Asking for it settles the entry: the relay now knows that it has to look. */
  const outcomeOfInterrupted = (entry: JournalEntry): UnitOutcome => {
    const finish = interrupted(entry, clock.now());
    log.warn(
      { unitId: entry.unitId, recordId: entry.recordId, state: entry.state },
      'the relay was told of a unit that a crash had interrupted',
    );
    settle(entry.unitId, { ...finish, contentHash: entry.contentHash });
    return finish.outcome;
  };

  /** Not in the journal: it can only be executed where the journal would know of an earlier execution. */
  const refuseUnknown = ({ unitId, isRepeat }: SapWritingUnit, limit: number): void => {
    const report: UnitReport = { unitId, ending: 'notStarted', steps: [] };
    const isForgotten = limit < clock.now() - journal.reachesBackMs;
    if (isForgotten || (isRepeat && journal.isNew)) {
      const why = isForgotten ? 'the journal does not reach back so far' : 'the journal was made anew since it was sent';
      throw withReport(new SystemError('UNIT_UNKNOWN', 'uncertain', `unit ${unitId}: ${why}`), { ...report, ending: 'unknown' });
    }
    if (clock.now() < limit) return;
    throw withReport(new SystemError('UNIT_TOO_LATE', 'retry', `unit ${unitId}: its time was over before it began`), report);
  };

  const begin = (unit: SapWritingUnit, work: Beginning): RunningUnit => {
    const { contentHash, limit } = work;
    const { callId, context } = work.call;
    const { recordId, runId, flowId } = context;
    const functions = unit.calls.map((one) => one.function);
    const entry = { unitId: unit.unitId, contentHash, system: unit.system, functions, callId, recordId, runId, flowId, notAfter: limit };
    const cancel = new AbortController();
    const gate = openGate({ journal, clock, entry, remainingMs: unit.remainingMs, signal: cancel.signal });
    const outcome = perform(entry, gate, work.execute).finally(() => running.delete(unit.unitId));
    const begun = { contentHash, cancel, waiting: 0, outcome };
    running.set(unit.unitId, begun);
    return begun;
  };

  const perform = async (
    { unitId, contentHash }: { unitId: string; contentHash: string },
    gate: UnitGate,
    execute: Beginning['execute'],
  ): Promise<SapUnitAnswer> => {
    try {
      const answer = await execute(gate);
      settle(unitId, { contentHash, outcome: { answer }, ending: 'committed', finishedAt: clock.now() });
      return answer;
    } catch (error) {
      const failure = toSystemError(error, `unit ${unitId}`);
      const report = (failure.facts?.['unit'] as UnitReport | undefined) ?? { unitId, ending: endingAfter[gate.phase], steps: [] };
      const told = withReport(failure, report);
      // A unit that never began leaves no trace: the same id may still begin later.
      if (gate.phase !== 'waiting')
        settle(unitId, { contentHash, outcome: { error: toWireError(told) }, ending: report.ending, finishedAt: clock.now() });
      throw told;
    }
  };

  /** The answer never waits for the disk: what cannot be written is kept, and answered from memory meanwhile. */
  const settle = (unitId: string, finish: Finish & { contentHash: string }): void => {
    try {
      journal.finish(unitId, finish);
    } catch (error) {
      log.error(
        { unitId, err: error },
        'the outcome of a unit could not be journaled; it is kept in memory and written as soon as possible',
      );
      unwritten.set(unitId, finish);
      void writeAgain();
    }
  };

  const writeAgain = async (): Promise<void> => {
    if (isWritingAgain) return;
    isWritingAgain = true;
    while (unwritten.size > 0) {
      await clock.wait(writeAgainMs, closing.signal).catch(() => undefined);
      if (closing.signal.aborted) return;
      writeUnwritten();
    }
    isWritingAgain = false;
  };

  const writeUnwritten = (): void => {
    for (const [unitId, finish] of unwritten)
      try {
        journal.finish(unitId, finish);
        unwritten.delete(unitId);
        log.info({ unitId }, 'the outcome of a unit is in the journal now');
      } catch {
        return; // told when it failed first
      }
  };

  const countInterrupted = (): Pick<UnitsStatus, 'interrupted' | 'problem'> => {
    try {
      const open = journal.list({ onlyOpen: true, limit: mostListed });
      const left = open.filter(({ unitId }) => !running.has(unitId) && !unwritten.has(unitId));
      return { interrupted: left.length, problem: undefined };
    } catch (error) {
      return { interrupted: undefined, problem: toSystemError(error, 'reading the journal').message };
    }
  };

  return {
    run,
    status: () => ({ running: [...running.keys()], unwritten: unwritten.size, ...countInterrupted() }),
    [Symbol.dispose]: () => {
      closing.abort();
      writeUnwritten();
    },
  };
}

interface Beginning {
  call: UnitCall;
  contentHash: string;
  limit: number;
  execute: (gate: UnitGate) => Promise<SapUnitAnswer>;
}

/** Where the one who executed it cannot say: how far it was allowed to go. */
const endingAfter = { waiting: 'notStarted', started: 'abandoned', committing: 'unknown' } as const satisfies Record<UnitPhase, string>;

/** When the last one who waits has gone, the unit is cancelled. */
async function wait(unit: RunningUnit, signal: AbortSignal): Promise<SapUnitAnswer> {
  unit.waiting += 1;
  const leave = (): void => {
    unit.waiting -= 1;
    if (unit.waiting === 0) unit.cancel.abort();
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    return await unit.outcome;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function replay(unitId: string, outcome: UnitOutcome): SapUnitAnswer {
  const replayed = (unit: UnitReport): UnitReport => ({ ...unit, isReplayed: true });
  if ('error' in outcome) {
    const error = fromWireError(outcome.error);
    throw withReport(error, replayed((error.facts?.['unit'] as UnitReport | undefined) ?? { unitId, ending: 'unknown', steps: [] }));
  }
  const { answer } = outcome;
  return { ...answer, unit: replayed(answer.unit ?? { unitId, ending: 'committed', steps: [] }) };
}

function refuseOther(unitId: string, contentHash: string, known: string): void {
  if (contentHash === known) return;
  throw new SystemError(
    'UNIT_CONTENT_DIFFERS',
    'refused',
    `unit ${unitId} was sent before with another content; nothing of this one was executed`,
    {
      fix: 'Every execution needs an id of its own.',
    },
  );
}

function copyWith({ code, message, fix, facts, cause }: SystemError, verdict: 'uncertain'): SystemError {
  return new SystemError(code, verdict, message, { fix, facts, cause });
}
