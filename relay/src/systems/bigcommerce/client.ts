import { type Clock, SystemError, backoffMs, parseForStory, parseJson, toWireError } from '@ml-connector/shared';
import { type HttpAnswer, type HttpLoss, type HttpRequest, type HttpSender } from '../http/index.ts';
import type { CallScope, Exchange } from '../system.ts';
import { judge, judgeLoss, unreadable, type JudgedCall } from './judge.ts';
import { rateNews } from './rate-headers.ts';
import { batchErrors } from './store-errors.ts';
import type { Lane, StorePace } from './store-pace.ts';

export interface StoreCall extends Omit<JudgedCall, 'effect'> {
  method: HttpRequest['method'];
  /** Under the store's address: `v2/orders/250`. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Of a write; default `repeatable`. */
  effect?: 'repeatable' | 'once';
  lane?: Lane;
  /** An answer that refuses some rows by name (`batch_errors`) is a good one. */
  mayBePartial?: boolean;
  /** Blackens what must not be in the story. */
  conceal?: (text: string) => string;
}

export interface StoreAnswer {
  status: number;
  /** Numbers as their own text; undefined where the answer has no content. */
  json: unknown;
}

/** Sends one call; rejects with a SystemError. */
export type StoreClient = (call: StoreCall, scope: CallScope) => Promise<StoreAnswer>;

interface ClientParts {
  sender: HttpSender;
  pace: StorePace;
  clock: Clock;
  random?: () => number;
}

const mostLimitAnswers = 8;
const mostAttempts = 4;
/** A call holds its record no longer than this; what is asked for beyond is up to the engine. */
const longestWaitMs = 30_000;
const longestStory = 16_000;

/**
 * Every attempt waits for its turn in the store's pace and is traced by itself. What may be repeated goes again by itself: a call refused for
 * the limit, one that never arrived, a read, a write that leaves the same twice. Another write whose answer is lost rejects with `uncertain`.
 */
export function openClient(parts: ClientParts): StoreClient {
  return repeated(paced(traced(judged(parts.sender), parts.clock), parts), parts);
}

interface Attempt {
  answer?: HttpAnswer;
  error?: SystemError;
}

type Step = (call: StoreCall, scope: CallScope) => Promise<Attempt>;

function judged(sender: HttpSender): Step {
  return async (call, { signal }) => {
    const effect = call.method === 'GET' ? 'read' : (call.effect ?? 'repeatable');
    const answer = await sender
      .send({
        method: call.method,
        path: call.path,
        signal,
        ...(call.query ? { query: call.query } : {}),
        ...(call.body === undefined ? {} : { body: call.body }),
      })
      .catch((loss: HttpLoss) => loss);
    if ('mayHaveArrived' in answer) return { error: judgeLoss(answer, { ...call, effect }) };
    if (call.mayBePartial && answer.status === 422 && batchErrors(parseJson(answer.text))) return { answer };
    const error = judge(answer, { ...call, effect });
    if (!error) return { answer };
    // An error keeps what the answer said, whatever its status was.
    const concealed = call.conceal && judge({ ...answer, text: call.conceal(answer.text) }, { ...call, effect });
    return { answer, error: call.conceal ? (concealed ?? unreadable({ ...call, effect }, 'the answer is no JSON')) : error };
  };
}

function traced(step: Step, clock: Clock): Step {
  return async (call, scope) => {
    const at = clock.now();
    const attempt = await step(call, scope);
    const conceal = call.conceal ?? ((text: string) => text);
    const exchange: Exchange = {
      system: 'bigcommerce',
      what: `${call.method} /${call.path}`,
      at,
      ms: clock.now() - at,
      request: {
        ...(call.query ? { query: call.query } : {}),
        ...(call.body === undefined ? {} : { body: forStory(conceal(JSON.stringify(call.body))) }),
      },
      status: attempt.answer?.status,
      answer: attempt.answer && forStory(conceal(attempt.answer.text)),
      error: attempt.error && toWireError(attempt.error),
    };
    scope.trace(exchange);
    return attempt;
  };
}

function paced(step: Step, { pace }: ClientParts): Step {
  return async (call, scope) => {
    let leave: () => void;
    try {
      leave = await pace.enter(call.lane, scope.signal);
    } catch (cause) {
      return { error: new SystemError('BIGCOMMERCE_CANCELLED', 'retry', `${call.doing}: given up before it was sent`, { cause }) };
    }
    try {
      const attempt = await step(call, scope);
      const news = attempt.answer && rateNews(attempt.answer);
      if (news) pace.learn(news);
      return attempt;
    } finally {
      leave();
    }
  };
}

function repeated(step: Step, { pace, clock, random }: ClientParts): StoreClient {
  const backoff = (attempt: number, firstMs: number, capMs: number): number =>
    backoffMs(attempt, { firstMs, capMs, ...(random ? { random } : {}) });
  return async (call, scope) => {
    let limitAnswers = 0;
    for (let losses = 0; ;) {
      const { answer, error } = await step(call, scope);
      if (!error && answer) return { status: answer.status, json: answer.status === 204 ? undefined : parseJson(answer.text) };
      if (!error) throw new TypeError(`${call.doing}: neither an answer nor an error`);
      const isLimit = error.code === 'BIGCOMMERCE_RATE_LIMITED';
      if (isLimit) limitAnswers += 1;
      else losses += 1;
      const goesAgain = isLimit
        ? limitAnswers < mostLimitAnswers
        : error.verdict === 'retry' && error.code !== 'BIGCOMMERCE_CANCELLED' && losses < mostAttempts;
      // A 429 that names no time is the platform being overloaded: everybody waits, longer each time.
      const pauseMs = isLimit ? (error.retryAfterMs ?? 2500 + backoff(limitAnswers, 5000, 57_500)) : 0;
      if (isLimit) pace.pause(pauseMs);
      if (!goesAgain || scope.signal.aborted) throw error;
      const waitMs = Math.max(backoff(losses, 1000, 20_000), Math.min(error.retryAfterMs ?? 0, longestWaitMs));
      if (!isLimit) await waitOrThrow(error, waitMs, clock, scope.signal);
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

/** Long lists would fill every record's story; their beginning says enough. */
function forStory(text: string): unknown {
  return text.length > longestStory ? `${text.slice(0, longestStory)}... (${text.length} characters)` : (parseForStory(text) ?? text);
}
