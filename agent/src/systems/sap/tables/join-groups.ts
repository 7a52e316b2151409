import { SystemError } from '@ml-connector/shared';
import type { TableLayout } from './dictionary.ts';
import { above, equals, upTo, type Key } from './key.ts';
import type { ReadPlan } from './plan.ts';
import { readPage, type ReadCall, type TableReader } from './reader.ts';
import type { KeyReader, Page } from './key-reader.ts';
import { join, type Token } from './where.ts';

export interface JoinRequest {
  call: ReadCall;
  reader: TableReader;
  layout: TableLayout;
  plan: ReadPlan;
  where: Token[];
  /** Rows of the first group, in key order. */
  page: Page;
  after: Key | undefined;
  lastKey: Key;
  keys: KeyReader;
}

/** Reads the other groups of the same key range and joins them on the key: answers one page per group, with the same rows in each. */
export async function joinGroups(request: JoinRequest): Promise<Page[]> {
  const { plan, page, keys } = request;
  const pages = [page];
  if (plan.groups.length === 1) return pages;
  for (const group of plan.groups.slice(1))
    pages.push(
      await readGroup(
        request,
        group.map(({ name }) => name),
        rangeOf(request),
      ),
    );
  const byKey = pages.map(({ rows }) => new Map(rows.map((row) => [keys.prefixOf(row), row])));
  const allKeys = new Set(byKey.flatMap((rows) => [...rows.keys()]));
  const joined = new Map<string, string[]>();
  for (const prefix of allKeys) {
    const parts = byKey.map((rows) => rows.get(prefix));
    const whole = parts.every((part) => part !== undefined) ? parts : await readAgain(request, prefix);
    if (whole) joined.set(prefix, whole);
  }
  const rows = [...joined.values()].sort((a, b) => keys.compare(a[0] as string, b[0] as string));
  return pages.map(({ slots }, group) => ({ slots, rows: rows.map((parts) => parts[group] as string) }));
}

/** The row came or went between two reads: read its parts again until all of them, or none, are there. */
async function readAgain(request: JoinRequest, prefix: string): Promise<string[] | undefined> {
  const { layout, keys, plan } = request;
  const key = keys.keyOf(prefix);
  for (let round = 0; round < 3; round++) {
    const parts: string[] = [];
    for (const group of plan.groups) {
      const page = await readGroup(
        request,
        group.map(({ name }) => name),
        equals(layout, key),
      );
      parts.push(...page.rows.slice(0, 1));
    }
    if (parts.length === 0) return undefined;
    if (parts.length === plan.groups.length) return parts;
  }
  throw new SystemError('SAP_ROW_UNSTABLE', 'retry', `row ${key.join('/')} of table ${layout.table} comes and goes while it is read`);
}

function rangeOf({ layout, after, lastKey }: JoinRequest): Token[] {
  return join([after ? above(layout, after) : [], upTo(layout, lastKey)], 'AND');
}

async function readGroup({ call, reader, layout, where, page }: JoinRequest, fields: string[], range: Token[]): Promise<Page> {
  const rowCount = page.rows.length + 1000; // rows may have come in between; a few left out are read again one by one
  return readPage(call, reader, { table: layout.table, fields, conditions: join([where, range], 'AND'), rowCount });
}
