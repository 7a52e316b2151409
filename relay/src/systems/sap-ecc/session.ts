import type { Condition, SapDescribeAnswer, SapMoment, SapUnitAnswer, TableChunk } from '@ml-connector/shared';
import { SystemError } from '@ml-connector/shared';
import type { CallScope, OpenContext } from '../system.ts';
import { openTracedCalls, type TracedCalls } from '../tunnel/index.ts';
import { assertExpectedSystem, type SapEccSettings } from './settings.ts';
import { readSystemInfo, type SapSystemInfo } from './system-info.ts';
import { openUnits, type SendUnit } from './units.ts';

/**
 * One SAP client, reached through the site's agents. Every call is traced to its scope. Nothing but `unit` changes data in SAP, so whatever
 * else went wrong may be repeated: errors keep the agent's verdict, except that `uncertain` becomes `retry`.
 */
export interface SapSession {
  readonly settings: SapEccSettings;
  /** Rows in key order, CHAR values without trailing blanks, numbers in real units. Leaving the loop cancels the read. */
  readTable<Field extends string>(read: TableRead<Field>, scope: CallScope): AsyncGenerator<Row<Field>, void, void>;
  /** One function call that only reads; it ends without commit. Answers every EXPORT, CHANGING and TABLES parameter. */
  call(functionName: string, parameters: Parameters, scope: CallScope): Promise<Parameters>;
  /** Up to 100 reading calls of one function on one ABAP session; answers in their order. */
  callEach(functionName: string, calls: Parameters[], scope: CallScope): Promise<Parameters[]>;
  describe(what: { functions?: string[]; tables?: string[] }, scope: CallScope): Promise<SapDescribeAnswer>;
  /** The names of a function's parameters, or undefined where the system has no such function. Remembered for an hour. */
  parametersOf(functionName: string, scope: CallScope): Promise<ReadonlySet<string> | undefined>;
  hasFunction(functionName: string, scope: CallScope): Promise<boolean>;
  /** Who answers, and the server's time. Rejects with `halt` when it is not the system or client the connection names. */
  systemInfo(scope: CallScope): Promise<SapSystemInfo>;
  /** The server's own local time: the only clock that change documents follow. */
  serverTime(scope: CallScope): Promise<SapMoment>;
  /** Calls that end in a commit, at most once. Makes sure first that the system is the one the connection names. */
  unit: SendUnit;
}

export interface TableRead<Field extends string> {
  table: string;
  fields: readonly Field[];
  /** Combined with AND; values in SAP's internal notation. */
  where?: Condition[];
  afterKey?: string[];
  maxRows?: number;
  /** `stored`: CURR fields with the two decimals they are stored with, for tables whose currency stands elsewhere (BSEG). */
  amounts?: 'stored';
}

/** Parameters of a function by name: texts, structures as objects, tables as arrays. */
export type Parameters = Record<string, unknown>;

export type Row<Field extends string> = Record<Field, string>;

const rememberFunctionsMs = 3_600_000;

/** Opens the facade; makes no call. */
export function openSapSession(context: OpenContext<SapEccSettings>): SapSession {
  const { settings, clock } = context;
  const calls = openTracedCalls('sap-ecc', context);
  const sendUnit = openUnits(context);
  const known = new Map<string, { parameters: ReadonlySet<string> | undefined; until: number }>();

  const session: SapSession = {
    settings,
    readTable: (read, scope) => readTable(calls, read, scope),
    async call(functionName, parameters, scope) {
      const [result = {}] = await session.callEach(functionName, [parameters], scope);
      return result;
    },
    async callEach(functionName, parameters, scope) {
      const unit = { calls: parameters.map((one) => ({ function: functionName, parameters: one })), commit: 'never' };
      const { results } = await calls.ask<SapUnitAnswer>({ operation: 'SapUnit', request: unit, what: `RFC ${functionName}` }, scope);
      if (results.length === parameters.length) return results;
      throw new SystemError(
        'SAP_ANSWER_UNEXPECTED',
        'halt',
        `calling ${functionName}: the agent answered ${results.length} results for ${parameters.length} calls`,
        { fix: 'Bring the agent to the version of the relay.' },
      );
    },
    describe: ({ functions = [], tables = [] }, scope) =>
      calls.ask<SapDescribeAnswer>(
        { operation: 'SapDescribe', request: { functions, tables }, what: `describe ${[...functions, ...tables].join(', ')}` },
        scope,
      ),
    async parametersOf(functionName, scope) {
      const remembered = known.get(functionName);
      if (remembered && remembered.until > clock.now()) return remembered.parameters;
      const { functions } = await session.describe({ functions: [functionName] }, scope);
      const description = functions[functionName];
      const parameters = description ? new Set(description.parameters.map(({ name }) => name)) : undefined;
      known.set(functionName, { parameters, until: clock.now() + rememberFunctionsMs });
      return parameters;
    },
    hasFunction: async (functionName, scope) => (await session.parametersOf(functionName, scope)) !== undefined,
    async systemInfo(scope) {
      const info = await readSystemInfo(session, scope);
      assertExpectedSystem(settings, info);
      return info;
    },
    serverTime: async (scope) => (await session.systemInfo(scope)).serverTime,
    async unit(request, scope) {
      if (settings.systemId !== undefined || settings.client !== undefined) await session.systemInfo(scope);
      return sendUnit(request, scope);
    },
  };
  return session;
}

async function* readTable<Field extends string>(
  calls: TracedCalls,
  { table, fields, where = [], ...more }: TableRead<Field>,
  scope: CallScope,
): AsyncGenerator<Row<Field>, void, void> {
  const request = { table, fields, where, ...more };
  const chunks = calls.stream<TableChunk>({ operation: 'SapTableRead', request, what: `read ${table}` }, scope);
  for await (const chunk of chunks) {
    const columns = fields.map((field) => ({ field, at: chunk.fields.indexOf(field) }));
    const absent = columns.filter(({ at }) => at < 0).map(({ field }) => field);
    if (absent.length > 0) throw unexpectedRow(table, `without the fields ${absent.join(', ')}`);
    for (const values of chunk.rows) {
      if (values.length !== chunk.fields.length)
        throw unexpectedRow(table, `with ${values.length} values for ${chunk.fields.length} fields`);
      const row = {} as Row<Field>; // filled in a loop: half the time of Object.fromEntries
      for (const { field, at } of columns) row[field] = values[at] as string;
      yield row;
    }
  }
}

function unexpectedRow(table: string, how: string): SystemError {
  return new SystemError('SAP_ANSWER_UNEXPECTED', 'halt', `reading table ${table}: the agent answered ${how}`, {
    fix: 'Bring the agent to the version of the relay.',
  });
}
