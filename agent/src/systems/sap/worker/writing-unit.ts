import {
  SystemError,
  toSystemError,
  type Clock,
  type SapMessage,
  type SapUnitAnswer,
  type UnitEnding,
  type UnitStep,
} from '@ml-connector/shared';
import { isReadOnly } from '../functions.ts';
import { isClean, returnError, returnMessages } from '../return-messages.ts';
import { toJsonValues } from '../values.ts';
import type { UnitLeave } from './protocol.ts';
import type { Session } from './session.ts';

export interface WritingUnit {
  unitId: string;
  /** By this machine's clock; the agent keeps it too, this is looked at right before the commit leaves. */
  notAfter: number;
  /** With their parameters checked. */
  calls: readonly { function: string; parameters: Record<string, unknown> }[];
}

export interface WritingUnitDeps {
  session: Session;
  /** Resolves once the agent has journaled the step; rejects when it must not be taken. */
  leave: (step: UnitLeave) => Promise<void>;
  /** Aborts when nobody waits for the unit any more. */
  signal: AbortSignal;
  clock: Clock;
}

const commitFunction = 'BAPI_TRANSACTION_COMMIT';
const rollbackFunction = 'BAPI_TRANSACTION_ROLLBACK';

/**
 * Runs the calls on one ABAP session and commits on the same connection handle when every one was clean (facts/sap-ecc.md 1.3, 2.6).
 * `retry` and `refused` are claimed only on SAP's own word: it refused the call, dumped (which rolls back), or confirmed the rollback.
 *
 * | what happens                                               | then                       | ending     | verdict                          |
 * | ---------------------------------------------------------- | -------------------------- | ---------- | -------------------------------- |
 * | leave to start is denied, cancelled before it              | nothing is sent            | notStarted | retry                            |
 * | a reading call before the first writing one fails          | nothing was written        | notStarted | its own, never uncertain         |
 * | RETURN of type A, E, X                                     | rollback                   | rolledBack | refused; retry when locked       |
 * | the same, rollback not confirmed                           | connection closed          | abandoned  | the same: SAP said that it failed |
 * | exception (RAISE)                                          | rollback                   | rolledBack | its own                          |
 * | short dump, message A, E, X                                | SAP has rolled back itself | rolledBack | its own, uncertain becomes retry |
 * | connection lost, timed out, or another handle, before commit | connection closed        | abandoned  | uncertain                        |
 * | cancelled, too late, journal fails, before commit          | rollback                   | rolledBack | retry                            |
 * | the same, rollback not confirmed                           | connection closed          | abandoned  | uncertain                        |
 * | commit answered, RETURN clean                              |                            | committed  | (answer)                         |
 * | commit answered, RETURN A, E, X (update failed)            | connection closed          | unknown    | uncertain                        |
 * | commit lost, timed out or dumped                           | connection closed          | unknown    | uncertain                        |
 * | commit refused: no such function, no authority             | connection closed          | abandoned  | refused                          |
 */
