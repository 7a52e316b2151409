import { operations, SystemError, toSystemError, type Clock, type Log, type OperationName } from '@ml-connector/shared';
import type { CallHandler, IncomingCall } from '@ml-connector/shared/tunnel';
import { unitOf, type AuditEntry, type AuditLog } from '../audit/index.ts';
import { policyError, type Policy } from '../policy/index.ts';
import { subjectOf } from '../systems/index.ts';
import type { OperationTable, RunOperation } from './operation-table.ts';

export interface DispatcherDeps {
  operations: OperationTable;
  /** Asked for every call, so that a reloaded policy counts from the next call on. */
  policy: () => Policy;
  audit: Pick<AuditLog, 'append'>;
  clock: Clock;
  log: Log;
}

type Findings = Omit<AuditEntry, 'time' | 'callId' | 'operation' | 'ms' | 'outcome' | 'code'>;

/**
 * Answers every call of the relay: request checked, policy asked, executed, audited. Rejects with a SystemError only:
 * INVALID_REQUEST, UNKNOWN_OPERATION and POLICY_DENIED are `refused`, a call that comes too late is `retry`.
 */
export function createDispatcher(deps: DispatcherDeps): CallHandler {
  return async (incoming) => {
    const started = deps.clock.now();
    const call = withShortNames(incoming);
    const { recordId, runId, flowId } = call.context;
    const findings: Findings = { recordId, runId, flowId, decision: 'rejected' };
    try {
      const answer = await answerCall(deps, call, findings);
      record(deps, call, { started, findings });
      return answer;
    } catch (error) {
      const failure = toSystemError(error, `${call.operation}${findings.system ? ` on ${findings.system}` : ''}`);
      Object.assign(findings, unitOf(failure.facts));
      record(deps, call, { started, findings, failure });
      throw failure;
    }
  };
}

/** What the relay calls things gets into the audit and the log, whose size it must not decide. */
function withShortNames(call: IncomingCall): IncomingCall {
  const { recordId, runId, flowId } = call.context;
  const short = (name: string | undefined): string | undefined => name?.slice(0, mostNameLength);
  const context = { recordId: short(recordId), runId: short(runId), flowId: short(flowId) };
  return { ...call, operation: call.operation.slice(0, mostNameLength), context };
}
const mostNameLength = 100;
const mostTextLength = 2000;

async function answerCall(deps: DispatcherDeps, call: IncomingCall, findings: Findings): Promise<unknown> {
  const { name, run } = operationOf(deps.operations, call.operation);
  const checked = operations[name].safeParse(call.request);
  if (!checked.success) throw invalidRequest(name, checked.error.issues);
  Object.assign(findings, subjectOf(name, checked.data));
  const decision = deps.policy().decide(name, checked.data);
  findings.decision = decision.allowed ? 'allowed' : 'denied';
  findings.rule = decision.allowed
    ? decision.rule
    : `missing: ${decision.missing.map(({ what }) => what).join('; ')}`.slice(0, mostTextLength);
  if (!decision.allowed) throw policyError(name, decision);
  refuseLate(call, deps.clock);
  // The table types each runner by its own operation; `checked` came from that operation's schema.
  const answer = await (run as RunOperation<OperationName>)(checked.data, call);
  findings.rows = rowsOf(answer);
  Object.assign(findings, unitOf(answer));
  return answer;
}

function operationOf(table: OperationTable, operation: string): { name: OperationName; run: OperationTable[OperationName] & object } {
  const name = operation as OperationName;
  const run = Object.hasOwn(operations, operation) ? table[name] : undefined;
  if (run) return { name, run };
  throw new SystemError('UNKNOWN_OPERATION', 'refused', `this agent has no operation ${operation.slice(0, 60)}`, {
    fix: 'Update the agent to the version of the relay, or switch off the flow that needs this operation.',
  });
}

function invalidRequest(name: OperationName, issues: readonly { path: PropertyKey[]; message: string }[]): SystemError {
  const problems = issues.slice(0, 10).map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return new SystemError(
    'INVALID_REQUEST',
    'refused',
    `the request of ${name} is not valid: ${problems.join('; ').slice(0, mostTextLength)}`,
  );
}

function refuseLate({ operation, deadline, signal }: IncomingCall, clock: Clock): void {
  const lateMs = clock.now() - deadline;
  if (lateMs >= 0) throw new SystemError('DEADLINE', 'retry', `${operation} was not started: its deadline had passed ${lateMs} ms before`);
  if (signal.aborted) throw new SystemError('CANCELLED', 'retry', `${operation} was not started: it had been cancelled`);
}

function rowsOf(answer: unknown): number | undefined {
  return answer instanceof Object && 'rows' in answer && typeof answer.rows === 'number' ? answer.rows : undefined;
}

function record(
  { audit, clock, log }: DispatcherDeps,
  { callId, operation, context }: IncomingCall,
  { started, findings, failure }: { started: number; findings: Findings; failure?: SystemError },
): void {
  const now = clock.now();
  const ms = now - started;
  const outcome = failure?.verdict ?? 'ok';
  const { system, rows, rule, decision, unitId, ending } = findings;
  audit.append({ time: new Date(now).toISOString(), callId, operation, ...findings, outcome, code: failure?.code, ms });
  const fields = { ...context, callId, operation, system, rows, unitId, ending, ms };
  if (!failure) return log.debug(fields, 'call answered');
  const { code, verdict } = failure;
  const message = failure.message.slice(0, mostTextLength);
  if (decision === 'denied') return log.warn({ ...fields, code, verdict, rule }, `call denied: ${message}`);
  log.warn({ ...fields, code, verdict, err: code === 'INTERNAL' ? failure : undefined }, `call failed: ${message}`);
}
