import { fieldOf, kindOf, type FieldDefinition, type StructureDefinition } from './catalogue.ts';

/**
 * A table row in internal format: texts without trailing blanks, NUMC zero-padded, DATS `YYYYMMDD`, TIMS `HHMMSS`, numbers as plain
 * decimals with all decimals of the field (`-12.50`).
 */
export type Row = Record<string, string>;

export function initialValue(field: FieldDefinition): string {
  const { length, decimals = 0 } = field;
  switch (kindOf(field)) {
    case 'date':
      return '00000000';
    case 'time':
      return '000000';
    case 'digits':
      return '0'.repeat(length);
    case 'packed':
      return decimals > 0 ? `0.${'0'.repeat(decimals)}` : '0';
    case 'integer':
    case 'float':
      return '0';
    case 'characters':
    case 'bytes':
    case 'string':
      return '';
  }
}

/** Why the value cannot stand in the field, or undefined. */
export function problemWith(field: FieldDefinition, value: string): string | undefined {
  const { length, decimals = 0 } = field;
  switch (kindOf(field)) {
    case 'date':
      return isDate(value) ? undefined : 'is no date YYYYMMDD';
    case 'time':
      return /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(value) ? undefined : 'is no time HHMMSS';
    case 'digits':
      return /^\d+$/.test(value) && value.length === length ? undefined : `does not have ${length} digits`;
    case 'integer':
      return /^-?\d{1,10}$/.test(value) ? undefined : 'is no whole number';
    case 'packed':
      return packedProblem(value, length, decimals);
    case 'float':
      return Number.isFinite(Number(value)) ? undefined : 'is no number';
    case 'characters':
    case 'bytes':
      return value.length <= length ? undefined : `has ${value.length} characters, the field takes ${length}`;
    case 'string':
      return undefined;
  }
}

/** A whole row from some of its fields: the rest is initial. Throws on an unknown field and on a value that does not fit. */
export function completeRow(definition: StructureDefinition, given: Row): Row {
  for (const name of Object.keys(given)) fieldOf(definition, name);
  const row: Row = {};
  for (const field of definition.fields) {
    const value = given[field.name]?.replace(/ +$/, '') ?? initialValue(field);
    const problem = problemWith(field, value);
    if (problem) throw new Error(`${definition.name}-${field.name}: ${JSON.stringify(value)} ${problem}`);
    row[field.name] = value;
  }
  return row;
}

/** Conversion exit ALPHA on input: digits are filled up with zeros, anything else stays. */
export function alphaIn(value: string, length: number): string {
  return /^\d+$/.test(value) ? value.padStart(length, '0') : value;
}

function isDate(value: string): boolean {
  if (value === '00000000' || value === '99991231') return true;
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 100) date.setUTCFullYear(year);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function packedProblem(value: string, length: number, decimals: number): string | undefined {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) return 'is no number';
  const [, whole = '', fraction = ''] = match;
  if (fraction.length !== decimals) return `does not have ${decimals} decimals`;
  return whole.replace(/^0+/, '').length <= length - decimals ? undefined : `has more than ${length - decimals} digits before the point`;
}
