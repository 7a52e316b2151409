import { SystemError, type SystemErrorDetails, type Verdict } from '@ml-connector/shared';
import { asRecord, errorTextsOf, firstLine, listOf } from './error-texts.ts';
import { authorityFix, targetFix, logonFix, defectFix, pathFix, methodFix, orchestrationFix, slowFix } from './fixes.ts';
import type { HttpLoss } from './http.ts';

/** What came, as far as it is needed to judge it. */
export interface JudgedAnswer {
  status: number;
  contentType: string;
  retryAfter: string;
  /** The body, or its beginning. */
  text: string;
  /** The parsed body, without its rows; undefined where it is no JSON. */
  json: unknown;
  /** Takes secrets out of what goes into the error. */
  hide: (text: string) => string;
}

export interface JudgedCall {
  /** For the message: `reading F0101`. */
  doing: string;
  step: 'login' | 'data' | 'orchestration' | 'other';
  /** Table and aliases of a data call. */
  table?: string | undefined;
  fields?: readonly string[] | undefined;
}

const longestPauseMs = 600_000;
/** AIS says nothing of when it is back: an EnterpriseOne server takes minutes to start. */
const usualPauseMs = 30_000;
const keptTextLength = 2000;

/**
 * Reads an answer of AIS: undefined when it is good. All its status codes, and the errors it hides in a 200, are known here and nowhere
 * else (facts/jde-ais.md 4). Every call only reads, so what is lost can be asked for again.
 */
export function judge(answer: JudgedAnswer, call: JudgedCall): SystemError | undefined {
  const { status, retryAfter } = answer;
  const said = errorTextsOf(answer.json, status).map((text) => answer.hide(text));
  const opinion = opinionOn(answer, call, said);
  if (!opinion) return undefined;
  const { code, verdict, what, fix } = opinion;
  const text = said.map(firstLine).join('; ');
  const details: SystemErrorDetails = {
    fix,
    retryAfterMs:
      verdict === 'retry' && status !== 200 ? (waitOf(retryAfter) ?? (code === 'JDE_UNAVAILABLE' ? usualPauseMs : undefined)) : undefined,
    facts: { status, errors: said.map((one) => one.slice(0, keptTextLength)), body: answer.hide(answer.text).slice(0, keptTextLength) },
  };
  return new SystemError(code, verdict, `${call.doing}: ${what}${text ? `: ${text}` : ''}`.slice(0, keptTextLength), details);
}

/** A call without an answer. */
export function judgeLoss(loss: HttpLoss, { doing }: JudgedCall): SystemError {
  const fail = (code: string, verdict: Verdict, what: string, details: SystemErrorDetails = {}): SystemError =>
    new SystemError(code, verdict, `${doing}: ${what} (${loss.code})`, { cause: loss, ...details });
  if (loss.code === 'ABORTED') return fail('JDE_CANCELLED', 'retry', 'cancelled');
  if (loss.code === 'TIMEOUT') return fail('JDE_TIMEOUT', 'retry', 'no answer in time', { fix: slowFix });
  if (loss.code === 'ANSWER_CUT') return fail('JDE_ANSWER_UNREADABLE', 'retry', 'the answer ended in its middle');
  if (loss.code === 'ANSWER_TOO_LARGE')
    return fail('JDE_ANSWER_TOO_LARGE', 'refused', 'the answer is larger than the agent takes', { fix: 'Lower pageSize in agent.yaml.' });
  if (isCertificateTrouble(loss.code))
    return fail('JDE_TLS', 'halt', 'the certificate of the AIS server cannot be trusted', {
      fix: 'Name the PEM file of the CA in agent.yaml (caFile), or correct the host name in baseUrl; a certificate may also have expired.',
    });
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(loss.code))
    return fail('JDE_UNREACHABLE', 'retry', 'the AIS server cannot be reached', { retryAfterMs: usualPauseMs });
  return fail('JDE_CONNECTION_LOST', 'retry', 'the connection broke before the answer came');
}

/** A new login may help: the session ended, or AIS refuses what it took before. `hasWorked`: a call with this login went well. */
export function endsSession({ code, facts }: SystemError, hasWorked: boolean): boolean {
  if (code === 'JDE_SESSION_LOST') return true;
  return hasWorked && code === 'JDE_NOT_AUTHORIZED' && isRefusal(facts);
}

