import type { Condition, SapTableRead } from '@ml-connector/shared';
import type { MissingRule } from './decision.ts';
import type { EffectiveRules } from './effective.ts';
import type { RowRule } from './settings.ts';

/** Rules a table read lacks: the table, each field it returns or filters by, and the rows it may see. */
export function missingForRead(request: SapTableRead, rules: EffectiveRules): MissingRule[] {
  const { table } = request;
  const allowed = rules.tables.get(table);
  const fields = [...new Set(fieldsOf(request))];
  if (!allowed) return [{ what: `table ${table}`, reason: 'the table is not listed', entry: { tables: { [table]: fields } } }];
  const fieldsMissing = allowed === '*' ? [] : fields.filter((field) => !allowed.has(field));
  return [
    ...fieldsMissing.map((field) => ({
      what: `field ${table}.${field}`,
      reason: request.fields.includes(field) ? 'the field is not listed' : 'the field is not listed, and reading may not filter by it',
      entry: { tables: { [table]: [field] } },
    })),
    ...rules.rows.filter((rule) => rule.table === table).flatMap((rule) => missingForRows(request.where, rule)),
  ];
}

/** Filtering by a field tells what is in it, so conditions count as reading. */
function fieldsOf({ fields, where, currencyFields = {} }: SapTableRead): string[] {
  return [...fields, ...where.flatMap(fieldsOfCondition), ...Object.entries(currencyFields).flat()];
}

function fieldsOfCondition(condition: Condition): string[] {
  if ('anyOf' in condition) return condition.anyOf.flatMap(fieldsOfCondition);
  if ('allOf' in condition) return condition.allOf.flatMap(fieldsOfCondition);
  return [condition.field];
}

function missingForRows(where: readonly Condition[], rule: RowRule): MissingRule[] {
  if (where.some((condition) => staysInside(condition, rule))) return [];
  const { table, field, allow } = rule;
  const asked = [...new Set(where.flatMap((condition) => valuesOf(condition, field)))].filter((value) => !allow.includes(value));
  const narrow = `the read must carry the condition ${field} EQ or IN ${allow.join(', ')}, joined to its other conditions with AND`;
  return [
    {
      what: asked.length > 0 ? `${table} rows with ${field} ${asked.join(', ')}` : `${table} rows of every ${field}`,
      reason: `only rows with ${field} ${allow.join(', ')} may be read; ${narrow}`,
      entry: asked.length > 0 ? { rows: [{ table, field, allow: [...allow, ...asked] }] } : undefined,
    },
  ];
}

/** True only when no row outside the allowed values can satisfy the condition. */
function staysInside(condition: Condition, rule: RowRule): boolean {
  if ('allOf' in condition) return condition.allOf.some((one) => staysInside(one, rule));
  if ('anyOf' in condition) return condition.anyOf.every((one) => staysInside(one, rule));
  if (condition.field !== rule.field) return false;
  if (condition.op === 'EQ') return rule.allow.includes(condition.value);
  return condition.op === 'IN' && condition.values.every((value) => rule.allow.includes(value));
}

function valuesOf(condition: Condition, field: string): string[] {
  if ('allOf' in condition) return condition.allOf.flatMap((one) => valuesOf(one, field));
  if ('anyOf' in condition) return condition.anyOf.flatMap((one) => valuesOf(one, field));
  if (condition.field !== field) return [];
  if (condition.op === 'EQ') return [condition.value];
  return condition.op === 'IN' ? condition.values : [];
}
