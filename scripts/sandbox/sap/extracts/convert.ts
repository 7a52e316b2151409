/** From the values of an extract to rows in internal format. Whatever is not taken as it stands is reported. */
import {
  clientFieldOf,
  initialValue,
  kindOf,
  problemWith,
  type FieldDefinition,
  type Row,
  type TableDefinition,
} from '../dictionary/index.ts';
import { toStoredAmount } from './amounts.ts';
import type { ExtractColumn } from './columns.ts';
import { readDate, readTime } from './date-format.ts';
import { readNumber } from './number-format.ts';
import type { ParsedFile } from './parse.ts';
import type { Findings } from './report.ts';
import type { UserFormats } from './user-formats.ts';

export interface ConvertRequest {
  file: string;
  table: TableDefinition;
  parsed: ParsedFile;
  columns: readonly ExtractColumn[];
  formats: UserFormats;
  /** Decimals of a currency; 2 unless TCURX says otherwise. */
  decimalsOf: (currency: string) => number;
  findings: Findings;
}

export interface ConvertedRow {
  row: Row;
  line: number;
}

export function convertRows(request: ConvertRequest): ConvertedRow[] {
  const { file, parsed, findings } = request;
  const converted: ConvertedRow[] = [];
  for (const { values, line } of parsed.records) {
    if (isRagged(values, parsed.header)) {
      const message = `a line has ${values.length} columns, the header has ${parsed.header.length}: "${values.join(' ').slice(0, 40)}"`;
      findings.error({ file, what: 'line.ragged', line, message });
      continue;
    }
    converted.push({ row: convertRow(request, values, line), line });
  }
  return converted;
}

/** More columns are fine as long as there is nothing in them. */
function isRagged(values: readonly string[], header: readonly string[]): boolean {
  if (values.length < header.length) return true;
  return values.some((value, index) => (header[index] ?? '') === '' && value.trim() !== '');
}

function convertRow(request: ConvertRequest, values: readonly string[], line: number): Row {
  const { table, columns } = request;
  const client = clientFieldOf(table);
  const row: Row = {};
  for (const { field, index } of columns) {
    if (field !== client) row[field.name] = convertValue({ ...request, field, line }, values[index] ?? '');
  }
  for (const { field } of columns) if (field.type === 'CURR') row[field.name] = toStoredAmount({ ...request, field, line, row });
  return row;
}

interface ValueRequest extends ConvertRequest {
  field: FieldDefinition;
  line: number;
}

function convertValue(request: ValueRequest, given: string): string {
  const { field } = request;
  const value = toInternal(request, given);
  const problem = value === undefined ? `is no ${nameOf(field)}` : field.type === 'CURR' ? undefined : problemWith(field, value);
  if (value !== undefined && problem === undefined) return value;
  refuse(request, 'value.invalid', `${JSON.stringify(shortened(given))} ${problem}`);
  return initialValue(field);
}

function toInternal(request: ValueRequest, given: string): string | undefined {
  const { field, formats } = request;
  if (field.type === 'CURR') return given; // its currency is needed too
  if (field.type === 'LANG') return language(request, given.trim());
  switch (kindOf(field)) {
    case 'date':
      return readDate(given, formats.dateOrder);
    case 'time':
      return readTime(given);
    case 'packed':
    case 'integer':
    case 'float':
      return plainNumber(request, given);
    case 'digits':
      return digits(request, given.trim());
    case 'characters':
    case 'bytes':
    case 'string':
      return characters(request, given);
  }
}

function plainNumber({ field, formats }: ValueRequest, given: string): string | undefined {
  if (given.trim() === '') return initialValue(field);
  const number = readNumber(given, formats.decimalMark);
  const { decimals = 0 } = field;
  if (!number || number.fraction.replace(/0+$/, '').length > decimals) return undefined;
  const fraction = number.fraction.slice(0, decimals).padEnd(decimals, '0');
  const isZero = /^0*$/.test(number.whole + fraction);
  return `${number.isNegative && !isZero ? '-' : ''}${number.whole}${decimals > 0 ? `.${fraction}` : ''}`;
}

function digits(request: ValueRequest, given: string): string | undefined {
  if (given === '') return initialValue(request.field);
  return padded(request, given, /^\d+$/.test(given));
}

function characters(request: ValueRequest, given: string): string | undefined {
  const value = given.replace(/[ \u00a0]+$/, '');
  if (/[\r\n]/.test(value)) note(request, 'value.line-break', `${JSON.stringify(shortened(value))} contains a line break; kept as it is`);
  if (value.includes('\ufffd'))
    note(request, 'value.damaged', `${JSON.stringify(shortened(value))} was damaged before it came here (U+FFFD); kept as it is`);
  if (request.field.exit !== 'ALPHA') return value;
  if (/^\d[.,]?\d*E\+\d+$/i.test(value)) {
    refuse(request, 'key.scientific', `${value} is what a spreadsheet makes of a long number; export the column as text`);
    return value;
  }
  return padded(request, value, /^\d+$/.test(value));
}

function padded(request: ValueRequest, value: string, isNumber: boolean): string {
  const { length } = request.field;
  if (!isNumber || value.length >= length) return value;
  const full = value.padStart(length, '0');
  note(request, 'value.padded', `${value} was filled up with zeros to ${full}`);
  return full;
}

/** ISO code and SAP's own one-letter key (conversion exit ISOLA). */
const isoLanguages =
  'AR:A CS:C DA:K DE:D EL:G EN:E ES:S FI:U FR:F HU:H IT:I JA:J KO:3 NL:N NO:O PL:L PT:P RO:4 RU:R SK:Q SV:V TR:T ZF:M ZH:1';
const languages = new Map(isoLanguages.split(' ').map((pair) => pair.split(':') as [string, string]));

function language(request: ValueRequest, given: string): string | undefined {
  if (given.length < 2) return given;
  const internal = languages.get(given.toUpperCase());
  if (internal) note(request, 'value.language', `${given} was turned into SAP's own language key ${internal}`);
  return internal;
}

function nameOf(field: FieldDefinition): string {
  const kind = kindOf(field);
  if (field.type === 'LANG') return 'language key';
  return kind === 'date' || kind === 'time' ? kind : `number of ${field.length} digits with ${field.decimals ?? 0} decimals`;
}

function note({ file, field, line, findings }: ValueRequest, what: string, message: string): void {
  findings.notice({ file, column: field.name, what, line, message });
}

function refuse({ file, field, line, findings }: ValueRequest, what: string, message: string): void {
  findings.error({ file, column: field.name, what, line, message });
}

function shortened(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}...` : value;
}
