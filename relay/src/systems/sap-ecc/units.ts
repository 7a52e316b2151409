import {
  backoffMs,
  SystemError,
  toSystemError,
  toWireError,
  type SapUnitAnswer,
  type SapWritingUnit,
  type UnitReport,
} from '@ml-connector/shared';
import type { CallScope, Exchange, OpenContext } from '../system.ts';
import type { Parameters } from './session.ts';
import type { SapEccSettings } from './settings.ts';

export interface UnitRequest {
  /**
   * Identity of this execution, new for every attempt to post (record and attempt): the agent runs it at most once. 1 to 100 printable
   * characters without blanks.
   */
  unitId: string;
  calls: { function: string; parameters: Parameters }[];
  /** Within this time it begins and commits, or not at all. Default: `callTimeoutSeconds`. */
  withinMs?: number;
}

/**
 * Sends a unit and answers when SAP has committed it. Rejects with the agent's verdict, `NO_TUNNEL` (`retry`) when it was never sent, or
 * `uncertain` when nobody says what became of it. After a lost answer the same agent is asked again for the same unit, which its journal makes
 * safe; another agent of the site has another journal and is never asked. Every call of the unit is traced.
 */
export type SendUnit = (request: UnitRequest, scope: CallScope) => Promise<SapUnitAnswer>;

const askAgain = { firstMs: 500, capMs: 10_000 };

export function openUnits({ tenantId, settings, clock, agents }: OpenContext<SapEccSettings>): SendUnit {
  const system = settings.agentSystem;
  const patienceMs = settings.callTimeoutSeconds * 1000;

  return async ({ unitId, calls, withinMs = patienceMs }, scope) => {
    const notAfter = clock.now() + withinMs;
    // The last call may begin just before, and the commit takes its time as well.
    const deadline = notAfter + 2 * patienceMs;
    const trace = tracer(scope, { unitId, calls });
    let agentId: string | undefined;

    const ask = async (isRepeat: boolean): Promise<SapUnitAnswer> => {
      const remainingMs = Math.max(0, notAfter - clock.now());
      const unit: SapWritingUnit = { system, calls, commit: 'whenClean', unitId, notAfter, remainingMs, isRepeat };
      const told = trace.begin(clock.now(), isRepeat);
      const options = { signal: scope.signal, context: scope.context, deadline, onAgent: (id: string) => (agentId = id) };
      try {
        const answer = await agents.call<SapUnitAnswer>({ tenantId, siteId: settings.siteId, system, agentId }, 'SapUnit', unit, options);
        if (answer.unit?.ending !== 'committed' || answer.results.length !== calls.length) throw unexpected(unitId);
        told(clock.now(), { answer });
        return answer;
      } catch (error) {
        const failure = toSystemError(error, `unit ${unitId}`);
        told(clock.now(), { failure });
        throw failure;
      }
    };

    for (let round = 0; ; round++) {
      try {
        return await ask(round > 0);
      } catch (error) {
        const failure = error as SystemError;
        const isFinal =
          speaksOf(failure, unitId) || (round === 0 && failure.verdict !== 'uncertain') || failure.code === 'SAP_ANSWER_UNEXPECTED';
        if (isFinal) throw failure;
        const waitMs = backoffMs(round + 1, askAgain);
        if (scope.signal.aborted || clock.now() + waitMs >= deadline) throw unknown(unitId, failure, agentId);
        await clock.wait(waitMs, scope.signal).catch(() => undefined);
        if (scope.signal.aborted) throw unknown(unitId, failure, agentId);
      }
    }
  };
}

/** Everything else (no tunnel, policy, deadline) speaks of this request, not of the one whose answer was lost. */
function speaksOf({ facts }: SystemError, unitId: string): boolean {
  return (facts?.['unit'] as UnitReport | undefined)?.unitId === unitId;
}

function unknown(unitId: string, cause: SystemError, agentId: string | undefined): SystemError {
  return new SystemError(
    'SAP_UNIT_UNKNOWN',
    'uncertain',
    `unit ${unitId}: its answer was lost, and the agent did not say what became of it (${cause.message})`,
    {
      cause,
      fix: 'SAP is asked before anything is sent again. On the machine of the agent, `ml-agent journal` tells how far it came.',
      facts: { agentId, unit: { unitId, ending: 'unknown', steps: [] } satisfies UnitReport },
    },
  );
}

function unexpected(unitId: string): SystemError {
  return new SystemError('SAP_ANSWER_UNEXPECTED', 'uncertain', `unit ${unitId}: the agent answered something that is no answer to a unit`, {
    fix: 'Bring the agent to the version of the relay.',
  });
}

interface Outcome {
  answer?: SapUnitAnswer;
  failure?: SystemError;
}

/** One exchange per request of the unit, and before it one per call that SAP answered, the commit among them. */
function tracer(scope: CallScope, { unitId, calls }: Pick<UnitRequest, 'unitId' | 'calls'>) {
  return {
    begin:
      (at: number, isRepeat: boolean) =>
      (now: number, { answer, failure }: Outcome) => {
        const report = answer?.unit ?? (failure?.facts?.['unit'] as UnitReport | undefined);
        const steps = report?.steps ?? [];
        let stepAt = now - steps.reduce((sum, { ms }) => sum + ms, 0);
        for (const [index, { function: name, ms, outcome, messages }] of steps.entries()) {
          const call = calls[index]?.function === name ? calls[index] : undefined;
          const result = call && answer?.results[index];
          scope.trace({
            ...exchange(`RFC ${name}`, Math.max(at, stepAt), ms),
            request: call?.parameters,
            status: outcome,
            answer: result ?? { RETURN: messages },
          });
          stepAt += ms;
        }
        // What was sent stands at its calls; where none is known of, here.
        const functions = calls.map((one) => one.function);
        scope.trace({
          ...exchange(`SAP unit ${unitId}`, at, now - at),
          request: steps.length > 0 || isRepeat ? { unitId, functions, isRepeat } : { unitId, calls, isRepeat },
          status: failure?.code ?? report?.ending,
          ...(report ? { answer: { ending: report.ending, isReplayed: report.isReplayed ?? false } } : {}),
          ...(failure ? { error: withoutReport(failure) } : {}),
        });
      },
  };
}

function exchange(what: string, at: number, ms: number): Pick<Exchange, 'system' | 'what' | 'at' | 'ms'> {
  return { system: 'sap-ecc', what, at, ms };
}

/** The steps were traced by themselves. */
function withoutReport(failure: SystemError): ReturnType<typeof toWireError> {
  const { unit: _unit, ...facts } = failure.facts ?? {};
  return { ...toWireError(failure), facts };
}
