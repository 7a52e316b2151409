import { isSystemError, SystemError, toSystemError, type SapMessage, type UnitReport, type Verdict } from '@ml-connector/shared';
import { explainSapMessage, knownSapMessage, sentenceOf } from './explain.ts';
import { isErrorMessage } from './return-lines.ts';

/** Errors of the agent that carry a refusal by SAP: nothing of the call was kept. */
const refusals = ['SAP_RETURN_ERROR', 'SAP_MESSAGE', 'SAP_EXCEPTION', 'SAP_LOCKED'];
/** Headlines that come first and say nothing: `RW 609 Error in document`. */
const headlines = ['RW 609', 'RW 616'];
const mostTold = 3;

/**
 * A refusal by SAP as the error that flows know: `SAP_PERIOD_CLOSED`, `SAP_LOCKED` (`retry`), `SAP_ACCOUNT_BLOCKED`, else `SAP_REFUSED`, with the
 * worst messages in the text and what to do in `fix`; `facts.explanation` has it in parts. Anything else is passed on as it is: verdicts of lost answers stay.
 */
export function explainedSapError(error: unknown, doing: string): SystemError {
  if (!isSystemError(error)) return toSystemError(error, doing);
  const isRefusal = refusals.includes(error.code) && (error.verdict === 'refused' || error.verdict === 'retry');
  const messages = tellingMessages(sapMessagesOf(error));
  if (!isRefusal || messages.length === 0) return error;
  const { code, verdict, first } = meaningOf(messages, error);
  const told = messages.slice(0, mostTold).map(({ ID, NUMBER, MESSAGE }) => `${MESSAGE || 'no text'} (${ID} ${NUMBER})`);
  const more = messages.length > mostTold ? `; and ${messages.length - mostTold} more` : '';
  const explanation = first && explainSapMessage(first);
  return new SystemError(code, verdict, `${doing}: SAP says ${told.join('; ')}${more}`, {
    cause: error,
    retryAfterMs: error.retryAfterMs,
    fix: explanation ? sentenceOf(explanation) : error.fix,
    facts: { ...error.facts, ...(explanation && first && { explanation: { message: `${first.ID} ${first.NUMBER}`, ...explanation } }) },
  });
}

/** The messages of SAP that an error carries: of RETURN, of the unit's steps, or the one that ended the function. */
export function sapMessagesOf({ facts }: Pick<SystemError, 'facts'>): SapMessage[] {
  if (!facts) return [];
  const listed = facts['messages'];
  if (Array.isArray(listed)) return (listed as unknown[]).filter(isSapMessage);
  const { abapMsgClass: ID, abapMsgNumber: NUMBER, abapMsgType: TYPE, message } = facts;
  if (typeof ID === 'string' && ID !== '' && typeof NUMBER === 'string')
    return [
      {
        TYPE: typeof TYPE === 'string' && TYPE !== '' ? TYPE : 'E',
        ID,
        NUMBER,
        MESSAGE: typeof message === 'string' ? message.trim() : '',
      },
    ];
  return ((facts['unit'] as UnitReport | undefined)?.steps ?? []).flatMap(({ messages }) => messages);
}

/** The errors among them, without headlines where there is more. */
export function tellingMessages(messages: readonly SapMessage[]): SapMessage[] {
  const errors = messages.filter(isErrorMessage);
  const telling = errors.filter(({ ID, NUMBER }) => !headlines.includes(`${ID} ${NUMBER}`));
  return telling.length > 0 ? telling : errors;
}

interface Meaning {
  code: string;
  verdict: Verdict;
  /** The message that decided. */
  first: SapMessage | undefined;
}

/** Numbers of "locked by a user" vary with release and object (facts/sap-ecc.md 2.5, 4.2), so this one is also known by its words. */
const lockedWords =
  /\b(is|are)\b.*\b(blocked|locked|processed|edited|changed)\b.*\bby (user )?\w|already being processed by|gesperrt durch|wird (gerade )?(von|durch) .* (bearbeitet|gesperrt)/i;

function meaningOf(messages: readonly SapMessage[], { code, verdict }: SystemError): Meaning {
  const isLocked = (one: SapMessage): boolean =>
    errorCodeOf(one) === 'SAP_LOCKED' || (!knownSapMessage(one) && lockedWords.test(one.MESSAGE));
  // A document that is wrong stays wrong when the lock is gone.
  const others = messages.filter((one) => !isLocked(one));
  if (code === 'SAP_LOCKED' || others.length === 0)
    return { code: 'SAP_LOCKED', verdict: 'retry', first: messages.find(isLocked) ?? messages[0] };
  const described = others.find((one) => errorCodeOf(one) !== undefined) ?? others.find((one) => knownSapMessage(one)) ?? others[0];
  return {
    code: (described && errorCodeOf(described)) ?? 'SAP_REFUSED',
    verdict: verdict === 'retry' ? 'retry' : 'refused',
    first: described,
  };
}

function errorCodeOf(message: SapMessage): string | undefined {
  return knownSapMessage(message)?.error;
}

function isSapMessage(value: unknown): value is SapMessage {
  return typeof value === 'object' && value !== null && 'TYPE' in value && 'ID' in value && 'NUMBER' in value && 'MESSAGE' in value;
}
