import {
  fromWireError,
  sapBaseNeeds,
  sapPresets,
  SystemError,
  type Comparison,
  type Condition,
  type FunctionParameter,
  type SapDescribe,
  type SapNeeds,
  type SapTableRead,
  type SapUnit,
  type SapUnitAnswer,
  type SapWritingUnit,
  type TableChunk,
  type UnitReport,
} from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { isErrorMessage, returnLines } from '../messages/index.ts';

export type TableData = Record<string, Record<string, string>[]>;

export interface FakeSap {
  agents: AgentCalls;
  tables: TableData;
  /** Server's local date and time, as STFC_CONNECTION tells them. */
  now: { date: string; time: string };
  zone: { offset: string; daylight: string };
  functions: Map<string, { parameters: string[]; run(parameters: Record<string, unknown>): Record<string, unknown> }>;
  /** Functions the agent's policy does not allow, not even to describe. */
  denied: Set<string>;
  /** Every table read so far. */
  reads: SapTableRead[];
  /** Every unit that was to be committed. */
  units: SapWritingUnit[];
  /** Called before each chunk of a read; throws to break the stream there. */
  beforeChunk: (read: SapTableRead, rowsSent: number) => void;
}

const keys: Record<string, string[]> = {
  LFA1: ['LIFNR'],
  LFB1: ['LIFNR', 'BUKRS'],
  LFM1: ['LIFNR', 'EKORG'],
  ADRC: ['ADDRNUMBER', 'DATE_FROM', 'NATION'],
  ADR6: ['ADDRNUMBER', 'PERSNUMBER', 'DATE_FROM', 'CONSNUMBER'],
  CDHDR: ['OBJECTCLAS', 'OBJECTID', 'CHANGENR'],
  T001: ['BUKRS'],
  T005T: ['SPRAS', 'LAND1'],
  T052U: ['SPRAS', 'ZTERM', 'ZTAGG'],
  SKAT: ['SPRAS', 'KTOPL', 'SAKNR'],
  SKB1: ['BUKRS', 'SAKNR'],
  BKPF: ['BUKRS', 'BELNR', 'GJAHR'],
  BSEG: ['BUKRS', 'BELNR', 'GJAHR', 'BUZEI'],
  TCURX: ['CURRKEY'],
  TCURC: ['WAERS'],
  T001B: ['RRCTY', 'BUKRS', 'MKOAR', 'BKONT'],
  T005: ['LAND1'],
  T009: ['PERIV'],
  T009B: ['PERIV', 'BDATJ', 'BUMON', 'BUTAG'],
  KNA1: ['KUNNR'],
  KNB1: ['KUNNR', 'BUKRS'],
  KNVV: ['KUNNR', 'VKORG', 'VTWEG', 'SPART'],
  MARA: ['MATNR'],
  MAKT: ['MATNR', 'SPRAS'],
  MARD: ['MATNR', 'WERKS', 'LGORT'],
  A004: ['KAPPL', 'KSCHL', 'VKORG', 'VTWEG', 'MATNR', 'DATBI'],
  A304: ['KAPPL', 'KSCHL', 'VKORG', 'VTWEG', 'MATNR', 'DATBI'],
  KONP: ['KNUMH', 'KOPOS'],
  T023T: ['SPRAS', 'MATKL'],
};
const rowsPerChunk = 3;
/** What the agent's policy allows. */
const presets: readonly SapNeeds[] = [...Object.values(sapPresets), sapBaseNeeds];

/** An agent and a SAP behind it, in memory: tables by rows, conditions, key order. Refuses what the flows' presets do not allow. */
export function fakeSap(tables: TableData): FakeSap {
  const sap: FakeSap = {
    tables,
    now: { date: '20240131', time: '101500' },
    zone: { offset: '3600', daylight: '' },
    functions: new Map(),
    denied: new Set(),
    reads: [],
    units: [],
    beforeChunk: () => undefined,
    agents: {
      async call<Answer>(_target: unknown, operation: string, request: unknown): Promise<Answer> {
        await Promise.resolve();
        if (operation === 'SapDescribe') return describe(sap, request as SapDescribe) as Answer;
        if (operation === 'SapUnit') return runUnit(sap, request as SapUnit) as Answer;
        throw new Error(`the fake has no ${operation}`);
      },
      async *stream<Chunk, End>(_target: unknown, operation: string, request: unknown): AsyncGenerator<Chunk, End, void> {
        await Promise.resolve();
        if (operation !== 'SapTableRead') throw new Error(`the fake has no ${operation}`);
        return yield* read(sap, request as SapTableRead) as Generator<Chunk, End, void>;
      },
    },
  };
  sap.functions.set('RFC_SYSTEM_INFO', {
    parameters: ['RFCSI_EXPORT'],
    run: () => ({
      RFCSI_EXPORT: { RFCSYSID: 'PRD', RFCSAPRL: '731', RFCHOST: 'sapprd', RFCTZONE: sap.zone.offset, RFCDAYST: sap.zone.daylight },
    }),
  });
  sap.functions.set('STFC_CONNECTION', {
    parameters: ['REQUTEXT', 'ECHOTEXT', 'RESPTEXT'],
    run: ({ REQUTEXT }) => ({
      ECHOTEXT: REQUTEXT,
      RESPTEXT: `SAP R/3 Rel. 731   Sysid: PRD      Date: ${sap.now.date}   Time: ${sap.now.time}   Logon_Data: 100/RFCUSER/E`,
    }),
  });
  return sap;
}

