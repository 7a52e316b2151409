import type { UnitReport, Verdict } from '@ml-connector/shared';

/** One call in the audit log. Names only: parameter values, conditions and rows of a system never get here. */
export interface AuditEntry {
  /** ISO 8601, UTC; when the call was answered. */
  time: string;
  callId: string;
  recordId?: string | undefined;
  runId?: string | undefined;
  flowId?: string | undefined;
  operation: string;
  system?: string | undefined;
  functions?: string[] | undefined;
  /** Tables with the fields that were asked for. */
  tables?: Record<string, string[]> | undefined;
  /** Of JD Edwards, by name. */
  orchestration?: string | undefined;
  /** Of a unit that commits. */
  unitId?: string | undefined;
  /** Every call that was made, in order, commit or rollback last. */
  steps?: AuditStep[] | undefined;
  /** `committed`, `rolledBack`, `notStarted`, `abandoned`, `unknown`. */
  ending?: string | undefined;
  /** Answered from the journal: nothing was executed for this request. */
  isReplayed?: boolean | undefined;
  decision: 'allowed' | 'denied' | 'rejected';
  /** What allowed it, or what is missing. */
  rule?: string | undefined;
  outcome: 'ok' | Verdict;
  code?: string | undefined;
  rows?: number | undefined;
  ms: number;
}

export interface AuditStep {
  function: string;
  /** `ok`, or the code of the error. */
  outcome: string;
  /** Types, classes and numbers of RETURN: `E F5 201`. */
  messages?: string[] | undefined;
  ms: number;
}

/** What a request touches, without any value of it. */
export type AuditSubject = Pick<AuditEntry, 'system' | 'functions' | 'tables' | 'orchestration' | 'unitId'>;

/** What a unit did, from its report in an answer (`unit`) or in the facts of an error. */
export function unitOf(holder: unknown): Pick<AuditEntry, 'steps' | 'ending' | 'isReplayed'> {
  const report = holder instanceof Object && 'unit' in holder ? (holder.unit as UnitReport | undefined) : undefined;
  if (!report) return {};
  const steps = report.steps.map(({ function: name, outcome, messages, ms }): AuditStep => {
    const codes = messages.map(({ TYPE, ID, NUMBER }) => `${TYPE} ${ID} ${NUMBER}`.trim()).slice(0, mostCodes);
    return { function: name, outcome, ...(codes.length > 0 ? { messages: codes } : {}), ms };
  });
  return { steps, ending: report.ending, ...(report.isReplayed ? { isReplayed: true } : {}) };
}
const mostCodes = 5;
