/** The keys a zod object knows; empty for any other schema. */
export function knownKeys(schema: unknown): string[] {
  const shape = (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
  return shape ? Object.keys(shape) : [];
}

/** What a bound of zod measures: "must ... at most 5". */
export function measure(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' ? 'have an entry count of' : 'be';
}
