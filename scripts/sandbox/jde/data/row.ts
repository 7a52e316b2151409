import { isAmount } from '@ml-connector/shared';
import type { Column, TableDefinition } from './dictionary.ts';

/**
 * One row by alias; what is not there is blank, 0 or no date. Numbers are exact decimal text, dates `YYYYMMDD` or '', times `HHMMSS` as a
 * number's text, texts as stored: MCU with its blanks in front, no blanks at the end. Rows are never changed, only replaced.
 */
export type Row = Readonly<Record<string, string>>;

/** A stored value, with what a missing one means. */
export function valueOf(row: Row, { alias, kind }: Column): string {
  return row[alias] ?? (kind === 'number' || kind === 'time' ? '0' : '');
}

/** The row as it is stored; throws where a value does not fit its column, or the table has no such column. */
export function asStored(definition: TableDefinition, row: Row): Row {
  const stored: Record<string, string> = {};
  for (const [alias, value] of Object.entries(row)) {
    const column = definition.columns.get(alias);
    if (!column) throw new Error(`${definition.name} has no column ${alias}`);
    stored[alias] = storedValue(definition.name, column, value);
  }
  return stored;
}

function storedValue(table: string, column: Column, value: string): string {
  const refuse = (why: string): never => {
    throw new Error(`${table}.${column.alias}: '${value}' ${why}`);
  };
  switch (column.kind) {
    case 'number':
      return isAmount(value) ? value : refuse('is no plain number');
    case 'date':
      return value === '' || /^\d{8}$/.test(value) ? value : refuse('is no date YYYYMMDD');
    case 'time':
      return /^\d{1,6}$/.test(value) ? String(Number(value)) : refuse('is no time HHMMSS');
    case 'text': {
      const text = column.isRightJustified ? justified(column, value) : value.trimEnd();
      return text.length <= column.length ? text : refuse(`has more than ${column.length} characters`);
    }
  }
}

/** `30` with the blanks in front that MCU has; nothing stays nothing. */
export function justified({ length }: Pick<Column, 'length'>, value: string): string {
  const text = value.trim();
  return text === '' ? '' : text.padStart(length, ' ');
}

/** Every column by alias, texts without blanks at both ends. */
export function trimmedRow({ columns }: TableDefinition, row: Row): Row {
  return Object.fromEntries([...columns.values()].map((column) => [column.alias, valueOf(row, column).trim()]));
}

/** Below 0, 0 or above 0. Texts go by their stored characters, no date is before every date. */
export function compareValues({ kind }: Column, one: string, other: string): number {
  if (kind === 'number' || kind === 'time') return Number(one) - Number(other);
  return one < other ? -1 : one > other ? 1 : 0;
}
