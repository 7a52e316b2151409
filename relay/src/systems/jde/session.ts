import type { JdeChunk, JdeCount, JdeInfo } from '@ml-connector/shared';
import { SystemError } from '@ml-connector/shared';
import type { CallScope, OpenContext } from '../system.ts';
import { openTracedCalls, type TracedCalls } from '../tunnel/index.ts';
import { openAbsentColumns, type AbsentColumns } from './absent-columns.ts';
import type { JdeSettings } from './settings.ts';
import type { JdeRow, JdeSession, JdeTableQuery } from './types.ts';

/** Opens the facade; makes no call. */
export function openJdeSession(context: OpenContext<JdeSettings>): JdeSession {
  const { settings, clock } = context;
  const calls = openTracedCalls('jde', context);
  const absentColumns = openAbsentColumns(clock);
  return {
    settings,
    query: (query, scope) => queryPresent({ calls, absentColumns }, query, scope),
    async count(table, where, scope) {
      const request = { service: 'count', table, where };
      const { count } = await calls.ask<JdeCount>({ operation: 'JdeCall', request, what: `count ${table}` }, scope);
      return count;
    },
    async info(scope) {
      const info = await calls.ask<JdeInfo>({ operation: 'JdeCall', request: { service: 'info' }, what: 'who is logged on' }, scope);
      assertExpectedEnvironment(settings, info);
      return info;
    },
  };
}

/** A column that is not there is told before the first row: the read is made again without it. */
async function* queryPresent<Field extends string>(
  { calls, absentColumns }: { calls: TracedCalls; absentColumns: AbsentColumns },
  query: JdeTableQuery<Field>,
  scope: CallScope,
): AsyncGenerator<JdeRow<Field>, void, void> {
  for (;;) {
    let isBegun = false;
    try {
      for await (const row of queryTable(calls, { query, present: absentColumns.present(query) }, scope)) {
        isBegun = true;
        yield row;
      }
      return;
    } catch (error) {
      if (isBegun || !absentColumns.learn(error, query)) throw error;
    }
  }
}

async function* queryTable<Field extends string>(
  calls: TracedCalls,
  { query, present }: { query: JdeTableQuery<Field>; present: string[] },
  scope: CallScope,
): AsyncGenerator<JdeRow<Field>, void, void> {
  const { table, fields, where = [], optional = [], ...more } = query;
  const request = { table, fields: present, where, ...more };
  const chunks = calls.stream<JdeChunk>({ operation: 'JdeQuery', request, what: `read ${table}` }, scope);
  for await (const chunk of chunks) {
    const columns = fields.map((field) => ({ field, at: chunk.fields.indexOf(field) }));
    const withheld = columns.filter(({ field, at }) => at < 0 && !optional.includes(field)).map(({ field }) => field);
    if (withheld.length > 0) throw columnsWithheld(table, withheld);
    for (const values of chunk.rows) {
      if (values.length !== chunk.fields.length) throw unexpectedRow(table, values.length, chunk.fields.length);
      const row = {} as JdeRow<Field>;
      for (const { field, at } of columns) row[field] = values[at] ?? '';
      yield row;
    }
  }
}

/** A column that silently goes missing would empty its field in every record of the target (facts/jde-ais.md 2.5). */
function columnsWithheld(table: string, columns: string[]): SystemError {
  const names = columns.map((column) => `${table}.${column}`).join(', ');
  return new SystemError('JDE_COLUMN_WITHHELD', 'halt', `reading ${table}: JD Edwards answered without ${names}`, {
    fix: `Give the JD Edwards user of the agent the right to see ${names}: column security (P00950) leaves columns out without a word.`,
  });
}

function unexpectedRow(table: string, values: number, fields: number): SystemError {
  const message = `reading ${table}: the agent answered a row with ${values} values for ${fields} fields`;
  return new SystemError('JDE_ANSWER_UNEXPECTED', 'halt', message, { fix: 'Bring the agent to the version of the relay.' });
}

function assertExpectedEnvironment({ environment, agentSystem }: JdeSettings, info: JdeInfo): void {
  if (info.environment === environment) return;
  throw new SystemError(
    'JDE_OTHER_ENVIRONMENT',
    'halt',
    `reading from JD Edwards ${agentSystem}: environment ${info.environment} answered, the connection expects ${environment}`,
    { fix: 'Correct the environment of the system in agent.yaml, or that of this connection.' },
  );
}
