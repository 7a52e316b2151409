import { parseJson, SystemError, type Clock } from '@ml-connector/shared';
import type { HttpAnswer, HttpLoss, HttpSender } from './http.ts';
import { endsSession, judge, judgeLoss, refusesPassword, type JudgedCall } from './judge.ts';
import type { PageMemory } from './page-memory.ts';
import type { Secrets } from './secrets.ts';
import { stopped, type Logon, type Session } from './session.ts';
import { openSlots } from './slots.ts';

/** Deadline and cancellation of a call, as the tunnel gives them. */
export interface JdeCallLimits {
  deadline: number;
  signal: AbortSignal;
}

export interface AisRequest<Value> {
  /** Under the base URL. */
  path: string;
  body: unknown;
  judged: JudgedCall;
  /** Takes a body apart: `json` is what is judged, the value what is answered. The value is only asked for after a good verdict. */
  read: (body: Buffer) => ReadBody<Value>;
  /** Where the body is read into; free for others when the value is not needed any more. */
  memory?: PageMemory | undefined;
  limits: JdeCallLimits;
}

export interface ReadBody<Value> {
  json: unknown;
  value(): Value;
}

/** Calls of AIS with the shared session. All reject with a SystemError. */
export interface Ais extends Disposable {
  /** Logged in, sent, judged; sent once more with a new login where the session had ended. */
  ask<Value>(request: AisRequest<Value>): Promise<Value>;
  /** Without login. */
  look(request: { path: string; judged: JudgedCall; limits: JdeCallLimits }): Promise<{ json: unknown; answer: HttpAnswer }>;
}

export interface AisDeps {
  http: HttpSender;
  session: Session;
  secrets: Secrets;
  maxConcurrent: number;
  timeoutMs: number;
  clock: Clock;
}

/** A failure of the server is put down to the session where that is older: what holds it may have died without AIS noticing. */
const freshMs = 60_000;
const judgedTextLength = 4000;

export function openAis({ http, session, secrets, maxConcurrent, timeoutMs, clock }: AisDeps): Ais {
  const slots = openSlots(maxConcurrent);
  const ending = new AbortController();

  /** Does the work as soon as fewer calls than allowed are out. */
  const inTurn = async <Value>({ limits, judged }: Turn, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> => {
    const signal = AbortSignal.any([limits.signal, ending.signal]);
    try {
      using _slot = await slots.take(signal);
      return await work(signal);
    } catch (error) {
      if (ending.signal.aborted) throw stopped();
      if (limits.signal.aborted) throw new SystemError('JDE_CANCELLED', 'retry', `${judged.doing}: cancelled`, { cause: error });
      throw error;
    }
  };

  const exchange = async ({ limits, judged, signal, ...request }: Exchange): Promise<HttpAnswer> => {
    const leftMs = limits.deadline - clock.now();
    if (leftMs <= 0) throw new SystemError('JDE_TIMEOUT', 'retry', `${judged.doing}: the deadline has passed`);
    try {
      return await http.send({ ...request, mayRepeat: true, timeoutMs: Math.min(timeoutMs, leftMs), signal });
    } catch (error) {
      throw judgeLoss(error as HttpLoss, judged);
    }
  };

  const attempt = async <Value>(
    { path, body, judged, limits, memory, read }: AisRequest<Value>,
    logon: Logon,
    signal: AbortSignal,
  ): Promise<Outcome<Value>> => {
    const answer = await exchange({ method: 'POST', path, headers: logon.headers, body, judged, limits, memory, signal });
    const text = answer.body.toString('utf8', 0, judgedTextLength);
    if (answer.status !== 200 || text.trimStart().startsWith('<')) {
      const error = judge({ ...answer, text, json: readAll(answer.body).json, hide: secrets.hide }, judged);
      return { error: error ?? new SystemError('JDE_ANSWER_UNREADABLE', 'retry', `${judged.doing}: HTTP ${answer.status}`) };
    }
    const content = read(answer.body);
    const error = judge({ ...answer, text, json: content.json, hide: secrets.hide }, judged);
    return error ? { error } : { value: content.value() };
  };

  return {
    ask: (request) =>
      inTurn(request, async (signal) => {
        const target = request.judged.table ?? request.path;
        for (let turn = 0; ; turn++) {
          const logon = await session.logon(signal);
          const outcome = await attempt(request, logon, signal);
          if ('value' in outcome) {
            logon.worked.add(target);
            return outcome.value;
          }
          const { error } = outcome;
          if (logon.sendsPassword && refusesPassword(error, logon.worked.has(target))) throw session.refuse(logon, error);
          const isOver = endsSession(error, logon.worked.size > 0 && !logon.sendsPassword);
          const isSuspect = error.code === 'JDE_SERVER_ERROR' && clock.now() - logon.since > freshMs;
          if (isOver || isSuspect) session.drop(logon, error.code !== 'JDE_SESSION_LOST');
          if (!isOver || turn > 0) throw error;
        }
      }),
    look: (request) =>
      inTurn(request, async (signal) => {
        const { path, judged, limits } = request;
        const answer = await exchange({ method: 'GET', path, headers: {}, body: undefined, judged, limits, signal });
        const { json } = readAll(answer.body);
        const text = answer.body.toString('utf8', 0, judgedTextLength);
        const error = judge({ ...answer, text, json, hide: secrets.hide }, judged);
        if (error) throw error;
        return { json, answer };
      }),
    [Symbol.dispose]: () => ending.abort(stopped()),
  };
}

/** A whole body as JSON, numbers as their own text. */
export function readAll(body: Buffer): ReadBody<unknown> {
  const json = parseJson(body.toString('utf8').replace(/^\uFEFF/, ''));
  return { json, value: () => json };
}

interface Turn {
  judged: JudgedCall;
  limits: JdeCallLimits;
}

interface Exchange extends Turn {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: unknown;
  memory?: PageMemory | undefined;
  signal: AbortSignal;
}

type Outcome<Value> = { value: Value } | { error: SystemError };