/**
 * AIS refuses the password that went with the call itself. It may mean the table as well; where the same call went well before, or AIS
 * says so, it is the password, and no other call may try it.
 */
export function refusesPassword({ code, message, facts }: SystemError, hasWorked: boolean): boolean {
  if (code !== 'JDE_NOT_AUTHORIZED' || !isRefusal(facts)) return false;
  return hasWorked || facts?.['status'] === 401 || /password|locked|disabled/i.test(message);
}

function isRefusal(facts: SystemError['facts']): boolean {
  return facts?.['status'] === 401 || facts?.['status'] === 403;
}

interface Opinion {
  code: string;
  verdict: Verdict;
  what: string;
  fix?: string | undefined;
}

function opinionOn(answer: JudgedAnswer, call: JudgedCall, said: readonly string[]): Opinion | undefined {
  const { status } = answer;
  if (looksLikePage(answer)) return ofPage(status, call);
  if (call.step === 'login') {
    const opinion = ofLogin(status, said.join(' '));
    if (opinion) return opinion;
  }
  switch (status) {
    case 200:
      return ofOk(answer, call, said);
    case 400:
    case 415:
      return { code: 'JDE_REQUEST_INVALID', verdict: 'refused', what: `AIS does not take the request (HTTP ${status})`, fix: defectFix };
    case 401:
    case 403:
      return { code: 'JDE_NOT_AUTHORIZED', verdict: 'refused', what: `AIS refused it (HTTP ${status})`, fix: authorityFix(call.table) };
    case 404:
      return ofMissing(call);
    case 405:
      return { code: 'JDE_WRONG_PATH', verdict: 'halt', what: 'AIS does not know this call (HTTP 405)', fix: pathFix };
    case 407:
      return { code: 'JDE_PROXY', verdict: 'halt', what: 'a proxy asks for a password (HTTP 407)', fix: 'Let the proxy pass the agent.' };
    case 444:
      return { code: 'JDE_SESSION_LOST', verdict: 'retry', what: 'the session is no longer valid (HTTP 444)' };
    case 445:
    case 446:
      return { code: 'JDE_LOGIN_METHOD', verdict: 'halt', what: `AIS wants single sign-on (HTTP ${status})`, fix: methodFix };
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
      return { code: 'JDE_UNAVAILABLE', verdict: 'retry', what: `AIS or the HTML server behind it is not available (HTTP ${status})` };
    default:
      break;
  }
  if (status >= 300 && status < 400) return { code: 'JDE_REDIRECTED', verdict: 'halt', what: redirected(status), fix: pathFix };
  return ofTexts(said.join(' '), call) ?? ofStatus(status);
}

function ofStatus(status: number): Opinion {
  if (status >= 500) return { code: 'JDE_SERVER_ERROR', verdict: 'retry', what: `AIS failed (HTTP ${status})` };
  return { code: 'JDE_REQUEST_INVALID', verdict: 'refused', what: `AIS does not take the request (HTTP ${status})`, fix: defectFix };
}

/** A gateway's own page with 5xx says nothing about AIS; with less it is the page for paths it does not know. */
function ofPage(status: number, call: JudgedCall): Opinion {
  if (call.step === 'login' && (status === 401 || status === 403)) return loginRefused(status);
  if (status >= 500) return { code: 'JDE_UNAVAILABLE', verdict: 'retry', what: `a web page came in place of JSON (HTTP ${status})` };
  return {
    code: 'JDE_WRONG_PATH',
    verdict: 'halt',
    what: `a web page came in place of JSON (HTTP ${status})`,
    fix: `${pathFix} The HTML server of EnterpriseOne answers so too, where its address was given for that of AIS.`,
  };
}

function ofLogin(status: number, text: string): Opinion | undefined {
  // Some releases report a locked user or an expired password as a failure of the server.
  if (status === 401 || status === 403 || (status >= 500 && status < 502 && /password|locked|disabled|user id/i.test(text)))
    return loginRefused(status);
  if (status === 405)
    return {
      code: 'JDE_ALLOWED_HOSTS',
      verdict: 'halt',
      what: 'the HTML server does not accept logins of this AIS server (HTTP 405)',
      fix: 'Enter the AIS server under Allowed Hosts in Server Manager: HTML server, Web Runtime.',
    };
  return undefined;
}

