import type { SapMessage } from '@ml-connector/shared';

const severities = ['X', 'A', 'E', 'W', 'I', 'S'];
const details = ['MESSAGE_V1', 'MESSAGE_V2', 'MESSAGE_V3', 'MESSAGE_V4', 'PARAMETER', 'FIELD'] as const;

/** RETURN of a call as messages, the worst first: a table or a structure, BAPIRET2 or one of its older shapes (facts/sap-ecc.md 3.4). */
export function returnLines(answer: Record<string, unknown>): SapMessage[] {
  const given = answer['RETURN'];
  const lines = (Array.isArray(given) ? (given as unknown[]) : [given]).filter(isLine).map(toMessage);
  return lines
    .filter(({ TYPE, ID, MESSAGE }) => TYPE !== '' || ID !== '' || MESSAGE !== '')
    .toSorted((one, other) => severity(one) - severity(other));
}

/** Types A, E and X: SAP did not take it. */
export function isErrorMessage({ TYPE }: SapMessage): boolean {
  return TYPE === 'A' || TYPE === 'E' || TYPE === 'X';
}

function severity({ TYPE }: SapMessage): number {
  const at = severities.indexOf(TYPE);
  return at < 0 ? severities.length : at;
}

function isLine(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'TYPE' in value;
}

/** BAPIRETURN has CODE: two characters of the class and three of the number. */
function toMessage(line: Record<string, unknown>): SapMessage {
  const code = textOf(line['CODE']);
  const message: SapMessage = {
    TYPE: textOf(line['TYPE']).toUpperCase(),
    ID: textOf(line['ID']) || code.slice(0, 2).trim(),
    NUMBER: textOf(line['NUMBER']) || code.slice(2),
    MESSAGE: textOf(line['MESSAGE']),
  };
  for (const name of details) if (textOf(line[name]) !== '') message[name] = textOf(line[name]);
  if (typeof line['ROW'] === 'number' && line['ROW'] !== 0) message.ROW = line['ROW'];
  return message;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
