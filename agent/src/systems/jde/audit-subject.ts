import type { JdeCall, JdeQuery, OperationName } from '@ml-connector/shared';
import type { AuditSubject } from '../../audit/index.ts';

/** What a request touches in JD Edwards: names of tables, data items and orchestrations. */
export function jdeSubject(operation: OperationName, request: unknown): AuditSubject | undefined {
  if (operation === 'JdeQuery') {
    const { system, table, fields } = request as JdeQuery;
    return { system, tables: { [table]: fields } };
  }
  if (operation !== 'JdeCall') return undefined;
  const call = request as JdeCall;
  if (call.service === 'count') return { system: call.system, tables: { [call.table]: [] } };
  return { system: call.system, ...(call.service === 'orchestration' ? { orchestration: call.name } : {}) };
}