function loginRefused(status: number): Opinion {
  return {
    code: 'JDE_LOGON_REFUSED',
    verdict: 'halt',
    what: `JD Edwards refused the login (HTTP ${status})`,
    fix: logonFix,
  };
}

function ofOk({ json }: JudgedAnswer, call: JudgedCall, said: readonly string[]): Opinion | undefined {
  if (json === undefined)
    return { code: 'JDE_ANSWER_UNREADABLE', verdict: 'retry', what: 'the answer is no JSON, or not all of it (HTTP 200)' };
  if (said.length === 0) return undefined;
  const opinion = ofTexts(said.join(' '), call);
  if (opinion) return opinion;
  // What the system itself reports passes (a lost database connection); what a form reports is about what was asked.
  if (listOf(asRecord(json)['sysErrors']).length > 0) return { code: 'JDE_SERVER_ERROR', verdict: 'retry', what: 'AIS failed' };
  return { code: 'JDE_ERROR', verdict: 'refused', what: 'AIS reports an error' };
}

function ofMissing(call: JudgedCall): Opinion {
  if (call.step === 'orchestration')
    return {
      code: 'JDE_ORCHESTRATION_MISSING',
      verdict: 'refused',
      what: 'there is no such orchestration (HTTP 404)',
      fix: orchestrationFix,
    };
  return { code: 'JDE_WRONG_PATH', verdict: 'halt', what: 'there is nothing at this address (HTTP 404)', fix: pathFix };
}

/** JD Edwards writes for people; these are the texts that decide what is to be done. */
function ofTexts(text: string, call: JudgedCall): Opinion | undefined {
  if (text === '') return undefined;
  if (/JAS_MSG347|query results expired/i.test(text))
    return { code: 'JDE_RESULT_EXPIRED', verdict: 'retry', what: 'the result of the query has expired' };
  if (/(invalid|expired|unknown) (token|session)|(token|session) (is )?(invalid|expired|not valid|timed out)|not signed on/i.test(text))
    return { code: 'JDE_SESSION_LOST', verdict: 'retry', what: 'the session is no longer valid' };
  if (/not authori[sz]ed|no authori|unauthori|security|permission|access denied/i.test(text))
    return { code: 'JDE_NOT_AUTHORIZED', verdict: 'refused', what: 'the user may not do this', fix: authorityFix(call.table) };
  if (namesTarget(text, call))
    return { code: 'JDE_TABLE_OR_COLUMN', verdict: 'refused', what: 'AIS cannot read that', fix: targetFix(call.table) };
  return undefined;
}

function namesTarget(text: string, { table, fields = [] }: JudgedCall): boolean {
  if (table === undefined) return false;
  const words = new Set(text.toUpperCase().split(/[^A-Z0-9_.]+/));
  const aliases = fields.map((field) => field.split('.').at(-1) ?? field);
  const isNamed = words.has(table) || aliases.some((alias) => words.has(`${table}.${alias}`) || words.has(`${table}_${alias}`));
  const isColumn = aliases.some((alias) =>
    new RegExp(`(column|control ?id|alias|data item)\\W+(\\w+\\W+){0,3}${alias}\\b`, 'i').test(text),
  );
  return isColumn || (isNamed && /not found|not exist|invalid|unknown|unable|cannot|could not|no such|not valid|missing/i.test(text));
}

function looksLikePage({ contentType, text }: JudgedAnswer): boolean {
  return /\bhtml\b/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(text);
}

/** `120`, or a date, which is not read: those who send one have no clock of ours. */
function waitOf(retryAfter: string): number | undefined {
  return /^\d+$/.test(retryAfter.trim()) ? Math.min(Number(retryAfter) * 1000, longestPauseMs) : undefined;
}

function redirected(status: number): string {
  return `the address answers with a redirect (HTTP ${status}), which is never followed`;
}

function isCertificateTrouble(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}
