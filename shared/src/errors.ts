/** The answer to the caller's next question: may I send this again? */
export type Verdict =
  | 'retry' // not applied; the same call can be made again
  | 'refused' // not applied; this record needs a person or a mapping change
  | 'uncertain' // may have been applied; look before sending again
  | 'halt'; // nothing on this connection will work until someone fixes it

export interface SystemErrorDetails {
  cause?: unknown;
  /** Earliest sensible time of a retry, from the other side's own words. */
  retryAfterMs?: number | undefined;
  /** What a person can do about it, in one or two sentences. */
  fix?: string | undefined;
  /** Facts of the outside system for the record's story (RFC group and key, HTTP status and body). Never secrets. */
  facts?: Record<string, unknown> | undefined;
}

/** A call to an outside system (or through the tunnel to it) that did not end well. */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  /** Stable, for tests, metrics and the runbook: `CIN7_RATE_LIMITED`. */
  readonly code: string;
  readonly verdict: Verdict;
  readonly retryAfterMs: number | undefined;
  readonly fix: string | undefined;
  readonly facts: Record<string, unknown> | undefined;

  constructor(code: string, verdict: Verdict, message: string, details: SystemErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.verdict = verdict;
    this.retryAfterMs = details.retryAfterMs;
    this.fix = details.fix;
    this.facts = details.facts;
  }
}

/** A SystemError as it travels through the tunnel and into the ledger; the cause stays where it happened. */
export interface WireError {
  code: string;
  verdict: Verdict;
  message: string;
  retryAfterMs?: number | undefined;
  fix?: string | undefined;
  facts?: Record<string, unknown> | undefined;
}

/** True for SystemErrors of any realm and any copy of this module; `instanceof` is not. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Object && 'verdict' in error && 'code' in error && (error as { name?: unknown }).name === 'SystemError';
}

/** Anything that is not a SystemError is a defect of ours, in a call that may have been sent: `uncertain`. */
export function toSystemError(error: unknown, whileDoing: string): SystemError {
  if (isSystemError(error)) return error;
  const message = error instanceof Object && 'message' in error ? String(error.message) : String(error);
  return new SystemError('INTERNAL', 'uncertain', `${whileDoing}: ${message}`, { cause: error });
}

export function toWireError({ code, verdict, message, retryAfterMs, fix, facts }: SystemError): WireError {
  return { code, verdict, message, retryAfterMs, fix, facts };
}

export function fromWireError({ code, verdict, message, ...details }: WireError): SystemError {
  return new SystemError(code, verdict, message, details);
}
