/** One field that is not the same in two versions; undefined: it is not there. */
export interface FieldDifference {
  /** `bank[0].BANKN`. */
  field: string;
  before: unknown;
  after: unknown;
}

export function differences(before: unknown, after: unknown, at = ''): FieldDifference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const [one, other] = [before, after] as [Record<string, unknown>, Record<string, unknown>];
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    const isList = Array.isArray(before);
    return names.flatMap((name) => differences(one[name], other[name], isList ? `${at}[${name}]` : at === '' ? name : `${at}.${name}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field: at, before, after }];
}

function isBranch(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}
