/** The data dictionary and the function library of the simulated system, as data: `catalogue/*.json`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ddicTypes = [
  'CHAR',
  'CLNT',
  'CUKY',
  'CURR',
  'DATS',
  'DEC',
  'FLTP',
  'INT1',
  'INT2',
  'INT4',
  'LANG',
  'NUMC',
  'QUAN',
  'RAW',
  'STRG',
  'TIMS',
  'UNIT',
] as const;
export type DdicType = (typeof ddicTypes)[number];

/** What values of a type look like; most code need not tell the types of one kind apart. */
export type FieldKind = 'characters' | 'digits' | 'date' | 'time' | 'packed' | 'integer' | 'float' | 'bytes' | 'string';

const kinds: Record<DdicType, FieldKind> = {
  CHAR: 'characters',
  CLNT: 'characters',
  CUKY: 'characters',
  LANG: 'characters',
  UNIT: 'characters',
  NUMC: 'digits',
  DATS: 'date',
  TIMS: 'time',
  CURR: 'packed',
  DEC: 'packed',
  QUAN: 'packed',
  INT1: 'integer',
  INT2: 'integer',
  INT4: 'integer',
  FLTP: 'float',
  RAW: 'bytes',
  STRG: 'string',
};

export function kindOf({ type }: { type: DdicType }): FieldKind {
  return kinds[type];
}

export interface FieldDefinition {
  name: string;
  type: DdicType;
  /** Characters, digits of packed numbers, bytes of RAW: the dictionary's LENG. */
  length: number;
  decimals?: number;
  key?: boolean;
  /** Conversion exit. */
  exit?: string;
  /** Currency field of an amount: `TABLE-FIELD`. */
  reference?: string;
  text?: string;
}

export interface StructureDefinition {
  name: string;
  fields: FieldDefinition[];
}

export interface TableDefinition extends StructureDefinition {
  text: string;
  class: 'TRANSP' | 'CLUSTER';
  /** Table authorization group (S_TABU_DIS). */
  authorizationGroup: string;
  /** A cluster table's fields without which a read goes through all of it and runs into the time limit. */
  readBy?: string[];
}

export interface ParameterDefinition {
  name: string;
  direction: 'IMPORT' | 'EXPORT' | 'CHANGING' | 'TABLES';
  /** Elementary type; otherwise `like` names a structure. */
  type?: DdicType;
  length?: number;
  /** Structure, or `TABLE-FIELD` for documentation. */
  like?: string;
  /** A table-typed EXPORT parameter. */
  table?: boolean;
  optional?: boolean;
  default?: string;
  text?: string;
}

export interface FunctionDefinition {
  name: string;
  /** Function group: what S_RFC authorises. */
  group: string;
  text: string;
  parameters: ParameterDefinition[];
  exceptions: string[];
}

/** Definitions of a data file by their names, which the file has as keys. */
function read<T extends { name: string }>(file: string): ReadonlyMap<string, T> {
  const text = readFileSync(path.join(import.meta.dirname, '../catalogue', file), 'utf8');
  const definitions = Object.entries(JSON.parse(text) as Record<string, Omit<T, 'name'>>);
  return new Map(definitions.map(([name, definition]) => [name, { name, ...definition } as T]));
}

export const tableDefinitions = read<TableDefinition>('tables.json');
export const functionDefinitions = read<FunctionDefinition>('functions.json');
const structureDefinitions = read<StructureDefinition>('structures.json');

export function structureOf(name: string): StructureDefinition | undefined {
  return structureDefinitions.get(name) ?? tableDefinitions.get(name);
}

export function tableOf(name: string): TableDefinition {
  const definition = tableDefinitions.get(name);
  if (!definition) throw new Error(`the catalogue has no table ${name}`);
  return definition;
}

export function fieldOf(definition: StructureDefinition, name: string): FieldDefinition {
  const field = definition.fields.find((one) => one.name === name);
  if (!field) throw new Error(`${definition.name} has no field ${name}`);
  return field;
}

/** The client field of client-dependent tables. Open SQL adds it by itself; programs neither ask for it nor compare it. */
export function clientFieldOf(definition: StructureDefinition): FieldDefinition | undefined {
  return definition.fields[0]?.type === 'CLNT' ? definition.fields[0] : undefined;
}

/** Key fields without the client. */
export function keyFieldsOf(definition: StructureDefinition): FieldDefinition[] {
  return definition.fields.filter((field) => field.key && field.type !== 'CLNT');
}
