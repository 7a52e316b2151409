import type { SystemRole } from '../../kind.ts';
import type { SapRules } from './effective.ts';
import { roleOf, type Authorisation } from './role.ts';

export interface SapRoleOf {
  system: string;
  rules: SapRules;
  /** Function module that reads tables; undefined for the usual one. */
  reader: string | undefined;
}

/** The authorisations the SAP user needs for what the policy allows. */
export function sapRole({ system, rules, reader }: SapRoleOf): SystemRole {
  const role: Role = { system, authorisations: roleOf(rules, reader) };
  return { json: role, table: table(role), pfcg: pfcgLines(role) };
}

interface Role {
  system: string;
  authorisations: readonly Authorisation[];
}

function table({ system, authorisations }: Role): string {
  const lines = [`${system}: authorisations of the SAP user (type System, own role)`];
  for (const [object, group] of Map.groupBy(authorisations, (one) => one.object)) {
    const notes = new Set(group.map(({ note }) => note ?? ''));
    const [common = ''] = notes.size === 1 ? notes : [];
    lines.push('', common ? `${object}  (${common})` : object);
    const values = group.map(valuesOf);
    const width = Math.min(64, Math.max(...values.map(({ length }) => length)));
    for (const [index, one] of group.entries()) {
      const alternative = object === 'S_RFC' ? ` (${one.note ?? ''})` : '';
      lines.push(`  ${(values[index] ?? '').padEnd(width)}  ${one.why}; for ${one.neededBy.join(', ')}${alternative}`);
      if (one.onlyWhere) lines.push(`    only where ${one.onlyWhere}`);
      if (one.note && !common && !alternative) lines.push(`    ${one.note}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function valuesOf({ fields }: Authorisation): string {
  return Object.entries(fields)
    .map(([field, values]) => `${field} ${values.join(', ')}`)
    .join('; ');
}

/**
 * As table AGR_1251 holds a role: object, number of the authorisation, field, value; tabs between. S_RFC and S_TABU_NAM become one
 * authorisation each, with all their names.
 */
function pfcgLines({ system, authorisations }: Role): string {
  const lines = [`# ${system}`, ['OBJECT', 'AUTH', 'FIELD', 'LOW'].join('\t')];
  for (const [object, group] of Map.groupBy(authorisations, (one) => one.object)) {
    const wide = object === 'S_RFC' || object === 'S_TABU_NAM' ? [allFields(group)] : group.map(({ fields }) => fields);
    for (const [index, fields] of wide.entries()) {
      const number = String(index).padStart(2, '0');
      for (const [field, values] of Object.entries(fields))
        for (const value of values) lines.push([object, number, field, value].join('\t'));
    }
  }
  return `${lines.join('\n')}\n`;
}

function allFields(group: readonly Authorisation[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [field, values] of group.flatMap(({ fields }) => Object.entries(fields)))
    all[field] = [...new Set([...(all[field] ?? []), ...values])];
  return all;
}
