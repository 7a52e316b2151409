import { SystemError } from '@ml-connector/shared';

/** Function modules known to change nothing: they can be called again after a lost answer. Everything else may write. */
const readOnly = new Set([
  'RFC_PING',
  'RFCPING',
  'RFC_PING_AND_WAIT',
  'RFC_SYSTEM_INFO',
  'STFC_CONNECTION',
  'STFC_STRUCTURE',
  'RFC_GET_FUNCTION_INTERFACE',
  'RFC_FUNCTION_SEARCH',
  'DDIF_FIELDINFO_GET',
  'RFC_READ_TABLE',
  'BBP_RFC_READ_TABLE',
  '/BODS/RFC_READ_TABLE2',
  '/SAPDS/RFC_READ_TABLE2',
  'BAPI_USER_GET_DETAIL',
  // Checks a document as posting would, and posts nothing.
  'BAPI_ACC_DOCUMENT_CHECK',
]);
const readOnlyBapi = /^BAPI_[A-Z0-9]+_(GETLIST\d?|GETDETAIL\d?|GETITEMS|FIND|EXISTENCECHECK|GETSTATUS)$/;

export function isReadOnly(functionName: string): boolean {
  return readOnly.has(functionName) || readOnlyBapi.test(functionName);
}

/**
 * Whether a session may go to the next one as it is. A check runs the customer's own exits as posting does: whatever they left to be updated
 * would be committed with the next unit on that session.
 */
export function leavesState(functionName: string): boolean {
  return !isReadOnly(functionName) || functionName === 'BAPI_ACC_DOCUMENT_CHECK';
}

/** Ends a logical unit of work: only the agent itself calls these. */
export function isUnitEnd(functionName: string): boolean {
  return functionName === 'BAPI_TRANSACTION_COMMIT' || functionName === 'BAPI_TRANSACTION_ROLLBACK';
}

const functionPattern = /^(\/[A-Z0-9_]{1,10}\/)?[A-Z0-9_]{1,30}$/;

/** Refuses what cannot be a function module's name (30 characters, with its namespace). */
export function checkFunctionName(name: string): void {
  if (functionPattern.test(name) && name.length <= 30) return;
  throw new SystemError('SAP_NAME_INVALID', 'refused', `"${name.slice(0, 60)}" is not the name of a function module`);
}

const tablePattern = /^(\/[A-Z0-9_]{1,10}\/)?[A-Z0-9_]{1,30}$/;

export function checkTableName(name: string): void {
  if (tablePattern.test(name) && name.length <= 30) return;
  throw new SystemError('SAP_NAME_INVALID', 'refused', `"${name.slice(0, 60)}" is not the name of a table`);
}
