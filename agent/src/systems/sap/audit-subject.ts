import type { OperationName, SapDescribe, SapTableRead, SapUnit } from '@ml-connector/shared';
import type { AuditSubject } from '../../audit/index.ts';

/** What a request touches in SAP: names of functions, tables and fields. */
export function sapSubject(operation: OperationName, request: unknown): AuditSubject | undefined {
  if (operation === 'SapTableRead') {
    const { system, table, fields } = request as SapTableRead;
    return { system, tables: { [table]: fields } };
  }
  if (operation === 'SapUnit') {
    const unit = request as SapUnit;
    const functions = unit.calls.map((call) => call.function);
    return { system: unit.system, functions, ...(unit.commit === 'whenClean' ? { unitId: unit.unitId } : {}) };
  }
  if (operation === 'SapDescribe') {
    const { system, functions, tables } = request as SapDescribe;
    return { system, functions, tables: Object.fromEntries(tables.map((table) => [table, []])) };
  }
  return undefined;
}
