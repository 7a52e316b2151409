import { isConfigError, isSystemError } from '@ml-connector/shared';

/** Exit codes: 1 something failed, 2 wrong arguments, 78 the configuration is not good (the service host does not restart then). */
export const exitCodes = { failure: 1, usage: 2, config: 78 } as const;

/** A restart does not help with these: the agent has to be enrolled first. */
const needsPerson = ['NOT_ENROLLED', 'IDENTITY_DAMAGED', 'REVOKED', 'UNKNOWN_AGENT', 'RELAY_URL_INVALID'];

/** Wrong arguments that commander cannot see; one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the person reads, and the exit code of the process. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (isConfigError(error)) return { text: error.message, exitCode: exitCodes.config };
  if (isSystemError(error)) {
    const exitCode = needsPerson.includes(error.code) ? exitCodes.config : exitCodes.failure;
    return { text: `ml-agent: ${error.message} (${error.code})${error.fix ? `\n  -> ${error.fix}` : ''}`, exitCode };
  }
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  if (name === 'UsageError') return { text: `ml-agent: ${message}`, exitCode: exitCodes.usage };
  if (code === 'EACCES' || code === 'EPERM')
    return { text: `ml-agent: ${message}\n  -> Run it as the user of the agent, or with sudo.`, exitCode: exitCodes.failure };
  return { text: `ml-agent: ${message ?? String(error)}`, exitCode: exitCodes.failure };
}
