import type { JdeCondition } from '@ml-connector/shared';

/** Restricts a read to some values, no values meaning all. Said in the read itself, so that an agent's row policy can allow just these. */
export function onlyIn(field: string, values: readonly string[]): JdeCondition[] {
  return values.length === 0 ? [] : [{ field, op: 'IN', values: [...values] }];
}

export async function collect<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

export function chunksOf<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, index) => entries.slice(index * size, (index + 1) * size));
}
