import {
  isSystemError,
  SystemError,
  type Clock,
  type SapDescribe,
  type SapDescribeAnswer,
  type SapTableRead,
  type SapUnit,
  type SapUnitAnswer,
  type TableField,
  type TableReadEnd,
} from '@ml-connector/shared';
import { checkFunctionName, checkTableName, isReadOnly, isUnitEnd, leavesState } from '../functions.ts';
import { readInterface, type FunctionInterface } from '../interface.ts';
import {
  findReader,
  readCurrencyDecimals,
  readTable,
  toLayout,
  type ReadCall,
  type Column,
  type TableLayout,
  type TableReader,
} from '../tables/index.ts';
import { prepareParameters, toJsonValues } from '../values.ts';
import { openMemory } from './memory.ts';
import type { RfcPool } from './pool.ts';
import type { PingAnswer, UnitLeave } from './protocol.ts';
import { runWritingUnit } from './writing-unit.ts';

/** Deadline, cancellation and the way back of one call. */
export interface CallScope {
  deadline: number;
  signal: AbortSignal;
  emit: (chunk: Buffer) => Promise<void>;
  /** Resolves once the agent has journaled this step of a writing unit; rejects when it must not be taken. */
  leave: (step: UnitLeave) => Promise<void>;
}

export interface WorkerOperations {
  unit(request: SapUnit, scope: CallScope): Promise<SapUnitAnswer>;
  readTable(request: SapTableRead, scope: CallScope): Promise<TableReadEnd>;
  describe(request: SapDescribe, scope: CallScope): Promise<SapDescribeAnswer>;
  ping(request: null, scope: CallScope): Promise<PingAnswer>;
}

export interface OperationDeps {
  pool: RfcPool;
  clock: Clock;
  readFunction: string;
  readWidth: number | undefined;
  pageRows: number;
}

/** What is read from the dictionary is believed for an hour. */
const memoryMs = 3_600_000;

export function openOperations({ pool, clock, readFunction, readWidth, pageRows }: OperationDeps): WorkerOperations {
  const interfaces = openMemory<FunctionInterface | undefined>(clock, memoryMs);
  const layouts = openMemory<TableLayout | undefined>(clock, memoryMs);
  const readers = openMemory<TableReader>(clock, memoryMs);
  const currencies = openMemory<(currency: string) => number>(clock, memoryMs);

  const readCallOf =
    (scope: CallScope): ReadCall =>
    (functionName, parameters) =>
      retried(scope, () =>
        pool.lease({ ...scope, leavesState: false }, (session) => session.call(functionName, parameters, { writes: false })),
      );

  /** A read may be sent again at once when the connection broke: an answer of a million rows should not depend on one of them. */
  const retried = async <Value>(scope: CallScope, attempt: () => Promise<Value>): Promise<Value> => {
    for (let round = 1; ; round++) {
      try {
        return await attempt();
      } catch (error) {
        const again =
          isSystemError(error) && ['SAP_CONNECTION_LOST', 'SAP_BUSY', 'SAP_SYSTEM_FAILURE', 'SAP_SESSION_CHANGED'].includes(error.code);
        if (!again || round === 4 || clock.now() + 2000 > scope.deadline) throw error;
        await clock.wait(100 * 3 ** round, scope.signal);
      }
    }
  };

  const layoutOf = (table: string, call: ReadCall): Promise<TableLayout | undefined> =>
    layouts.get(table, async () => {
      try {
        const answer = await call('DDIF_FIELDINFO_GET', { TABNAME: table });
        const fields = Array.isArray(answer['DFIES_TAB']) ? (answer['DFIES_TAB'] as Record<string, unknown>[]) : [];
        return fields.length > 0 ? toLayout(table, fields) : undefined;
      } catch (error) {
        if (isSystemError(error) && error.facts?.['key'] === 'NOT_FOUND') return undefined;
        throw error;
      }
    });

  const typesOf = async (functionName: string, call: ReadCall): Promise<FunctionInterface['types'] | undefined> => {
    try {
      return (await interfaces.get(functionName, () => readInterface(call, functionName)))?.types;
    } catch (error) {
      // Without the authority to look at interfaces the general checks have to do; SAP has the last word anyway.
      if (isSystemError(error) && error.verdict === 'refused') return undefined;
      throw error;
    }
  };

  return {
    unit: async (request, scope) => {
      const call = readCallOf(scope);
      const prepared: { function: string; parameters: Record<string, unknown> }[] = [];
      for (const { function: name, parameters } of request.calls) {
        checkFunctionName(name);
        if (isUnitEnd(name)) throw unitEndRefused(name);
        prepared.push({ function: name, parameters: prepareParameters(name, parameters, await typesOf(name, call)) });
      }
      if (request.commit === 'whenClean') {
        const { unitId } = request;
        return pool.lease({ ...scope, leavesState: true }, (session) =>
          runWritingUnit({ unitId, notAfter: scope.deadline, calls: prepared }, { ...scope, session, clock }),
        );
      }
      const isReset = prepared.some((one) => leavesState(one.function));
      return pool.lease({ ...scope, leavesState: isReset }, async (session) => {
        const results: Record<string, unknown>[] = [];
        let mayHaveWritten = false;
        for (const { function: name, parameters } of prepared) {
          mayHaveWritten ||= !isReadOnly(name);
          results.push(toJsonValues(await session.call(name, parameters, { writes: mayHaveWritten })) as Record<string, unknown>);
        }
        return { results };
      });
    },

    readTable: async (request, scope) => {
      checkTableName(request.table);
      const call = readCallOf(scope);
      const layout = await layoutOf(request.table, call);
      if (!layout) throw tableMissing(request.table);
      const reader = await readers.get(readFunction, () => findReader(call, readFunction, readWidth));
      const currencyDecimals = () => currencies.get('TCURX', () => readCurrencyDecimals(call, reader));
      return readTable(request, { call, reader, layout, pageRows, currencyDecimals, emit: scope.emit });
    },

    describe: async (request, scope) => {
      const call = readCallOf(scope);
      const answer: SapDescribeAnswer = { functions: {}, tables: {} };
      for (const name of request.functions) {
        checkFunctionName(name);
        const found = await interfaces.get(name, () => readInterface(call, name));
        answer.functions[name] = found ? { parameters: found.parameters } : null;
      }
      for (const name of request.tables) {
        checkTableName(name);
        const layout = await layoutOf(name, call);
        answer.tables[name] = layout ? { fields: [...layout.columns.values()].map(toField) } : null;
      }
      return answer;
    },

    ping: async (_request, scope) => {
      const started = clock.now();
      const attributes = await pool.lease({ ...scope, leavesState: false }, async (session) => {
        await session.call('RFC_PING', {}, { writes: false });
        return session.attributes;
      });
      const { open, limit } = pool.status();
      return { ms: clock.now() - started, attributes, openConnections: open, connectionLimit: limit };
    },
  };
}

function unitEndRefused(name: string): SystemError {
  return new SystemError(
    'SAP_COMMIT_REFUSED',
    'refused',
    `${name} cannot be called; a unit ends as its "commit" says, and the agent does it`,
  );
}

function tableMissing(table: string): SystemError {
  return new SystemError('SAP_TABLE_MISSING', 'refused', `table ${table} does not exist in this system`);
}

function toField({ width: _width, kind: _kind, ...field }: Column): TableField {
  return field;
}
