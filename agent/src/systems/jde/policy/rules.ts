import { jdePresets } from '@ml-connector/shared';
import { addTable, type RowRule, type TableRules } from '../../../policy/index.ts';
import type { JdePolicySettings } from './settings.ts';

/** The policy of a JD Edwards system with its presets unfolded. */
export interface JdeRules {
  tables: TableRules;
  rows: readonly RowRule[];
  orchestrations: ReadonlySet<string>;
}

export function jdeRules(settings: JdePolicySettings | undefined): JdeRules {
  const tables: TableRules = new Map();
  const add = (table: string, fields: readonly string[] | '*', source: string): void =>
    addTable(tables, { table, fields: fields === '*' ? '*' : fields.map((field) => ownField(table, field)), source });
  for (const preset of settings?.presets ?? [])
    for (const [table, fields] of Object.entries(jdePresets[preset].tables)) add(table, fields, `preset ${preset}`);
  for (const [table, fields] of Object.entries(settings?.tables ?? {})) add(table, fields, 'tables');
  const rows = (settings?.rows ?? []).map((rule) => ({ ...rule, field: ownField(rule.table, rule.field) }));
  return { tables, rows, orchestrations: new Set(settings?.orchestrations) };
}

/** `F0101.AN8` in F0101 is `AN8`; in a view the table belongs to the name. */
export function ownField(table: string, field: string): string {
  return field.startsWith(`${table}.`) ? field.slice(table.length + 1) : field;
}
