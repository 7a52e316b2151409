/** One field that two bodies have differently; `undefined` where one of them has none. */
export interface Difference {
  /** `Addresses[0].Line2`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** Field by field, lists by their places. */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, place) => differencesOf(before[place], after[place], `${path}[${place}]`)).flat();
  }
  if (isGroup(before) && isGroup(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => differencesOf(before[name], after[name], path === '' ? name : `${path}.${name}`));
  }
  return [{ path, before, after }];
}

/** The path without places, so that all lines of a document count as one field: `Lines[*].Reference`. */
export function fieldOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[*]');
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
