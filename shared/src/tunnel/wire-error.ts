import type { CallError } from '@ml-connector/proto';
import { SystemError, toSystemError, type Verdict } from '../errors.ts';

const verdicts: readonly Verdict[] = ['retry', 'refused', 'uncertain', 'halt'];

/** A handler's error as it travels. The cause stays on this side. */
export function toCallError(error: unknown, whileDoing: string): CallError {
  const { code, verdict, message, retryAfterMs, fix, facts } = toSystemError(error, whileDoing);
  return { code, verdict, message, retryAfterMs, fix, facts: facts && asJson(facts) };
}

/** A verdict that this build does not know is the careful one. */
export function fromCallError({ code, verdict, message, retryAfterMs, fix, facts }: CallError): SystemError {
  const known = verdicts.find((one) => one === verdict) ?? 'uncertain';
  return new SystemError(code, known, message, {
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(fix === null || fix === '' ? {} : { fix }),
    facts: facts ? parsedFacts(facts) : undefined,
  });
}

/** The other side may send anything; what is no JSON object is left out, as the error matters more. */
function parsedFacts(facts: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(facts);
    return value instanceof Object ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Facts come from outside systems: whatever JSON cannot hold must not hide the error itself. */
function asJson(facts: Record<string, unknown>): string | undefined {
  try {
    return JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return undefined;
  }
}
