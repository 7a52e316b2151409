/** `Tue, 05 Mar 2019 21:40:11 +0000`; not set is an empty text (facts/bigcommerce.md 6.1). */
export function rfc2822(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toUTCString().replace('GMT', '+0000');
}

/** `2022-06-16T16:44:15+00:00`, as refunds and transactions write it. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** `2022-06-16T16:44:15Z`, as customers write it. */
export function isoZ(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A date filter, RFC 2822 or ISO 8601; without a zone it is UTC. Undefined where it is neither. */
export function readDate(text: string): number | undefined {
  const isBareIso = /^\d{4}-\d\d-\d\d([T ][\d:.]+)?$/.test(text);
  const ms = Date.parse(isBareIso && text.length > 10 ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The store keeps whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