export async function runWritingUnit(unit: WritingUnit, deps: WritingUnitDeps): Promise<SapUnitAnswer> {
  const { session } = deps;
  const steps: UnitStep[] = [];
  const timed = stepRecorder(steps, deps.clock);
  let ending: UnitEnding = 'notStarted';

  /** Without SAP's word that nothing stays, nobody may claim it. */
  const rollBack = async (error: SystemError, isSapsWord = false): Promise<SystemError> => {
    if (ending === 'notStarted') return error;
    const isConfirmed = await timed(rollbackFunction, async () => ({ value: await session.rollBack() }));
    ending = isConfirmed ? 'rolledBack' : 'abandoned';
    return isConfirmed || isSapsWord ? error : withVerdict(error, 'uncertain');
  };

  const callOne = async ({ function: name, parameters }: WritingUnit['calls'][number]): Promise<Record<string, unknown>> => {
    const writes = ending !== 'notStarted';
    const { result, messages } = await timed(name, async () => {
      const raw = await session.call(name, parameters, { writes, isPatient: true });
      return { value: { result: raw, messages: returnMessages(raw) }, messages: returnMessages(raw) };
    }).catch(async (error: unknown) => {
      throw await afterRejection(toSystemError(error, `calling ${name}`));
    });
    if (!isClean(messages)) throw await rollBack(returnError(name, messages), true);
    return toJsonValues(result) as Record<string, unknown>;
  };

  const afterRejection = async (error: SystemError): Promise<SystemError> => {
    if (ending === 'notStarted') return error;
    if (error.facts?.['code'] === raised) return rollBack(error);
    session.discard();
    ending = isAbapEnd(error) ? 'rolledBack' : 'abandoned';
    return isAbapEnd(error) && error.verdict === 'uncertain' ? withVerdict(error, 'retry') : error;
  };

  const commit = async (): Promise<void> => {
    const refusal = await deps.leave('commit').then(
      () => (deps.clock.now() < unit.notAfter ? undefined : tooLate(unit.unitId)),
      (error: unknown) => toSystemError(error, 'asking for leave to commit'),
    );
    if (refusal) throw await rollBack(refusal);
    ending = 'unknown';
    const messages = await timed(commitFunction, async () => {
      const told = returnMessages(await session.call(commitFunction, { WAIT: 'X' }, { writes: true, isPatient: true }));
      return { value: told, messages: told };
    }).catch((error: unknown) => {
      session.discard();
      const failure = toSystemError(error, 'committing');
      if (wasNotExecuted(failure) || failure.code === 'SAP_SESSION_CHANGED') ending = 'abandoned';
      throw wasNotExecuted(failure) ? failure : withVerdict(failure, 'uncertain');
    });
    if (!isClean(messages)) {
      session.discard();
      throw updateFailed(messages);
    }
    ending = 'committed';
  };

  try {
    const results: Record<string, unknown>[] = [];
    for (const call of unit.calls) {
      if (deps.signal.aborted) throw await rollBack(cancelled(unit.unitId));
      if (ending === 'notStarted' && !isReadOnly(call.function)) {
        await deps.leave('start');
        ending = 'abandoned'; // until something better is known
      }
      results.push(await callOne(call));
    }
    if (ending === 'notStarted') await deps.leave('start');
    await commit();
    return { results, unit: { unitId: unit.unitId, ending, steps } };
  } catch (error) {
    const { code, verdict, message, fix, facts, cause } = toSystemError(error, `unit ${unit.unitId}`);
    throw new SystemError(code, verdict, message, { fix, cause, facts: { ...facts, unit: { unitId: unit.unitId, ending, steps } } });
  }
}

/** Code of a RAISE, the only rejection that leaves the session as it was (facts/node-rfc.md 4). */
const raised = 5;

/** SAP itself ended the session with a short dump or a message, and with that rolled back. */
function isAbapEnd({ facts }: SystemError): boolean {
  return facts?.['code'] === 3 || facts?.['code'] === 4;
}

/** SAP turned the commit away at the door: the user may not call it. */
function wasNotExecuted({ code, facts }: SystemError): boolean {
  return code === 'SAP_FUNCTION_MISSING' || (code === 'SAP_NOT_AUTHORIZED' && facts?.['code'] === 3);
}

type Timed = <Value>(name: string, work: () => Promise<{ value: Value; messages?: SapMessage[] }>) => Promise<Value>;

function stepRecorder(steps: UnitStep[], clock: Clock): Timed {
  return async (name, work) => {
    const started = clock.now();
    try {
      const { value, messages = [] } = await work();
      steps.push({ function: name, ms: clock.now() - started, outcome: value === false ? 'not confirmed' : 'ok', messages });
      return value;
    } catch (error) {
      const { code } = toSystemError(error, name);
      steps.push({ function: name, ms: clock.now() - started, outcome: code, messages: [] });
      throw error;
    }
  };
}

function withVerdict({ code, message, fix, facts, cause }: SystemError, verdict: 'uncertain' | 'retry'): SystemError {
  return new SystemError(code, verdict, message, { fix, facts, cause });
}

function cancelled(unitId: string): SystemError {
  return new SystemError('UNIT_CANCELLED', 'retry', `unit ${unitId} was cancelled before its commit`);
}

function tooLate(unitId: string): SystemError {
  return new SystemError('UNIT_TOO_LATE', 'retry', `unit ${unitId}: its time was over before its commit`);
}

function updateFailed(messages: readonly SapMessage[]): SystemError {
  const { code: _code, message, facts } = returnError(commitFunction, messages);
  return new SystemError('SAP_UPDATE_FAILED', 'uncertain', message, {
    facts,
    fix: 'SM13 shows the stopped update. The document is most likely not there; it is looked up before anything is sent again.',
  });
}
