import type { FunctionCall, Structure } from './call.ts';

/** Makes the session's changes, in order; an empty RETURN says it went well. With WAIT, a stopped update is told. */
export function bapiTransactionCommit({ session, system }: FunctionCall): Structure {
  const stopped = system.faults.hit('update-stopped');
  system.locks.endUnit(session, !stopped);
  if (!stopped) return { RETURN: {} };
  return { RETURN: { TYPE: 'E', ID: 'S&', NUMBER: '150', MESSAGE: 'Update was terminated' } };
}

export function bapiTransactionRollback({ session, system }: FunctionCall): Structure {
  system.locks.endUnit(session, false);
  return { RETURN: {} };
}
