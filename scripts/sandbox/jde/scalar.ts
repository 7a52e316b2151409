/** A text, number or truth value as text; '' for everything else that JSON can hold. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
