import type { JdeCondition, JdeQuery } from '@ml-connector/shared';
import { missingForRows, missingForTable, type MissingRule, type RowCondition } from '../../../policy/index.ts';
import { ownField, type JdeRules } from './rules.ts';

/** A query; or a count, which returns no fields. */
export type JdeRead = Pick<JdeQuery, 'table' | 'where'> & Partial<Pick<JdeQuery, 'fields' | 'key'>>;

/** Rules a read or count lacks: the table, each data item it returns, orders or filters by, and the rows it may see. */
export function missingForRead({ table, fields = [], key = [], where }: JdeRead, { tables, rows }: JdeRules): MissingRule[] {
  const own = (names: readonly string[]): string[] => names.map((name) => ownField(table, name));
  const compared = own([...key, ...where.flatMap(fieldsOf)]);
  const missing = missingForTable({ table, returned: own(fields), compared }, tables);
  if (!tables.has(table)) return missing.map((rule) => withFields(rule, table));
  const conditions = where.map((condition) => asRowCondition(table, condition));
  return [...missing, ...missingForRows(table, conditions, rows)];
}

/** A count without conditions names no data item, and an entry of agent.yaml without any is none: the administrator fills them in. */
function withFields(rule: MissingRule, table: string): MissingRule {
  return rule.entry?.tables?.[table]?.length === 0 ? { ...rule, entry: { tables: { [table]: ['<data items>'] } } } : rule;
}

function fieldsOf(condition: JdeCondition): string[] {
  return 'anyOf' in condition ? condition.anyOf.map(({ field }) => field) : [condition.field];
}

function asRowCondition(table: string, condition: JdeCondition): RowCondition {
  if ('anyOf' in condition) return { anyOf: condition.anyOf.map((one) => asRowCondition(table, one)) };
  const field = ownField(table, condition.field);
  if (condition.op === 'IN') return { field, values: condition.values };
  return { field, values: condition.op === 'EQ' ? [condition.value] : undefined };
}
