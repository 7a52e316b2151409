import { SystemError } from '@ml-connector/shared';
import type { TableLayout } from '../dictionary.ts';
import type { ReadCall, TableReader } from '../reader.ts';

/** A table as RFC_READ_TABLE shows it: values as printed, by field name. */
export type FakeRow = Record<string, string>;

export interface FakeTable {
  call: ReadCall;
  /** Field names of each read, in order. */
  reads: { fields: string[]; options: string[]; rowCount: number }[];
  rows: FakeRow[];
  /** Runs before a read is answered, with its number from 1. */
  beforeRead: (read: number) => unknown;
}

export const classicReader: TableReader = { functionName: 'RFC_READ_TABLE', width: 512, sorts: false, namesOutTable: false };

/** Answers RFC_READ_TABLE for one table: WHERE of =, <>, <, > and so on with AND, OR and brackets; rows wider than `width` are refused. */
export function openFakeTable(layout: TableLayout, rows: FakeRow[], width = 512): FakeTable {
  const fake: FakeTable = { rows, reads: [], beforeRead: () => undefined, call: (_name, parameters) => answer(parameters) };
  const answer = async (parameters: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const fields = (parameters['FIELDS'] as { FIELDNAME: string }[]).map(({ FIELDNAME }) => FIELDNAME);
    const options = (parameters['OPTIONS'] as { TEXT: string }[]).map(({ TEXT }) => TEXT);
    const rowCount = parameters['ROWCOUNT'] as number;
    fake.reads.push({ fields, options, rowCount });
    fake.beforeRead(fake.reads.length);
    const lengths = fields.map((name) => layout.columns.get(name)?.width ?? 0);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total > width) throw new SystemError('SAP_ROW_TOO_WIDE', 'refused', 'DATA_BUFFER_EXCEEDED', { facts: { code: 5 } });
    const matches = fake.rows.filter((row) => evaluate(tokensOf(options.join(' ')), row));
    const taken = rowCount > 0 ? matches.slice(0, rowCount) : matches;
    return {
      FIELDS: fields.map((name, index) => ({
        FIELDNAME: name,
        OFFSET: String(lengths.slice(0, index).reduce((sum, length) => sum + length, 0)).padStart(6, '0'),
        LENGTH: String(lengths[index]).padStart(6, '0'),
      })),
      DATA: taken.map((row) => ({
        WA: fields
          .map((name, index) => print(layout, name, row[name] ?? '', lengths[index] ?? 0))
          .join('')
          .trimEnd(),
      })),
    };
  };
  return fake;
}

function print(layout: TableLayout, name: string, value: string, length: number): string {
  const kind = layout.columns.get(name)?.kind;
  return kind === 'number' || kind === 'amount' ? value.padStart(length) : value.padEnd(length);
}

function tokensOf(text: string): string[] {
  return text.match(/'(?:[^']|'')*'|[^\s']+/g) ?? [];
}

function evaluate(tokens: string[], row: FakeRow): boolean {
  if (tokens.length === 0) return true;
  let at = 0;
  const either = (): boolean => {
    let result = both();
    while (tokens[at] === 'OR') {
      at++;
      const next = both();
      result ||= next;
    }
    return result;
  };
  const both = (): boolean => {
    let result = one();
    while (tokens[at] === 'AND') {
      at++;
      const next = one();
      result &&= next;
    }
    return result;
  };
  const one = (): boolean => {
    if (tokens[at] === '(') {
      at++;
      const result = either();
      at++;
      return result;
    }
    const [field = '', op = '', literal = ''] = tokens.slice(at, at + 3);
    at += 3;
    const value = literal.slice(1, -1).replaceAll("''", "'").trimEnd();
    const own = (row[field] ?? '').trimEnd();
    const order = own < value ? -1 : Number(own > value);
    return { '=': order === 0, '<>': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[op] ?? false;
  };
  return either();
}