/** An error as it arrives from the tunnel. */
export function tunnelError(code: string, verdict: SystemError['verdict']): SystemError {
  return fromWireError({ code, verdict, message: `simulated ${code}` });
}

/** A unit is committed when no call answers an error in RETURN. */
function runUnit(sap: FakeSap, unit: SapUnit): SapUnitAnswer {
  if (unit.commit === 'never') return { results: unit.calls.map((one) => run(sap, one)) };
  sap.units.push(unit);
  const results = unit.calls.map((one) => run(sap, one, { writes: true }));
  const steps = unit.calls.map((one, at) => ({ function: one.function, ms: 1, outcome: 'ok', messages: returnLines(results[at] ?? {}) }));
  const report: UnitReport = { unitId: unit.unitId, ending: 'committed', steps };
  const failed = steps.find(({ messages }) => messages.some(isErrorMessage));
  if (!failed) return { results, unit: report };
  const { messages } = failed;
  throw new SystemError('SAP_RETURN_ERROR', 'refused', `${failed.function}: ${messages[0]?.MESSAGE}`, {
    facts: { messages, unit: { ...report, ending: 'rolledBack' } },
  });
}

function run(sap: FakeSap, { function: name, parameters }: SapUnit['calls'][number], { writes = false } = {}): Record<string, unknown> {
  const functions = presets.flatMap((needs): readonly string[] => (writes ? (needs.writes ?? []) : needs.functions));
  if (!functions.includes(name)) throw tunnelError('POLICY_DENIED', 'refused');
  const known = sap.functions.get(name);
  if (!known) throw tunnelError('SAP_FUNCTION_UNKNOWN', 'refused');
  return known.run(parameters);
}

function describe(sap: FakeSap, { functions }: SapDescribe): unknown {
  const parameter = (name: string): FunctionParameter => ({ name, direction: 'IMPORT', type: 'CHAR', optional: true });
  if (functions.some((name) => sap.denied.has(name))) throw tunnelError('POLICY_DENIED', 'refused');
  const described = functions.map((name) => {
    const known = sap.functions.get(name);
    return [name, known ? { parameters: known.parameters.map(parameter) } : null];
  });
  return { functions: Object.fromEntries(described), tables: {} };
}

function* read(sap: FakeSap, request: SapTableRead): Generator<TableChunk, unknown, void> {
  sap.reads.push(request);
  checkPolicy(request);
  const key = keys[request.table] ?? [];
  const keyOf = (row: Record<string, string>): string => key.map((field) => row[field] ?? '').join('\0');
  const after = request.afterKey?.join('\0');
  const rows = (sap.tables[request.table] ?? [])
    .filter((row) => request.where.every((condition) => holds(row, condition)))
    .filter((row) => after === undefined || keyOf(row) > after)
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .slice(0, request.maxRows);
  // The order of an answer's fields is the agent's business.
  const fields = request.fields.toReversed();
  for (let start = 0; start < rows.length; start += rowsPerChunk) {
    sap.beforeChunk(request, start);
    yield { fields, rows: rows.slice(start, start + rowsPerChunk).map((row) => fields.map((field) => row[field] ?? '')) };
  }
  sap.beforeChunk(request, rows.length);
  return { rows: rows.length, reader: 'RFC_READ_TABLE', calls: 1 };
}

function checkPolicy({ table, fields, where }: SapTableRead): void {
  const used = [...fields, ...where.flatMap(comparisonsIn).map(({ field }) => field)];
  const denied = used.filter((field) => !presets.some(({ tables }) => tables[table]?.includes(field)));
  if (denied.length > 0) throw tunnelError(`POLICY_DENIED ${table} ${denied.join(' ')}`, 'refused');
  const longList = where.flatMap(comparisonsIn).find((one) => one.op === 'IN' && one.values.length > 50);
  if (longList) throw tunnelError('SAPSQL_STMNT_TOO_LARGE', 'refused');
}

function comparisonsIn(condition: Condition): Comparison[] {
  if ('anyOf' in condition) return condition.anyOf.flatMap(comparisonsIn);
  if ('allOf' in condition) return condition.allOf.flatMap(comparisonsIn);
  return [condition];
}

function holds(row: Record<string, string>, condition: Condition): boolean {
  if ('anyOf' in condition) return condition.anyOf.some((one) => holds(row, one));
  if ('allOf' in condition) return condition.allOf.every((one) => holds(row, one));
  const value = (row[condition.field] ?? '').trimEnd();
  if (condition.op === 'IN') return condition.values.some((wanted) => wanted.trimEnd() === value);
  const wanted = condition.value.trimEnd();
  switch (condition.op) {
    case 'EQ':
      return value === wanted;
    case 'NE':
      return value !== wanted;
    case 'LT':
      return value < wanted;
    case 'LE':
      return value <= wanted;
    case 'GT':
      return value > wanted;
    case 'GE':
      return value >= wanted;
    case 'LIKE':
      throw new Error('the fake has no LIKE');
  }
}
