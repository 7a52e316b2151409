import type { Condition, SapTableRead } from '@ml-connector/shared';
import { missingForRows, missingForTable, type MissingRule, type RowCondition } from '../../../policy/index.ts';
import type { SapRules } from './effective.ts';

/** Rules a table read lacks: the table, each field it returns or filters by, and the rows it may see. */
export function missingForRead({ table, fields, where, currencyFields = {} }: SapTableRead, { tables, rows }: SapRules): MissingRule[] {
  const compared = [...where.flatMap(fieldsOfCondition), ...Object.entries(currencyFields).flat()];
  const missing = missingForTable({ table, returned: fields, compared }, tables);
  return tables.has(table) ? [...missing, ...missingForRows(table, where.map(asRowCondition), rows)] : missing;
}

function fieldsOfCondition(condition: Condition): string[] {
  if ('anyOf' in condition) return condition.anyOf.flatMap(fieldsOfCondition);
  if ('allOf' in condition) return condition.allOf.flatMap(fieldsOfCondition);
  return [condition.field];
}

function asRowCondition(condition: Condition): RowCondition {
  if ('allOf' in condition) return { allOf: condition.allOf.map(asRowCondition) };
  if ('anyOf' in condition) return { anyOf: condition.anyOf.map(asRowCondition) };
  if (condition.op === 'IN') return { field: condition.field, values: condition.values };
  return { field: condition.field, values: condition.op === 'EQ' ? [condition.value] : undefined };
}
