import { isConfigError, isSystemError } from '@ml-connector/shared';
import type { Problem } from '../http/index.ts';
import { forTerminal } from './terminal.ts';

/** 1 something failed, 2 wrong arguments, 78 the configuration is not good. */
export const exitCodes = { failure: 1, usage: 2, config: 78 } as const;

/** Wrong arguments that commander cannot see; one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the relay's API refused, in its own words. */
export class RelayProblem extends Error {
  override readonly name = 'RelayProblem';
  readonly problem: Partial<Problem>;

  constructor(problem: Partial<Problem>, status: number) {
    super(problem.detail ?? `the relay answered ${status}`);
    this.problem = problem;
  }
}

/** What the person reads, and the exit code of the process. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  const { text, exitCode } = described(error);
  return { text: forTerminal(text), exitCode };
}

function described(error: unknown): { text: string; exitCode: number } {
  if (isConfigError(error)) return { text: error.message, exitCode: exitCodes.config };
  if (isSystemError(error)) return { text: withFix(error.message, error.code, error.fix), exitCode: exitCodes.failure };
  const { name, message, problem } = error as { name?: string; message?: string; problem?: Partial<Problem> };
  if (name === 'UsageError') return { text: `ml-relay: ${message}`, exitCode: exitCodes.usage };
  if (name === 'RelayProblem' && problem) return describeProblem(message ?? '', problem);
  return { text: `ml-relay: ${message ?? String(error)}`, exitCode: exitCodes.failure };
}

/** Fields at fault are arguments of the command here; what the API tells its callers to do about them would only puzzle. */
function describeProblem(message: string, { code, fix, errors = [] }: Partial<Problem>): { text: string; exitCode: number } {
  const fields = errors.length > 1 ? errors.map(({ path, message: what }) => `\n  ${path} ${what}`).join('') : '';
  if (errors.length > 0) return { text: `ml-relay: ${message}${fields}`, exitCode: exitCodes.usage };
  return { text: withFix(message, code, fix), exitCode: exitCodes.failure };
}

function withFix(message: string, code: string | undefined, fix: string | undefined): string {
  return `ml-relay: ${message}${code ? ` (${code})` : ''}${fix ? `\n  -> ${fix}` : ''}`;
}
