/** What the system tells about its functions and tables. */
import {
  kindOf,
  packedBytes,
  structureOf,
  tableDefinitions,
  type DdicType,
  type FieldDefinition,
  type ParameterDefinition,
} from '../dictionary/index.ts';
import { outputLength } from '../tables/index.ts';
import { abapException } from '../rfc-error.ts';
import { textInput, type FunctionCall, type Structure } from './call.ts';

/** ABAP's one-letter types. */
const abapTypes: Record<DdicType, string> = {
  CHAR: 'C',
  CLNT: 'C',
  CUKY: 'C',
  LANG: 'C',
  UNIT: 'C',
  NUMC: 'N',
  DATS: 'D',
  TIMS: 'T',
  CURR: 'P',
  DEC: 'P',
  QUAN: 'P',
  FLTP: 'F',
  INT1: 'b',
  INT2: 's',
  INT4: 'I',
  RAW: 'X',
  STRG: 'g',
};

export function abapTypeOf(field: FieldDefinition): string {
  return abapTypes[field.type];
}

const parameterClasses = { IMPORT: 'I', EXPORT: 'E', CHANGING: 'C', TABLES: 'T' } as const;

export function rfcGetFunctionInterface(call: FunctionCall): Structure {
  const name = textInput(call, 'FUNCNAME');
  const definition = call.system.functions.get(name);
  if (!definition) throw functionNotFound(name);
  const parameters = definition.parameters.map((parameter, index) => parameterRow(parameter, index + 1));
  const exceptions = definition.exceptions.map((exception, index) => ({
    PARAMCLASS: 'X',
    PARAMETER: exception,
    POSITION: parameters.length + index + 1,
  }));
  return { REMOTE_CALL: 'R', PARAMS: [...parameters, ...exceptions] };
}

export function functionNotFound(name: string): Error {
  return abapException('FU_NOT_FOUND', { class: 'FL', type: 'E', number: '046', v1: name });
}

export function ddifFieldinfoGet(call: FunctionCall): Structure {
  const name = textInput(call, 'TABNAME');
  const wanted = textInput(call, 'FIELDNAME');
  const structure = call.system.table(name)?.definition ?? (tableDefinitions.has(name) ? undefined : structureOf(name));
  if (!structure || (wanted && !structure.fields.some((field) => field.name === wanted))) throw abapException('NOT_FOUND');
  const rows = fieldRows(name, structure.fields, call.session.language);
  return {
    DDOBJTYPE: tableDefinitions.get(name)?.class ?? 'INTTAB',
    X030L_WA: { TABNAME: name, TABTYPE: tableDefinitions.has(name) ? 'T' : 'J', FIELDS: structure.fields.length },
    DFIES_TAB: wanted ? rows.filter((row) => row['FIELDNAME'] === wanted) : rows,
  };
}

export function rfcFunctionSearch(call: FunctionCall): Structure {
  const name = textInput(call, 'FUNCNAME');
  const group = textInput(call, 'GROUPNAME');
  if (!name && !group) throw abapException('NOTHING_SPECIFIED');
  const found = [...call.system.functions.values()].filter((one) => fits(one.name, name) && fits(one.group, group));
  if (found.length === 0) throw abapException('NO_FUNCTION_FOUND');
  return { FUNCTIONS: found.map((one) => ({ FUNCNAME: one.name, GROUPNAME: one.group, STEXT: one.text })) };
}

function parameterRow(parameter: ParameterDefinition, position: number): Structure {
  const { name, direction, like = '', type, length = 0, optional = false, text = '' } = parameter;
  const [table = '', field = ''] = like.split('-');
  const elementary = type ? { name, type, length } : undefined;
  return {
    PARAMCLASS: parameterClasses[direction],
    PARAMETER: name,
    TABNAME: table,
    FIELDNAME: field,
    EXID: elementary ? abapTypeOf(elementary) : parameter.table ? 'h' : 'u',
    POSITION: position,
    INTLENGTH: elementary ? internalLength(elementary) : 0,
    DEFAULT: parameter.default ?? '',
    PARAMTEXT: text,
    OPTIONAL: optional ? 'X' : '',
  };
}

function fieldRows(table: string, fields: readonly FieldDefinition[], language: string): Record<string, string>[] {
  let offset = 0;
  return fields.map((field, index) => {
    const [referenceTable = '', referenceField = ''] = field.reference?.split('-') ?? [];
    const row = {
      TABNAME: table,
      FIELDNAME: field.name,
      LANGU: language,
      POSITION: digits(index + 1, 4),
      OFFSET: digits(offset, 6),
      LENG: digits(field.length, 6),
      INTLEN: digits(internalLength(field), 6),
      OUTPUTLEN: digits(outputLength(field), 6),
      DECIMALS: digits(field.decimals ?? 0, 6),
      DATATYPE: field.type,
      INTTYPE: abapTypeOf(field),
      REFTABLE: referenceTable,
      REFFIELD: referenceField,
      CONVEXIT: field.exit ?? '',
      FIELDTEXT: field.text ?? '',
      KEYFLAG: field.key ? 'X' : '',
      COMPTYPE: 'E',
      LFIELDNAME: field.name,
    };
    offset += internalLength(field);
    return row;
  });
}

/** Bytes in memory of a Unicode system. */
function internalLength(field: FieldDefinition): number {
  const { type, length } = field;
  const kind = kindOf(field);
  if (kind === 'packed') return packedBytes(length);
  if (kind === 'integer') return Number(type.slice(-1));
  if (kind === 'float' || kind === 'string') return 8;
  return kind === 'bytes' ? length : 2 * length;
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

function fits(name: string, pattern: string): boolean {
  if (!pattern) return true;
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
