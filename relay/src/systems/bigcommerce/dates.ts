const hasZone = /(?:Z|GMT|UTC?|[+-]\d{2}:?\d{2})$/i;

/**
 * Milliseconds since 1970 of a date as the store writes it: RFC 2822 (`Tue, 05 Mar 2019 21:40:11 +0000`) in v2, ISO 8601 in v3, `""` where
 * there is none (facts/bigcommerce.md 6.1). Without a zone it is UTC. Undefined for what is no date.
 */
export function parseStoreDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? `${trimmed}T00:00:00Z` : trimmed;
  const ms = Date.parse(hasZone.test(iso) ? iso : `${iso}${/^\d{4}-/.test(iso) ? 'Z' : ' UTC'}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** For the filters of v2 and of refunds: `2026-01-05T08:00:00Z`. Fractions are cut off: the store keeps whole seconds. */
export function filterDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** For the filters of customers, which are documented without a zone (facts/bigcommerce.md 10). */
export function customerFilterDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
