import type { Condition } from '@ml-connector/shared';

/** An IN list longer than this makes the statement too large for SAP (facts/sap-ecc.md 2.1). */
const longestList = 50;

/** WHERE clauses that together select these keys, each short enough for one request. */
export function selectByKeys(field: string, keys: readonly string[]): Condition[][] {
  const lists = Array.from({ length: Math.ceil(keys.length / longestList) }, (_, index) =>
    keys.slice(index * longestList, (index + 1) * longestList),
  );
  return lists.map((values) => [{ field, op: 'IN', values }]);
}

/** Restricts a read to some values, no values meaning all. Said in the read itself, so that an agent's row policy can allow just these. */
export function onlyIn(field: string, values: readonly string[]): Condition[] {
  return values.length === 0 ? [] : [{ field, op: 'IN', values: [...values] }];
}

/** Reads selection after selection, one at a time. */
export async function collectAll<Entry>(
  selections: readonly Condition[][],
  read: (where: Condition[]) => AsyncIterable<Entry>,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const where of selections) for await (const entry of read(where)) entries.push(entry);
  return entries;
}
