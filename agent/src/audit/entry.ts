import type { OperationName, SapDescribe, SapTableRead, SapUnit, StoreCredential, Verdict } from '@ml-connector/shared';

/** One call in the audit log. Names only: parameter values, conditions and rows of SAP never get here. */
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
  decision: 'allowed' | 'denied' | 'rejected';
  /** What allowed it, or what is missing. */
  rule?: string | undefined;
  outcome: 'ok' | Verdict;
  code?: string | undefined;
  rows?: number | undefined;
  ms: number;
}

export type AuditSubject = Pick<AuditEntry, 'system' | 'functions' | 'tables'>;

/** What a request touches, without any value of it. */
export function subjectOf(operation: OperationName, request: unknown): AuditSubject {
  switch (operation) {
    case 'SapTableRead': {
      const { system, table, fields } = request as SapTableRead;
      return { system, tables: { [table]: fields } };
    }
    case 'SapUnit': {
      const { system, calls } = request as SapUnit;
      return { system, functions: calls.map((call) => call.function) };
    }
    case 'SapDescribe': {
      const { system, functions, tables } = request as SapDescribe;
      return { system, functions, tables: Object.fromEntries(tables.map((table) => [table, []])) };
    }
    case 'StoreCredential':
      return { system: (request as StoreCredential).system };
    case 'Doctor':
    case 'LogTail':
    case 'SetLogLevel':
    case 'Capabilities':
      return {};
  }
}
