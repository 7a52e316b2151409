import { ApiError } from './problem.ts';

/** Parses a request body. A refusal names the place and never quotes the text, which may hold a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ApiError(400, 'JSON_INVALID', `the body is not valid JSON${placeOfFault(text, error)}`, {
      fix: 'Send one JSON value in UTF-8, names and texts in double quotes, no comma after the last entry.',
    });
  }
}

/** Finding the place parses the text many times over: of a large one it would hold up everybody else. */
const mostSearched = 100_000;

function placeOfFault(text: string, error: unknown): string {
  if (text.length > mostSearched) return '';
  const { line, column } = lineAndColumn(text, offsetOfFault(text, error));
  return ` at line ${line}, column ${column}`;
}

/** V8 tells the position, except for an unexpected token and an early end. */
function offsetOfFault(text: string, error: unknown): number {
  const message = messageOf(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  return isUnexpectedToken(message) ? shortestFaulty(text) - 1 : text.length;
}

/** Length of the shortest beginning that already holds the unexpected token; every longer one holds it as well. */
function shortestFaulty(text: string): number {
  let low = 1;
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isUnexpectedToken(faultOf(text.slice(0, middle)))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function faultOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Object && 'message' in error ? String(error.message) : '';
}

function isUnexpectedToken(message: string): boolean {
  return message.startsWith('Unexpected token');
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
