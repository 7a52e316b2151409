/** An id in the body of a webhook: a number, for some topics a text (facts/bigcommerce.md 5.2). Answers a list of one, or an empty one. */
export function eventIds(value: unknown): string[] {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  return /^[1-9]\d{0,15}$/.test(text) ? [text] : [];
}
