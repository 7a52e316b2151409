/** A sentence for each of the fields that is empty. */
export function missing(prefix: string, entry: object, fields: readonly string[]): string[] {
  const values = entry as Record<string, unknown>;
  return fields
    .filter((field) => typeof values[field] !== 'string' || values[field].trim() === '')
    .map((field) => `${prefix}${field} is empty, Cin7 Core requires it`);
}

/** A sentence for each field that is longer than Cin7 Core takes. */
export function tooLong(prefix: string, entry: object, lengths: Record<string, number>): string[] {
  const values = entry as Record<string, unknown>;
  return Object.entries(lengths).flatMap(([field, limit]) => {
    const value = values[field];
    if (typeof value !== 'string' || value.length <= limit) return [];
    return [`${prefix}${field} has ${value.length} characters, ${limit} are allowed`];
  });
}
