import jsonata from 'jsonata';

/** Functions whose outcome differs from one look to the next: a record would be another one at every retry. `$eval` would bring them back. */
const impure = new Set(['now', 'millis', 'random', 'shuffle', 'eval']);

export const longestExpression = 4000;

/** What is wrong with an expression, for the person who writes it; undefined when it can be used. */
export function expressionFault(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.length > longestExpression) return `must have at most ${longestExpression} characters`;
  try {
    const used = impureIn(jsonata(text).ast());
    return used === undefined ? undefined : `must not use $${used}: the same record has to give the same body every time`;
  } catch (error) {
    return `is no JSONata expression: ${faultText(error)}`;
  }
}

/** JSONata's own errors are plain objects with a message and a position. */
export function faultText(error: unknown): string {
  const { message, position } = error instanceof Object ? (error as { message?: unknown; position?: unknown }) : {};
  const text = typeof message === 'string' && message !== '' ? message : String(error);
  return typeof position === 'number' ? `${text} (at character ${position})` : text;
}

function impureIn(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === 'variable' && typeof value === 'string' && impure.has(value)) return value;
  for (const part of Object.values(node)) {
    const found = impureIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
