import { SystemError, isSystemError } from '@ml-connector/shared';
import type { Page, Slot } from './key-reader.ts';
import { toOptionLines, type Token } from './where.ts';

/** Calls a function module that changes nothing; rejects with a SystemError. */
export type ReadCall = (functionName: string, parameters: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A function module that reads tables, and what it can do. */
export interface TableReader {
  functionName: string;
  /** Characters of a row. */
  width: number;
  /** It has GET_SORTED (note 2246160), so a page is the first rows in key order by promise and not by habit. */
  sorts: boolean;
  /** It names the table parameter that holds the rows (Data Services' readers). */
  namesOutTable: boolean;
}

/** Tried in this order; the Data Services readers come with that transport (facts/sap-ecc.md 2.1). */
export const knownReaders = ['RFC_READ_TABLE', 'BBP_RFC_READ_TABLE', '/BODS/RFC_READ_TABLE2', '/SAPDS/RFC_READ_TABLE2'] as const;

/** The reader named in the settings, or the first known one that exists and may be called. */
export async function findReader(call: ReadCall, readFunction: string, readWidth: number | undefined): Promise<TableReader> {
  const candidates = readFunction === 'auto' ? knownReaders : [readFunction];
  const reasons: string[] = [];
  for (const functionName of candidates) {
    try {
      return await probe(call, functionName, readWidth);
    } catch (error) {
      if (!isSystemError(error) || error.verdict !== 'refused') throw error;
      reasons.push(`${functionName}: ${error.code === 'SAP_FUNCTION_MISSING' ? 'does not exist' : error.message}`);
    }
  }
  throw new SystemError('SAP_NO_TABLE_READER', 'refused', `no function module can read tables here (${reasons.join('; ')})`, {
    fix: 'Give the SAP user S_RFC for function group SDTX (RFC_READ_TABLE), or name your own reader in agent.yaml: readFunction.',
  });
}

export interface PageRequest {
  table: string;
  fields: readonly string[];
  conditions: readonly Token[];
  rowCount: number;
}

export async function readPage(call: ReadCall, reader: TableReader, request: PageRequest): Promise<Page> {
  const answer = await call(reader.functionName, {
    QUERY_TABLE: request.table,
    ROWCOUNT: request.rowCount,
    ...(reader.sorts ? { GET_SORTED: 'X' } : {}),
    OPTIONS: toOptionLines(request.conditions).map((line) => ({ TEXT: line })),
    FIELDS: request.fields.map((name) => ({ FIELDNAME: name })),
  });
  const rows = reader.namesOutTable ? answer[String(answer['OUT_TABLE']).trim()] : answer['DATA'];
  return { rows: toRows(rows, reader), slots: toSlots(answer['FIELDS']) };
}

async function probe(call: ReadCall, functionName: string, readWidth: number | undefined): Promise<TableReader> {
  const parameters = await parameterNames(call, functionName);
  const namesOutTable = parameters ? parameters.has('OUT_TABLE') : functionName.endsWith('RFC_READ_TABLE2');
  const reader: TableReader = {
    functionName,
    width: readWidth ?? (namesOutTable ? 30_000 : 512),
    sorts: parameters?.has('GET_SORTED') ?? false,
    namesOutTable,
  };
  try {
    await readPage(call, reader, { table: 'TCURX', fields: ['CURRKEY'], conditions: [], rowCount: 1 });
  } catch (error) {
    // The function runs, only this table is not for us: other tables may be.
    if (!isSystemError(error) || error.facts?.['code'] !== 5 || error.code === 'SAP_FUNCTION_MISSING') throw error;
  }
  return reader;
}

/** undefined where the user may not look at interfaces: the reader is then taken as the oldest release has it. */
async function parameterNames(call: ReadCall, functionName: string): Promise<Set<string> | undefined> {
  try {
    const answer = await call('RFC_GET_FUNCTION_INTERFACE', { FUNCNAME: functionName });
    const parameters = Array.isArray(answer['PARAMS']) ? (answer['PARAMS'] as Record<string, unknown>[]) : [];
    return new Set(parameters.map((parameter) => String(parameter['PARAMETER']).trim()));
  } catch (error) {
    if (isSystemError(error) && error.code === 'SAP_NOT_AUTHORIZED') return undefined;
    throw error;
  }
}

function toRows(rows: unknown, reader: TableReader): string[] {
  if (!Array.isArray(rows)) throw invalid(reader, 'without rows');
  return rows.map((row: { WA?: string } | string) => (typeof row === 'string' ? row : (row.WA ?? '')));
}

function toSlots(fields: unknown): Map<string, Slot> {
  if (!Array.isArray(fields)) return new Map();
  return new Map(
    (fields as Record<string, unknown>[]).map((field) => {
      const offset = Number(field['OFFSET']);
      return [String(field['FIELDNAME']).trim(), { offset, end: offset + Number(field['LENGTH']) }];
    }),
  );
}

function invalid(reader: TableReader, what: string): SystemError {
  return new SystemError('SAP_ANSWER_INVALID', 'refused', `${reader.functionName} answered ${what}`);
}
