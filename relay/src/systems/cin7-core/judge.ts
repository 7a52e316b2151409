import { SystemError, type SystemErrorDetails, type Verdict, parseJson } from '@ml-connector/shared';
import { deniedAddress, type HttpAnswer, type HttpLoss } from '../http/index.ts';
import { fixFor } from './fixes.ts';

/** What the answer is judged by: whether the call could change something, and how to name it in messages. */
export interface JudgedCall {
  writes: boolean;
  /** `creating supplier Acme GmbH`. */
  doing?: string;
}

interface VendorError {
  ErrorCode: number | undefined;
  Exception: string;
}

const longestPauseMs = 600_000;
const keptBodyLength = 4000;

/** Undefined for a good answer: JSON, and no error in it. Everything the vendor says is read here and nowhere else (facts/cin7.md 4). */
export function judge(answer: HttpAnswer, { writes, doing = 'calling Cin7 Core' }: JudgedCall): SystemError | undefined {
  const { status, text } = answer;
  const isPage = looksLikePage(answer);
  const json = isPage ? undefined : parseJson(text);
  const errors = vendorErrors(json, status);
  const fail = (code: string, verdict: Verdict, message: string, details: SystemErrorDetails = {}): SystemError =>
    new SystemError(code, verdict, `${doing}: ${message}`, { ...details, facts: factsOf(answer, errors) });

  if (isLimit(answer, errors)) {
    const retryAfterMs = waitOf(answer.retryAfter);
    return fail('CIN7_RATE_LIMITED', 'retry', `the limit of calls per minute is reached (HTTP ${status})`, { retryAfterMs });
  }
  if ([401, 403, 407].includes(status) || errors.some(({ ErrorCode }) => ErrorCode === 401 || ErrorCode === 403))
    return fail('CIN7_CREDENTIALS', 'halt', `Cin7 Core refused the account ID or the application key (HTTP ${status})`, {
      fix: 'Enter the account ID and the application key anew; both are shown in Cin7 Core under Integrations > API.',
    });
  if (status >= 300 && status < 400)
    return fail('CIN7_REDIRECTED', 'halt', `the address answers with a redirect (HTTP ${status}), which is never followed`, {
      fix: 'Check the base URL of the connection.',
    });
  // A gateway's own page with 5xx says nothing about whether the call was passed on; with 200 or 404 it is the page for unknown paths.
  if (isPage && status < 500)
    return fail('CIN7_WRONG_PATH', 'halt', `a web page came in place of JSON (HTTP ${status})`, {
      fix: 'Check the base URL of the connection; a proxy in between may also answer in the place of Cin7 Core.',
    });
  if (status === 405)
    return fail('CIN7_METHOD_NOT_ALLOWED', 'halt', `Cin7 Core does not know this call (${textOf(errors)})`, {
      fix: 'Check the base URL of the connection; if it is right, this is a defect of the relay.',
    });
  if (status >= 500 || status === 408)
    return fail('CIN7_SERVER_ERROR', writes ? 'uncertain' : 'retry', `Cin7 Core failed (HTTP ${status}) ${textOf(errors)}`.trimEnd());
  if (status >= 400 || errors.length > 0) {
    const said = textOf(errors) || `HTTP ${status} ${text.slice(0, 200)}`.trimEnd();
    return fail(refusalCode(said), 'refused', said, { fix: fixFor(said) });
  }
  if (status !== 204 && json === undefined)
    return fail(
      'CIN7_ANSWER_UNREADABLE',
      writes ? 'uncertain' : 'retry',
      `the answer is no JSON (HTTP ${status}, ${text.length} characters)`,
    );
  return undefined;
}

function refusalCode(said: string): string {
  if (/purchase task with specified id not found/i.test(said)) return 'CIN7_PURCHASE_NOT_FOUND';
  if (/endpoint is deprecated and does not support/i.test(said)) return 'CIN7_OTHER_PURCHASE_TYPE';
  if (/must be unique|already exists/i.test(said)) return 'CIN7_NAME_TAKEN';
  // The vendor's text for a locked period is not known (facts/cin7.md 17); its settings page calls it the lock date.
  return /lock(ed)?[ -]?date/i.test(said) ? 'CIN7_PERIOD_CLOSED' : 'CIN7_VALIDATION';
}

/** A call without an answer. */
export function judgeLoss(loss: HttpLoss, { writes, doing = 'calling Cin7 Core' }: JudgedCall): SystemError {
  const denied = deniedAddress(loss, doing);
  if (denied) return denied;
  if (!loss.mayHaveArrived)
    return new SystemError('CIN7_UNREACHABLE', 'retry', `${doing}: Cin7 Core cannot be reached (${loss.code})`, { cause: loss });
  const code = loss.code === 'ABORTED' ? 'CIN7_CANCELLED' : 'CIN7_ANSWER_LOST';
  return new SystemError(code, writes ? 'uncertain' : 'retry', `${doing}: no answer came (${loss.code})`, { cause: loss });
}

/** The call went through, but its answer does not hold what it must. */
export function unreadable({ writes, doing = 'calling Cin7 Core' }: JudgedCall, what: string): SystemError {
  return new SystemError('CIN7_ANSWER_UNREADABLE', writes ? 'uncertain' : 'retry', `${doing}: ${what}`);
}

function looksLikePage({ contentType, text }: HttpAnswer): boolean {
  return /\bhtml\b/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(text);
}

/** Three statuses and one text are in use for it, and 503 comes without a text too. A gateway's 503, a page or in its own words, is none. */
function isLimit({ status, text }: HttpAnswer, errors: VendorError[]): boolean {
  if (status === 429) return true;
  if (status < 400 && errors.length === 0) return false;
  return /reached \d+ calls per/i.test(text) || (status === 503 && (text.trim() === '' || errors.length > 0));
}

/** `60 Seconds`, `30 sec`, `30`. */
function waitOf(retryAfter: string): number | undefined {
  const seconds = /\d+/.exec(retryAfter)?.[0];
  return seconds === undefined ? undefined : Math.min(Number(seconds) * 1000, longestPauseMs);
}

/** An array of `{ErrorCode, Exception}`, one such object, `{Message}` or `{ExceptionMessage}`; the last two only count as errors by their status. */
function vendorErrors(json: unknown, status: number): VendorError[] {
  const items = (Array.isArray(json) ? (json as unknown[]) : [json]).filter((one) => typeof one === 'object' && one !== null);
  return items.flatMap((item) => {
    const { ErrorCode, Exception, ExceptionMessage, Message } = item as Record<string, unknown>;
    const isError = status >= 400 || (ErrorCode !== undefined && Exception !== undefined);
    const text = [Exception, ExceptionMessage, Message].find((one) => typeof one === 'string' && one !== '');
    return isError && typeof text === 'string'
      ? [{ ErrorCode: ErrorCode === undefined ? undefined : Number(ErrorCode), Exception: text }]
      : [];
  });
}

function textOf(errors: VendorError[]): string {
  return errors.map(({ Exception }) => Exception.trim()).join('; ');
}

function factsOf({ status, text, retryAfter }: HttpAnswer, errors: VendorError[]): Record<string, unknown> {
  return {
    status,
    ...(errors.length > 0 ? { errors } : {}),
    body: text.slice(0, keptBodyLength),
    ...(retryAfter ? { retryAfter } : {}),
  };
}
