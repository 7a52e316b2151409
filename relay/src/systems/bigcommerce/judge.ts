import { SystemError, type SystemErrorDetails, type Verdict, parseJson } from '@ml-connector/shared';
import { deniedAddress, type HttpAnswer, type HttpLoss } from '../http/index.ts';
import { fixFor } from './fixes.ts';
import { waitAfterFailure, waitAfterLimit } from './rate-headers.ts';
import { nameOfScope, type OAuthScope } from './scopes.ts';
import { saidBy } from './store-errors.ts';

/** What the answer is judged by, and how to name the call in messages. */
export interface JudgedCall {
  /** `once`: done twice it would leave something twice. Everything else may be repeated. */
  effect: 'read' | 'repeatable' | 'once';
  /** `reading order 250`. */
  doing: string;
  needs: OAuthScope;
  /** Without its scope nothing but this one call is lost, and the connection goes on. */
  isExtra?: boolean;
}

const keptBodyLength = 4000;

/** Undefined for a good answer: JSON or no content. Everything the vendor says is read here and nowhere else (facts/bigcommerce.md 4). */
export function judge(answer: HttpAnswer, call: JudgedCall): SystemError | undefined {
  const { status, text } = answer;
  const isPage = looksLikePage(answer);
  const said = isPage ? '' : saidBy(parseJson(text), text);
  const unclear: Verdict = call.effect === 'once' ? 'uncertain' : 'retry';
  const fail = (code: string, verdict: Verdict, message: string, details: SystemErrorDetails = {}): SystemError =>
    new SystemError(code, verdict, `${call.doing}: ${message}`, { ...details, facts: factsOf(answer) });

  if (status === 429)
    return fail('BIGCOMMERCE_RATE_LIMITED', 'retry', 'the store takes no more requests for the moment (HTTP 429)', {
      retryAfterMs: waitAfterLimit(answer),
    });
  if (status === 401)
    return fail('BIGCOMMERCE_CREDENTIALS', 'halt', withText('the store refused the access token (HTTP 401)', said), {
      fix: 'Enter the access token of an API account of this store anew; a lost token needs a new API account (Settings > Store-level API accounts).',
    });
  if (status === 403) return missingScope(answer, call, said);
  if (status === 407 || (status >= 300 && status < 400))
    return fail('BIGCOMMERCE_REDIRECTED', 'halt', `something in between answers in the place of the store (HTTP ${status})`, {
      fix: 'Check the base URL and the store hash of the connection, and the proxy settings of the relay.',
    });
  // A gateway's own page with 5xx says nothing about whether the call was passed on.
  if (isPage && status < 500)
    return fail('BIGCOMMERCE_WRONG_PATH', 'halt', `a web page came in place of JSON (HTTP ${status})`, {
      fix: 'Check the base URL and the store hash of the connection; a proxy in between may also answer in the place of BigCommerce.',
    });
  if ([405, 406, 415, 501, 505].includes(status))
    return fail('BIGCOMMERCE_CALL_UNKNOWN', 'halt', withText(`the store does not know this call (HTTP ${status})`, said), {
      fix: 'Check the base URL of the connection; if it is right, this is a defect of the relay.',
    });
  if (status === 507)
    return fail('BIGCOMMERCE_PLAN_LIMIT', 'refused', withText("a limit of the store's plan is reached (HTTP 507)", said), {
      fix: 'Remove what is no longer needed in the store, or ask BigCommerce for a larger plan.',
    });
  if (status === 423) return fail('BIGCOMMERCE_LOCKED', 'retry', withText('the store has locked what was to be written (HTTP 423)', said));
  if (status >= 500 || status === 408 || status === 499)
    return fail('BIGCOMMERCE_SERVER_ERROR', unclear, withText(`BigCommerce failed (HTTP ${status})`, said), {
      retryAfterMs: waitAfterFailure(answer),
    });
  if (status >= 400) {
    const what = said || `HTTP ${status} ${text.slice(0, 200)}`.trimEnd();
    return fail(refusalCode(status), 'refused', what, { fix: fixFor(what, status) });
  }
  if (status === 207)
    return call.effect === 'once'
      ? undefined
      : fail('BIGCOMMERCE_PARTLY_SAVED', 'refused', withText('the store saved a part only (HTTP 207)', said), {
          fix: fixFor(said, status),
        });
  if (status !== 204 && parseJson(text) === undefined)
    return fail('BIGCOMMERCE_ANSWER_UNREADABLE', unclear, `the answer is no JSON (HTTP ${status}, ${text.length} characters)`);
  return undefined;
}

/** A call without an answer. */
export function judgeLoss(loss: HttpLoss, { effect, doing }: JudgedCall): SystemError {
  const denied = deniedAddress(loss, doing);
  if (denied) return denied;
  if (!loss.mayHaveArrived)
    return new SystemError('BIGCOMMERCE_UNREACHABLE', 'retry', `${doing}: BigCommerce cannot be reached (${loss.code})`, { cause: loss });
  const code = loss.code === 'ABORTED' ? 'BIGCOMMERCE_CANCELLED' : 'BIGCOMMERCE_ANSWER_LOST';
  return new SystemError(code, effect === 'once' ? 'uncertain' : 'retry', `${doing}: no answer came (${loss.code})`, { cause: loss });
}

/** The call went through, but its answer does not hold what it must. */
export function unreadable({ effect, doing }: Pick<JudgedCall, 'effect' | 'doing'>, what: string): SystemError {
  return new SystemError('BIGCOMMERCE_ANSWER_UNREADABLE', effect === 'once' ? 'uncertain' : 'retry', `${doing}: ${what}`);
}

function missingScope(answer: HttpAnswer, { doing, needs, isExtra }: JudgedCall, said: string): SystemError {
  return new SystemError(
    'BIGCOMMERCE_SCOPE_MISSING',
    isExtra ? 'refused' : 'halt',
    withText(`${doing}: the API account is not allowed to (HTTP 403); it needs ${nameOfScope(needs)}`, said),
    {
      fix: `Create an API account of this store that has ${nameOfScope(needs)} as well, and enter its client ID, secret and token: the scopes of an existing account cannot be changed. Where the scope is there, check the store hash.`,
      facts: factsOf(answer),
    },
  );
}

function refusalCode(status: number): string {
  if (status === 404) return 'BIGCOMMERCE_NOT_FOUND';
  return status === 409 ? 'BIGCOMMERCE_EXISTS' : 'BIGCOMMERCE_VALIDATION';
}

function looksLikePage({ contentType, text }: HttpAnswer): boolean {
  return /\bhtml\b/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(text);
}

function withText(message: string, said: string): string {
  return said === '' ? message : `${message}: ${said}`;
}

function factsOf({ status, text, headers = {} }: HttpAnswer): Record<string, unknown> {
  return { status, body: text.slice(0, keptBodyLength), ...(status === 429 ? { headers } : {}) };
}
