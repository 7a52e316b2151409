import type { FunctionCall, Structure } from './call.ts';

/** Makes the session's changes, in order; an empty RETURN says it went well. */
export function bapiTransactionCommit({ session }: FunctionCall): Structure {
  for (const update of session.updates.splice(0)) update();
  return { RETURN: {} };
}

export function bapiTransactionRollback({ session }: FunctionCall): Structure {
  session.updates.length = 0;
  return { RETURN: {} };
}
