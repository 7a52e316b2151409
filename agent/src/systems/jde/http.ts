import { Agent as HttpAgent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { getCACertificates } from 'node:tls';
import { grow, openPageMemories, type PageMemory } from './page-memory.ts';

export interface HttpSettings {
  /** As the customer gives it, with or without a slash at its end. */
  baseUrl: string;
  /** Certificates of a private CA (PEM), trusted besides the usual ones. */
  ca: string | undefined;
  connections: number;
  maxAnswerBytes: number;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Under the base URL: `v2/dataservice`. */
  path: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent once more where a kept connection turns out to be closed; never for what counts tries. */
  mayRepeat: boolean;
  /** The body is read into it, and stands there until it is used again. */
  memory?: PageMemory | undefined;
  /** From sending to the last byte of the answer. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  /** Header as sent, or ''. */
  retryAfter: string;
  /** Header `Date` as sent, or ''. */
  date: string;
  body: Buffer;
}

export interface HttpSender extends Disposable {
  readonly baseUrl: URL;
  /** Resolves with any answer, also 3xx (never followed) and 5xx; rejects with HttpLoss when none came whole. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** No answer, or not all of it. */
export class HttpLoss extends Error {
  override readonly name = 'HttpLoss';
  /** `ECONNREFUSED`, `TIMEOUT`, `ABORTED`, `ANSWER_TOO_LARGE`, `ANSWER_CUT`, ... */
  readonly code: string;
  /** The connection had been kept from an earlier call, and broke before a byte came. */
  readonly wasStale: boolean;

  constructor(code: string, { cause, wasStale = false }: { cause?: unknown; wasStale?: boolean } = {}) {
    super(`no answer (${code})`, { cause });
    this.code = code;
    this.wasStale = wasStale;
  }
}

const idleMs = 30_000;

/**
 * Node tells connections apart by a name that holds all trusted certificates, made anew several times per call: a seventh of the time of a long
 * read. This agent talks to one server in one way.
 */
class OneServerAgent extends HttpsAgent {
  override getName(): string {
    return 'ais';
  }
}

/** Keep-alive connections to one AIS server; certificates are always verified. Disposing closes the connections. */
export function openHttp({ baseUrl, ca, connections, maxAnswerBytes }: HttpSettings): HttpSender {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isSecure = base.protocol === 'https:';
  // Idle connections are closed before a firewall drops them in silence.
  const pool = { keepAlive: true, maxSockets: connections, timeout: idleMs };
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  const agent = isSecure ? new OneServerAgent({ ...pool, ...trusted, rejectUnauthorized: true }) : new HttpAgent(pool);

  const sendOnce = ({ method, path, headers, body, memory = newMemory(), timeoutMs, signal }: HttpRequest): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const options: RequestOptions = {
        method,
        agent,
        headers: {
          ...headers,
          accept: 'application/json',
          ...(content ? { 'content-type': 'application/json', 'content-length': content.length } : {}),
        },
      };
      const call = (isSecure ? requestHttps : requestHttp)(new URL(`${base.pathname}${path}`, base.origin), options);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const fail = (loss: HttpLoss): void => {
        end(() => reject(loss));
        call.destroy();
      };
      const onAbort = (): void => fail(new HttpLoss('ABORTED', { cause: signal.reason }));
      const timer = setTimeout(() => fail(new HttpLoss('TIMEOUT')), timeoutMs);
      call.on('error', (cause) => fail(new HttpLoss(codeOf(cause), { cause, wasStale: call.reusedSocket && isBroken(codeOf(cause)) })));
      call.on('response', (answer) => {
        readBody(answer, memory, maxAnswerBytes).then(
          (bytes) => end(() => resolve(toAnswer(answer, bytes))),
          (error: unknown) => fail(error as HttpLoss),
        );
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) return onAbort();
      call.end(content);
    });

  return {
    baseUrl: base,
    async send(request) {
      try {
        return await sendOnce(request);
      } catch (error) {
        // What Node throws before it sends (a header it does not take) is told like any other failure.
        if ((error as Error).name !== 'HttpLoss') throw new HttpLoss(codeOf(error), { cause: error });
        if (!request.mayRepeat || !(error as HttpLoss).wasStale) throw error;
        return sendOnce(request);
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function newMemory(): PageMemory {
  return openPageMemories().take();
}

function readBody(answer: IncomingMessage, memory: PageMemory, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let length = 0;
    grow(memory, Math.min(Number(answer.headers['content-length'] ?? 0), maxBytes), 0);
    answer.on('data', (chunk: Buffer) => {
      if (length + chunk.length > maxBytes) return reject(new HttpLoss('ANSWER_TOO_LARGE'));
      grow(memory, length + chunk.length, length);
      memory.bytes.set(chunk, length);
      length += chunk.length;
    });
    answer.on('end', () => (answer.complete ? resolve(memory.bytes.subarray(0, length)) : reject(new HttpLoss('ANSWER_CUT'))));
    answer.on('error', (cause) => reject(new HttpLoss('ANSWER_CUT', { cause })));
    answer.on('aborted', () => reject(new HttpLoss('ANSWER_CUT')));
  });
}

function toAnswer({ statusCode = 0, headers }: IncomingMessage, body: Buffer): HttpAnswer {
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    retryAfter: headers['retry-after'] ?? '',
    date: headers.date ?? '',
    body,
  };
}

function isBroken(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** Several addresses of one host fail as an AggregateError; the first one's code stands for all. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? 'UNKNOWN' : codeOf(errors[0]);
}
