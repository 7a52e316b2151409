import type { MissingRule } from './decision.ts';

/** Tables that may be read: their fields with the rule each comes from, or '*' for all of them. */
export type TableRules = Map<string, Map<string, string> | '*'>;

/** Adds fields of a table; the first rule that names a field stays its source. */
export function addTable(tables: TableRules, entry: { table: string; fields: readonly string[] | '*'; source: string }): void {
  const { table, fields, source } = entry;
  const present = tables.get(table);
  if (present === '*') return;
  if (fields === '*') {
    tables.set(table, '*');
    return;
  }
  const merged = present ?? new Map<string, string>();
  for (const field of fields) if (!merged.has(field)) merged.set(field, source);
  tables.set(table, merged);
}

/** What a read touches. Filtering by a field tells what is in it, so conditions count as reading. */
export interface TouchedTable {
  table: string;
  returned: readonly string[];
  compared: readonly string[];
}

/** The table, or each field that is not allowed. */
export function missingForTable({ table, returned, compared }: TouchedTable, tables: TableRules): MissingRule[] {
  const allowed = tables.get(table);
  const fields = [...new Set([...returned, ...compared])];
  if (!allowed) return [{ what: `table ${table}`, reason: 'the table is not listed', entry: { tables: { [table]: fields } } }];
  const missing = allowed === '*' ? [] : fields.filter((field) => !allowed.has(field));
  return missing.map((field) => ({
    what: `field ${table}.${field}`,
    reason: returned.includes(field) ? 'the field is not listed' : 'the field is not listed, and reading may not filter by it',
    entry: { tables: { [table]: [field] } },
  }));
}

/** The rules that allow these fields: `preset sap-vendors-to-cin7-suppliers, tables`. */
export function sourceOfTable(table: string, fields: readonly string[], tables: TableRules): string {
  const allowed = tables.get(table);
  return allowed === '*' || !allowed ? 'tables' : joinedSources(fields.map((field) => allowed.get(field)));
}

export function joinedSources(sources: readonly (string | undefined)[]): string {
  return [...new Set(sources.filter((source) => source !== undefined))].join(', ');
}

/** Lines of `policy show`. */
export function tableLines(tables: TableRules): string[] {
  return [...tables].map(([table, fields]) => {
    const listed = fields === '*' ? 'all fields' : [...fields.keys()].join(', ');
    const sources = fields === '*' ? 'tables' : joinedSources([...fields.values()]);
    return `table     ${table}: ${listed}  (${sources})`;
  });
}
