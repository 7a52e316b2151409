import type { MissingRule } from './decision.ts';

/** Only rows whose field has one of these values may be read. */
export interface RowRule {
  table: string;
  field: string;
  allow: string[];
}

/** A condition of a read as far as row rules look at it. */
export type RowCondition =
  | { allOf: readonly RowCondition[] }
  | { anyOf: readonly RowCondition[] }
  /** `values`: all that the field can have then; undefined where the comparison leaves that open. */
  | { field: string; values: readonly string[] | undefined };

/** Each row rule of the table that the conditions, joined with AND, do not keep to. */
export function missingForRows(table: string, where: readonly RowCondition[], rules: readonly RowRule[]): MissingRule[] {
  const broken = rules.filter((rule) => rule.table === table && !where.some((condition) => staysInside(condition, rule)));
  return broken.map(({ field, allow }) => {
    const asked = [...new Set(where.flatMap((condition) => valuesOf(condition, field)))].filter((value) => !allow.includes(value));
    const narrow = `the read must carry the condition ${field} EQ or IN ${allow.join(', ')}, joined to its other conditions with AND`;
    return {
      what: asked.length > 0 ? `${table} rows with ${field} ${asked.join(', ')}` : `${table} rows of every ${field}`,
      reason: `only rows with ${field} ${allow.join(', ')} may be read; ${narrow}`,
      entry: asked.length > 0 ? { rows: [{ table, field, allow: [...allow, ...asked] }] } : undefined,
    };
  });
}

/** Lines of `policy show`. */
export function rowLines(rules: readonly RowRule[]): string[] {
  return rules.map(({ table, field, allow }) => `rows      ${table} only with ${field} ${allow.join(', ')}`);
}

/** True only when no row outside the allowed values can satisfy the condition. */
function staysInside(condition: RowCondition, rule: RowRule): boolean {
  if ('allOf' in condition) return condition.allOf.some((one) => staysInside(one, rule));
  if ('anyOf' in condition) return condition.anyOf.every((one) => staysInside(one, rule));
  return condition.field === rule.field && (condition.values?.every((value) => rule.allow.includes(value)) ?? false);
}

function valuesOf(condition: RowCondition, field: string): readonly string[] {
  if ('allOf' in condition) return condition.allOf.flatMap((one) => valuesOf(one, field));
  if ('anyOf' in condition) return condition.anyOf.flatMap((one) => valuesOf(one, field));
  return condition.field === field ? (condition.values ?? []) : [];
}
