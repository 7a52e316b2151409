import { joinedSources, type TableRules } from '../../../policy/index.ts';
import type { SystemRole } from '../../kind.ts';
import type { JdeRules } from './rules.ts';

export interface JdeRoleOf {
  system: string;
  /** Who signs on where. */
  signOn: { user: string; environment: string; role: string };
  rules: JdeRules;
}

/** One thing the security of JD Edwards has to let the user do. */
export interface JdeNeed {
  /** Kind of security in P00950. */
  security: 'sign-on' | 'data browser' | 'column' | 'row' | 'orchestration';
  /** Table, view, environment or orchestration. */
  object: string;
  /** Data items to view, or values that rows are limited to; empty where there is nothing to list. */
  values: string[];
  why: string;
  neededBy: string[];
}

/** What the JD Edwards user needs for what the policy allows (facts/jde-ais.md 2.5). All of it is reading. */
export function jdeRole({ system, signOn, rules }: JdeRoleOf): SystemRole {
  const needs = needsOf(signOn, rules);
  return { json: { system, type: 'jde', ...signOn, needs }, table: tableOf(system, signOn.user, needs), pfcg: undefined };
}

function needsOf({ environment, role }: JdeRoleOf['signOn'], { tables, rows, orchestrations }: JdeRules): JdeNeed[] {
  return [
    { security: 'sign-on', object: environment, values: [role], why: 'signs on through AIS with this role', neededBy: ['base'] },
    ...[...tables].flatMap(([table, fields]): JdeNeed[] => {
      const neededBy = neededFor(fields);
      const own = rows.filter((rule) => rule.table === table);
      return [
        { security: 'data browser', object: table, values: [], why: 'reads and counts it through the data service', neededBy },
        { security: 'column', object: table, values: fields === '*' ? ['*'] : [...fields.keys()], why: 'views these data items', neededBy },
        ...own.map(({ field, allow }): JdeNeed => ({
          security: 'row',
          object: table,
          values: [`${field} ${allow.join(', ')}`],
          why: 'views these rows; exclude the others',
          neededBy: ['rows'],
        })),
      ];
    }),
    ...[...orchestrations].map((name): JdeNeed => ({
      security: 'orchestration',
      object: name,
      values: [],
      why: 'runs it',
      neededBy: ['orchestrations'],
    })),
  ];
}

function neededFor(fields: TableRules extends Map<string, infer Fields> ? Fields : never): string[] {
  const sources = fields === '*' ? 'tables' : joinedSources([...fields.values()]);
  return sources.split(', ').map((source) => source.replace(/^preset /, ''));
}

const headings: Record<JdeNeed['security'], string> = {
  'sign-on': 'Signs on through AIS, to this environment with this role; no interactive application',
  'data browser': 'Data browser: views these tables, and no others; nothing is added, changed or deleted',
  column: 'Columns: views these data items (one that is hidden is missing without a word)',
  row: 'Rows: views these and no others, so that JD Edwards holds to the limits of the agent',
  orchestration: 'Orchestrations: runs these, with whatever their steps need',
};

function tableOf(system: string, user: string, needs: readonly JdeNeed[]): string {
  const lines = [`${system}: what the JD Edwards user ${user} needs, all of it reading (Security Workbench, P00950)`];
  for (const [security, group] of Map.groupBy(needs, (one) => one.security)) {
    lines.push('', headings[security]);
    const width = Math.max(...group.map(({ object }) => object.length));
    for (const { object, values, neededBy } of group)
      lines.push(`  ${[object.padEnd(width), values.join(' '), `for ${neededBy.join(', ')}`].filter(Boolean).join('  ')}`);
  }
  return `${lines.join('\n')}\n`;
}
