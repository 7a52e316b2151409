import { type Clock, SystemError, backoffMs, isSystemError, parseForStory, parseJson, toWireError } from '@ml-connector/shared';
import { type CallPace, type HttpLoss, type HttpRequest, type HttpSender } from '../http/index.ts';
import type { CallScope, Exchange } from '../system.ts';
import { judge, judgeLoss } from './judge.ts';

export interface Cin7Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `supplier`, `ref/paymentterm`. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** For messages: `creating supplier Acme GmbH`. */
  doing: string;
}

/** Sends one call and resolves with the answer's JSON; rejects with a SystemError. */
export type Cin7Client = (call: Cin7Call, scope: CallScope) => Promise<unknown>;

interface ClientParts {
  sender: HttpSender;
  pace: CallPace;
  clock: Clock;
  /** How long everybody waits after a limit answer that names no time. */
  limitWindowMs: number;
  random?: () => number;
}

const mostLimitAnswers = 10;
const mostAttempts = 4;

/**
 * Every attempt waits for its turn in the account's pace and is traced by itself. What was certainly not applied goes again: a call
 * refused for the limit, one that never arrived, a read. A write whose answer is lost rejects with `uncertain`: the caller looks first.
 */
export function openClient(parts: ClientParts): Cin7Client {
  return repeated(paced(traced(judged(parts.sender), parts.clock), parts), parts);
}

interface Attempt {
  status?: number;
  text?: string;
  json?: unknown;
  error?: SystemError;
}

type Step = (call: Cin7Call, scope: CallScope) => Promise<Attempt>;

function judged(sender: HttpSender): Step {
  return async (call, { signal }) => {
    const judgedCall = { writes: call.method !== 'GET', doing: call.doing };
    const request: HttpRequest = {
      method: call.method,
      path: call.path,
      signal,
      ...(call.query ? { query: call.query } : {}),
      ...(call.body === undefined ? {} : { body: call.body }),
    };
    const answer = await sender.send(request).catch((loss: HttpLoss) => loss);
    if ('mayHaveArrived' in answer) return { error: judgeLoss(answer, judgedCall) };
    const error = judge(answer, judgedCall);
    const { status, text } = answer;
    const json = parseJson(text);
    return error ? { status, text, json, error } : { status, text, json };
  };
}

function traced(step: Step, clock: Clock): Step {
  return async (call, scope) => {
    const at = clock.now();
    const attempt = await step(call, scope);
    const exchange: Exchange = {
      system: 'cin7-core',
      what: `${call.method} /${call.path}`,
      at,
      ms: clock.now() - at,
      request: {
        ...(call.query ? { query: call.query } : {}),
        ...(call.body === undefined ? {} : { body: parseForStory(JSON.stringify(call.body)) }),
      },
      status: attempt.status,
      answer: shortened(attempt.text),
      error: attempt.error && toWireError(attempt.error),
    };
    scope.trace(exchange);
    return attempt;
  };
}

function paced(step: Step, { pace, limitWindowMs }: ClientParts): Step {
  return async (call, scope) => {
    try {
      await pace.take(scope.signal);
    } catch (cause) {
      return { error: new SystemError('CIN7_CANCELLED', 'retry', `${call.doing}: given up before it was sent`, { cause }) };
    }
    const attempt = await step(call, scope);
    if (attempt.error?.code === 'CIN7_RATE_LIMITED') pace.pause(attempt.error.retryAfterMs ?? limitWindowMs);
    return attempt;
  };
}

function repeated(step: Step, { clock, random }: ClientParts): Cin7Client {
  return async (call, scope) => {
    let limitAnswers = 0;
    for (let losses = 0; ;) {
      const { error, json } = await step(call, scope);
      if (!error) return json;
      const isLimit = error.code === 'CIN7_RATE_LIMITED';
      if (isLimit) limitAnswers += 1;
      else losses += 1;
      const goesAgain = isLimit
        ? limitAnswers < mostLimitAnswers
        : error.verdict === 'retry' && error.code !== 'CIN7_CANCELLED' && losses < mostAttempts;
      if (!goesAgain || scope.signal.aborted) throw error;
      // After a limit answer the pace itself makes everybody wait.
      if (!isLimit)
        await waitOrThrow(error, backoffMs(losses, { firstMs: 500, capMs: 10_000, ...(random ? { random } : {}) }), clock, scope.signal);
    }
  };
}

async function waitOrThrow(error: SystemError, ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.wait(ms, signal);
  } catch {
    throw error;
  }
}

/** Long lists (a whole chart of accounts) would fill every record's story; their beginning says enough. */
function shortened(text: string | undefined): unknown {
  const longest = 16_000;
  if (text === undefined) return undefined;
  return text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : (parseForStory(text) ?? text);
}

/** True for what the vendor refused because of the record's content. */
export function isValidation(error: unknown): error is SystemError {
  return isSystemError(error) && (error.code === 'CIN7_VALIDATION' || error.code === 'CIN7_NAME_TAKEN');
}
