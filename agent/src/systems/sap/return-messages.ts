import { SystemError, type SapMessage } from '@ml-connector/shared';

/** Messages told onward of one call. */
const mostMessages = 50;
const rank = ['X', 'A', 'E', 'W', 'I', 'S'];
const texts = ['MESSAGE_V1', 'MESSAGE_V2', 'MESSAGE_V3', 'MESSAGE_V4', 'PARAMETER', 'FIELD'] as const;

/**
 * What a function said in its RETURN parameters (RETURN, ET_RETURN, RETURN_MESSAGES ...), structure or table, of any of the shapes BAPIRET2,
 * BAPIRET1, BAPIRETURN1 and BAPIRETURN; the worst first (facts/sap-ecc.md 3.4). Empty lines are left out.
 */
export function returnMessages(result: Record<string, unknown>): SapMessage[] {
  const found = Object.entries(result)
    .filter(([name]) => name.includes('RETURN'))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isMessage)
    .map(toMessage)
    .filter(({ TYPE, ID, MESSAGE }) => TYPE !== '' || ID !== '' || MESSAGE !== '');
  return found.toSorted((one, other) => severity(one) - severity(other)).slice(0, mostMessages);
}

/** No message of type A, E or X. */
export function isClean(messages: readonly SapMessage[]): boolean {
  return !messages.some(isError);
}

/** Somebody else works on the object (facts/sap-ecc.md 4.2); these numbers mean nothing else. */
const locked = ['ME 006', 'F2 042', 'MC 601'];

/** `refused`, or `retry` while another user holds a lock. To be thrown when SAP has said that nothing stays of it. */
export function returnError(functionName: string, messages: readonly SapMessage[]): SystemError {
  const errors = messages.filter(isError);
  const lock = errors.find(({ ID, NUMBER }) => locked.includes(`${ID} ${NUMBER}`));
  const [first] = lock ? [lock] : errors.length > 1 && isHeadline(errors[0]) ? errors.slice(1) : errors;
  const said = `${first?.TYPE} ${first?.ID} ${first?.NUMBER} ${first?.MESSAGE ?? ''}`.trim();
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new SystemError(lock ? 'SAP_LOCKED' : 'SAP_RETURN_ERROR', lock ? 'retry' : 'refused', `${functionName}: ${said}${more}`, {
    facts: { messages },
  });
}

/** `E RW 609 Error in document` comes first and says nothing. */
function isHeadline(message: SapMessage | undefined): boolean {
  return message?.ID === 'RW' && message.NUMBER === '609';
}

function isError({ TYPE }: SapMessage): boolean {
  return TYPE === 'A' || TYPE === 'E' || TYPE === 'X';
}

function severity({ TYPE }: SapMessage): number {
  const at = rank.indexOf(TYPE);
  return at < 0 ? rank.length : at;
}

function isMessage(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'TYPE' in value && 'MESSAGE' in value;
}

function toMessage(line: Record<string, unknown>): SapMessage {
  const code = textOf(line['CODE']);
  const message: SapMessage = {
    TYPE: textOf(line['TYPE']).toUpperCase(),
    ID: textOf(line['ID']) || code.slice(0, 2).trim(),
    NUMBER: textOf(line['NUMBER']) || code.slice(2),
    MESSAGE: textOf(line['MESSAGE']).slice(0, 500),
  };
  for (const name of texts) if (textOf(line[name]) !== '') message[name] = textOf(line[name]);
  if (typeof line['ROW'] === 'number' && line['ROW'] !== 0) message.ROW = line['ROW'];
  return message;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
