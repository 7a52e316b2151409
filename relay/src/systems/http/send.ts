import { isIP } from 'node:net';
import { Pool, type Dispatcher } from 'undici';
import { allowedAddress, guardedLookup, type AddressPolicy } from '../../addresses/index.ts';

export interface HttpSettings {
  /** Scheme, host and path prefix every request goes under. */
  baseUrl: string;
  /** Sent with every request; may hold credentials, so they never show in errors. */
  headers: Record<string, string>;
  /** From sending to the last byte of the answer. */
  timeoutMs: number;
  /** Default 16 MB. */
  maxAnswerBytes?: number;
  /** Default 8. */
  connections?: number;
  /** Names, in lower case, of further answer headers the caller reads. */
  readsHeaders?: readonly string[];
  /** Addresses that the host may have, also by its name; looked at before each connection is made. Default: any. */
  addresses?: AddressPolicy;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under the base URL: `supplier`. */
  path: string;
  query?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  /** Header as sent, or ''. */
  retryAfter: string;
  /** Those of `readsHeaders` that came. */
  headers?: Readonly<Record<string, string>>;
  text: string;
}

export interface HttpSender extends AsyncDisposable {
  /** Resolves with any answer, also 3xx (never followed) and 5xx; rejects with HttpLoss when there is none. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** No answer came. `mayHaveArrived` is false when the request certainly never reached the other side. */
export class HttpLoss extends Error {
  override readonly name = 'HttpLoss';
  /** `ECONNREFUSED`, `TIMEOUT`, `ABORTED`, `ANSWER_TOO_LARGE`, ... */
  readonly code: string;
  readonly mayHaveArrived: boolean;

  constructor(code: string, mayHaveArrived: boolean, cause: unknown) {
    super(`no answer (${code})`, { cause });
    this.code = code;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Keep-alive connections to one base URL. Disposing cuts what is in flight. */
export function openHttp(settings: HttpSettings): HttpSender {
  const { baseUrl, headers, timeoutMs, maxAnswerBytes = 16 * 1024 * 1024, connections = 8, readsHeaders, addresses } = settings;
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const pool = new Pool(base.origin, {
    connections,
    pipelining: 1,
    connect: { timeout: 15_000, ...(addresses && { lookup: guardedLookup(addresses) }) },
  });
  // No name, nothing to look up.
  const literal = base.hostname.replace(/^\[(.*)\]$/, '$1');
  const guarded = addresses !== undefined && isIP(literal) !== 0 ? addresses : undefined;
  return {
    async send({ method, path, query = {}, body, signal }) {
      // Not AbortSignal.timeout and any: those cost more than the rest of a request.
      const cut = new AbortController();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        cut.abort(new Error(`no answer after ${timeoutMs} ms`));
      }, timeoutMs);
      const cancel = (): void => cut.abort(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        signal.throwIfAborted();
        if (guarded) await allowedAddress(literal, guarded);
        const answer = await pool.request({
          method,
          path: `${base.pathname}${path}${queryText(query)}`,
          headers: { ...headers, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          body: body === undefined ? null : JSON.stringify(body),
          signal: cut.signal,
        });
        return {
          status: answer.statusCode,
          contentType: oneHeader(answer, 'content-type'),
          retryAfter: oneHeader(answer, 'retry-after'),
          ...(readsHeaders ? { headers: headersNamed(answer, readsHeaders) } : {}),
          text: await readText(answer, maxAnswerBytes),
        };
      } catch (error) {
        throw toLoss(error, timedOut, signal.aborted);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      }
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

/** Spaces as `%20`: `+` is not understood everywhere. */
function queryText(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function oneHeader({ headers }: Dispatcher.ResponseData, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function headersNamed(answer: Dispatcher.ResponseData, names: readonly string[]): Record<string, string> {
  const found = names.map((name): [string, string] => [name, oneHeader(answer, name)]);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

async function readText({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw Object.assign(new Error(`the answer is larger than ${maxBytes} bytes`), { code: 'ANSWER_TOO_LARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/** Code of a loss because the address may not be sent to; its cause says what to do. */
export const addressDenied = 'ADDRESS_DENIED';

/** Failures before a connection stood, unless it broke while it was read or written; everything else may have reached the other side. */
const beforeSending = [
  addressDenied,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
];

function toLoss(error: unknown, timedOut: boolean, aborted: boolean): HttpLoss {
  if (aborted) return new HttpLoss('ABORTED', true, error);
  if (timedOut) return new HttpLoss('TIMEOUT', true, error);
  return new HttpLoss(codeOf(error), mayHaveArrived(error), error);
}

/** Whether a request that failed so may have reached the other side. */
export function mayHaveArrived(error: unknown): boolean {
  // A network that breaks under a connection gives it the codes of one that never stood (EHOSTUNREACH); the system call tells.
  const { syscall } = error as { syscall?: unknown };
  return syscall === 'read' || syscall === 'write' || !beforeSending.includes(codeOf(error));
}

/** Several addresses of one host fail as an AggregateError; the first one's code stands for all. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? 'UNKNOWN' : codeOf(errors[0]);
}
