import { isSystemError, type FunctionParameter } from '@ml-connector/shared';
import { toColumns, type ReadCall } from './tables/index.ts';
import type { ValueType } from './values.ts';

/** A function module's interface as this system has it. */
export interface FunctionInterface {
  parameters: FunctionParameter[];
  /** For checking values; undefined where the dictionary could not be read. */
  types: ValueType[];
}

const directions: Record<string, FunctionParameter['direction']> = { I: 'IMPORT', E: 'EXPORT', C: 'CHANGING', T: 'TABLES', X: 'EXCEPTION' };

/** Reads the interface (RFC_GET_FUNCTION_INTERFACE) and the structures in it. undefined: the module does not exist. */
export async function readInterface(call: ReadCall, functionName: string): Promise<FunctionInterface | undefined> {
  const rows = await readParameters(call, functionName);
  if (!rows) return undefined;
  const structures = new Map<string, ValueType[] | undefined>();
  const types: ValueType[] = [];
  for (const row of rows.parameters) {
    if (row.class === 'X') continue;
    const isTable = row.class === 'T' || row.letter === 'h';
    const isStructured = isTable || row.letter === 'u' || row.letter === 'v';
    if (isStructured && !structures.has(row.table)) structures.set(row.table, await readStructure(call, row.table));
    types.push({
      name: row.name,
      letter: row.letter,
      length: isStructured ? 0 : lengthOf(row, rows.isInCharacters),
      decimals: row.decimals,
      fields: isStructured ? structures.get(row.table) : undefined,
      isTable,
    });
  }
  return { parameters: rows.parameters.map(toDescription), types };
}

interface ParameterRow {
  class: string;
  name: string;
  table: string;
  field: string;
  letter: string;
  length: number;
  decimals: number;
  optional: boolean;
}

async function readParameters(call: ReadCall, functionName: string) {
  try {
    const answer = await call('RFC_GET_FUNCTION_INTERFACE', { FUNCNAME: functionName, NONE_UNICODE_LENGTH: 'X' });
    return { parameters: toRows(answer['PARAMS']), isInCharacters: true };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'SAP_FUNCTION_MISSING') return undefined;
    // Older releases have no NONE_UNICODE_LENGTH; lengths then count bytes of an unknown character size and are not used.
    if (error.code !== 'SAP_PARAMETER_INVALID') throw error;
    try {
      const answer = await call('RFC_GET_FUNCTION_INTERFACE', { FUNCNAME: functionName });
      return { parameters: toRows(answer['PARAMS']), isInCharacters: false };
    } catch (again) {
      if (isSystemError(again) && again.code === 'SAP_FUNCTION_MISSING') return undefined;
      throw again;
    }
  }
}

async function readStructure(call: ReadCall, name: string): Promise<ValueType[] | undefined> {
  try {
    const answer = await call('DDIF_FIELDINFO_GET', { TABNAME: name });
    const rows = Array.isArray(answer['DFIES_TAB']) ? (answer['DFIES_TAB'] as Record<string, unknown>[]) : [];
    const letters = new Map(rows.map((row) => [textOf(row['FIELDNAME']), textOf(row['INTTYPE'])]));
    const columns = toColumns(rows);
    if (columns.length === 0 || columns.some((column) => isNested(letters.get(column.name) ?? ''))) return undefined;
    return columns.map((column) => ({
      name: column.name,
      letter: letters.get(column.name) ?? '',
      length: column.length,
      decimals: column.decimals,
      fields: undefined,
      isTable: false,
    }));
  } catch (error) {
    // The call itself will say what is wrong with the structure, if anything.
    if (isSystemError(error) && error.verdict === 'refused') return undefined;
    throw error;
  }
}

function isNested(letter: string): boolean {
  return letter === 'u' || letter === 'v' || letter === 'h';
}

function toRows(params: unknown): ParameterRow[] {
  const rows = Array.isArray(params) ? (params as Record<string, unknown>[]) : [];
  return rows.map((row) => ({
    class: textOf(row['PARAMCLASS']),
    name: textOf(row['PARAMETER']),
    table: textOf(row['TABNAME']),
    field: textOf(row['FIELDNAME']),
    letter: textOf(row['EXID']),
    length: Number(row['INTLENGTH']) || 0,
    decimals: Number(row['DECIMALS']) || 0,
    optional: textOf(row['OPTIONAL']) === 'X',
  }));
}

/** INTLENGTH of a packed number counts bytes: two digits each, less the sign. */
function lengthOf({ letter, length }: ParameterRow, isInCharacters: boolean): number {
  if (letter === 'P') return length > 0 ? length * 2 - 1 : 0;
  if (letter === 'X') return length;
  return isInCharacters ? length : 0;
}

function toDescription(row: ParameterRow): FunctionParameter {
  const byReference = row.table && row.field ? `${row.table}-${row.field}` : row.table;
  return {
    name: row.name,
    direction: directions[row.class] ?? 'IMPORT',
    type: byReference || `${row.letter}${row.length || ''}`,
    optional: row.optional || row.class === 'X',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
