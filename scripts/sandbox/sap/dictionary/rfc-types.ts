/** The dictionary's types as the RFC library describes them; the stand-in's C++ reads this form (nwrfc-standin/src/metadata.h). */
import { structureOf, type DdicType, type FieldDefinition, type FunctionDefinition, type ParameterDefinition } from './catalogue.ts';

export interface RfcField {
  name: string;
  type: string;
  /** Characters of CHAR and NUM, bytes of BYTE and BCD. */
  length: number;
  decimals: number;
  direction?: string;
  optional?: boolean;
  lineType?: RfcType;
}

export interface RfcType {
  name: string;
  fields: RfcField[];
}

const rfcTypes: Record<DdicType, string> = {
  CHAR: 'CHAR',
  CLNT: 'CHAR',
  CUKY: 'CHAR',
  LANG: 'CHAR',
  UNIT: 'CHAR',
  NUMC: 'NUM',
  DATS: 'DATE',
  TIMS: 'TIME',
  CURR: 'BCD',
  DEC: 'BCD',
  QUAN: 'BCD',
  FLTP: 'FLOAT',
  INT1: 'INT1',
  INT2: 'INT2',
  INT4: 'INT',
  RAW: 'BYTE',
  STRG: 'STRING',
};

export function describeFunction(definition: FunctionDefinition): RfcType {
  return { name: definition.name, fields: definition.parameters.map(describeParameter) };
}

/** Bytes of a packed number: two digits each, and a half for the sign. */
export function packedBytes(digits: number): number {
  return Math.floor(digits / 2) + 1;
}

function describeParameter(parameter: ParameterDefinition): RfcField {
  const { name, direction, optional = false, type, length = 0 } = parameter;
  if (type) return { ...describeField({ name, type, length }), direction, optional };
  const isTable = direction === 'TABLES' || parameter.table === true;
  return { name, type: isTable ? 'TABLE' : 'STRUCTURE', length: 0, decimals: 0, direction, optional, lineType: lineTypeOf(parameter) };
}

function lineTypeOf({ name, like = '' }: ParameterDefinition): RfcType {
  const structure = structureOf(like);
  if (!structure) throw new Error(`parameter ${name}: the catalogue has no structure ${like}`);
  return { name: structure.name, fields: structure.fields.map(describeField) };
}

function describeField({ name, type, length, decimals = 0 }: FieldDefinition): RfcField {
  const isPacked = rfcTypes[type] === 'BCD';
  return { name, type: rfcTypes[type], length: isPacked ? packedBytes(length) : length, decimals };
}
