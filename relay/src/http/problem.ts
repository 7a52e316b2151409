import { isSystemError, type Verdict } from '@ml-connector/shared';
import { isDatabaseDown } from '../store/index.ts';

/** One field that is wrong, named as the caller wrote it: `settings.accountId`. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** A refusal the API answers with: HTTP status, stable code, what is wrong and what to do about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, more: ApiErrorDetails = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fix = more.fix ?? '';
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

export interface ApiErrorDetails {
  fix?: string;
  errors?: FieldProblem[];
  headers?: Record<string, string>;
}

/** RFC 9457, widened by a stable `code`, a `fix` in plain words and the fields at fault. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  fix: string;
  errors?: readonly FieldProblem[];
}

export function problem({ status, code, message, fix, errors }: ApiError): Problem {
  return {
    type: `urn:ml-relay:problem:${code}`,
    title: titles[status] ?? 'Request failed',
    status,
    detail: message,
    code,
    fix,
    ...(errors.length > 0 && { errors }),
  };
}

/** What a failure means to the caller of the API. Anything unforeseen is a 500 that tells nothing of the inside. */
export function toApiError(error: unknown): ApiError {
  if (isApiError(error)) return error;
  if (isSystemError(error) && error.code !== 'INTERNAL') {
    const retryAfter = error.retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfterMs / 1000)) };
    return new ApiError(statusOfVerdict[error.verdict], error.code, error.message, { fix: error.fix ?? '', headers: retryAfter });
  }
  if (isParserError(error)) return fromParser(error);
  if (isConstraint(error))
    return new ApiError(409, 'CHANGED_MEANWHILE', 'somebody else changed this at the same time', { fix: 'Look at it again, and repeat.' });
  if (isDatabaseDown(error))
    return new ApiError(503, 'DATABASE_DOWN', 'the database of the relay cannot be reached', {
      fix: 'Try again in a moment; when it stays so, the relay log names the cause.',
      headers: { 'Retry-After': '5' },
    });
  return new ApiError(500, 'INTERNAL', 'something went wrong inside the relay', {
    fix: 'Look for this request in the relay log; the cause is written there.',
  });
}

export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', `there is no ${what} ${id}`, { fix: 'Check the id, and that it belongs to this tenant.' });
}

export function conflict(code: string, detail: string, fix: string): ApiError {
  return new ApiError(409, code, detail, { fix });
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof Object && 'name' in error && error.name === 'ApiError' && 'status' in error;
}

const titles: Record<number, string> = {
  400: 'Request not understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Request too large',
  415: 'Unsupported content type',
  422: 'Refused by the other system',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'The other system does not work',
  503: 'Not available now',
  504: 'No certain answer',
};

const statusOfVerdict: Record<Verdict, number> = { retry: 503, refused: 422, uncertain: 504, halt: 502 };

/** What express and its body parser reject with before a route is reached. */
interface ParserError {
  type?: string;
  status: number;
  limit?: number;
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof Object && 'status' in error && typeof error.status === 'number' && error.status < 500;
}

function fromParser({ type = '', status, limit }: ParserError): ApiError {
  if (type === 'entity.too.large')
    return new ApiError(413, 'BODY_TOO_LARGE', `the body is larger than ${limit} bytes`, { fix: 'Send it in several requests.' });
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new ApiError(415, 'CONTENT_TYPE', 'the body is written in an encoding that is not supported', {
      fix: 'Send UTF-8 with Content-Type: application/json.',
    });
  return new ApiError(status, 'REQUEST_INVALID', 'the request is not well formed', { fix: 'Check the address and the headers.' });
}

/** Of PostgreSQL: a key that exists, one that is referred to, two changes of the same thing at the same time, two that wait for each other. */
const postgresConflicts = new Set(['23505', '23503', '40001', '40P01']);

/** Two requests made the same name, or one took away what the other refers to; the database let the first one win. */
function isConstraint(error: unknown): boolean {
  if (!(error instanceof Object && 'code' in error)) return false;
  const code = String(error.code);
  return code.startsWith('SQLITE_CONSTRAINT_') || postgresConflicts.has(code);
}
