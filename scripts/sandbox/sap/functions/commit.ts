import { textInput, type FunctionCall, type Structure } from './call.ts';

/** Makes the session's changes, in order; an empty RETURN says it went well. A stopped update is told to those who WAIT, and to nobody else. */
export function bapiTransactionCommit(call: FunctionCall): Structure {
  const { session, system } = call;
  const stopped = system.faults.hit('update-stopped');
  system.locks.endUnit(session, !stopped);
  if (!stopped || textInput(call, 'WAIT') !== 'X') return { RETURN: {} };
  return { RETURN: { TYPE: 'E', ID: 'S&', NUMBER: '150', MESSAGE: 'Update was terminated' } };
}

export function bapiTransactionRollback({ session, system }: FunctionCall): Structure {
  system.locks.endUnit(session, false);
  return { RETURN: {} };
}
