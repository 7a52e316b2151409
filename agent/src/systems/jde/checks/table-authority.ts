import { isSystemError, type JdeChunk, type SystemError } from '@ml-connector/shared';
import type { CheckResult } from '../../../checks/index.ts';
import type { JdeCallLimits } from '../ais.ts';
import type { JdeSystem } from '../jde-system.ts';

/** Tables and views the policy allows, with their aliases, or all of them. */
export type AllowedTables = ReadonlyMap<string, readonly string[] | '*'>;

export interface TableAuthority {
  system: JdeSystem;
  tables: AllowedTables;
  call: () => JdeCallLimits;
}

const securityFix =
  'Give the JD Edwards user or its role the Data Browser permission for these tables, and view access to these columns, in Security Workbench (P00950).';
/** A request names sixty fields at most. */
const mostFields = 60;

/** One row of each table with the columns the policy allows: what is forbidden, absent or dropped without a word is named. */
export async function readTables({ system, tables, call }: TableAuthority): Promise<CheckResult> {
  const troubles: string[] = [];
  const fixes = new Set<string>();
  const empty: string[] = [];
  for (const [table, listed] of tables) {
    if (listed === '*') continue;
    try {
      const { hidden, rows } = await readOneRow({ system, table, fields: listed, call });
      if (hidden.length > 0) {
        troubles.push(`${table} comes without ${hidden.join(', ')}`);
        fixes.add(securityFix);
      }
      if (rows === 0) empty.push(table);
    } catch (error) {
      if (!isSystemError(error) || isGeneral(error)) throw error;
      troubles.push(error.message);
      fixes.add(error.fix ?? securityFix);
    }
  }
  const open = [...tables].flatMap(([table, listed]) => (listed === '*' ? [table] : []));
  const notes = [
    empty.length > 0 ? `no rows in ${empty.join(', ')} (none there, or hidden by row security)` : '',
    open.length > 0 ? `not tried, as the policy names no columns: ${open.join(', ')}` : '',
  ].filter((note) => note !== '');
  if (troubles.length > 0) return { result: 'failed', detail: [...troubles, ...notes].join('; '), fix: [...fixes].join(' ') };
  const named = [...tables.keys()].filter((table) => !open.includes(table));
  if (tables.size === 0) return { result: 'ok', detail: 'the policy lists none' };
  const detail = [`${named.length} tables readable${named.length > 0 ? `: ${named.join(', ')}` : ''}`, ...notes].join('; ');
  if (empty.length === 0) return { result: 'ok', detail };
  return {
    result: 'warning',
    detail,
    fix: 'If there should be rows: look at the row security of the user in Security Workbench (P00950).',
  };
}

interface OneRow {
  system: JdeSystem;
  table: string;
  fields: readonly string[];
  call: () => JdeCallLimits;
}

async function readOneRow({ system, table, fields, call }: OneRow): Promise<{ hidden: string[]; rows: number }> {
  const hidden: string[] = [];
  let rows = 0;
  for (let from = 0; from < fields.length; from += mostFields) {
    const part = fields.slice(from, from + mostFields);
    const first = part[0];
    if (first === undefined) continue;
    const came = new Set<string>();
    const send = (chunk: unknown): Promise<void> => {
      for (const field of (JSON.parse((chunk as Buffer).toString('utf8')) as JdeChunk).fields) came.add(field);
      return Promise.resolve();
    };
    const end = await system.query({ system: system.name, table, fields: part, key: [first], where: [], maxRows: 1 }, { ...call(), send });
    rows = Math.max(rows, end.rows);
    if (end.rows > 0) hidden.push(...part.filter((field) => !came.has(field)));
  }
  return { hidden, rows };
}

/** True for an error that says nothing about one table, but about the whole system. */
function isGeneral({ verdict }: SystemError): boolean {
  return verdict === 'halt' || verdict === 'retry';
}
