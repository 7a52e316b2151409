import { SystemError } from '@ml-connector/shared';
import type { RowSource } from '../../chunks.ts';
import type { Column } from './dictionary.ts';
import { mostBytesPerUnit, writeNumber, writeText } from './json-text.ts';
import { slotOf, type KeyReader, type Page } from './key-reader.ts';
import type { ReadPlan } from './plan.ts';

export type RowEncoder = RowSource;

export interface EncoderRequest {
  table: string;
  plan: ReadPlan;
  /** Per group of the plan: its slots, and its rows in the order of the answer. */
  groups: readonly Page[];
  keys: KeyReader;
  /** Decimals of a currency (TCURX). */
  decimalsOf: (currency: string) => number;
}

type Write = (row: number, out: Uint8Array, at: number) => number;

export function openRowEncoder({ table, plan, groups, keys, decimalsOf }: EncoderRequest): RowEncoder {
  const texts = groups.map(({ rows }) => toUnits(rows));
  const writers = plan.outputs.map(({ column, group, currency }): Write => {
    const { offset, end } = slotOf(table, groups[group] as Page, column.name);
    const { units, starts } = texts[group] as Units;
    const from = (row: number): number => Math.min((starts[row] as number) + offset, starts[row + 1] as number);
    const to = (row: number): number => Math.min((starts[row] as number) + end, starts[row + 1] as number);
    const text: Write = (row, out, at) => writeText(units, from(row), to(row), out, at);
    if (column.kind === 'text' || column.kind === 'digits') return text;
    if (column.kind === 'date')
      return (row, out, at) => (isBlank(units, from(row), to(row)) ? writeInitialDate(out, at) : text(row, out, at));
    const currencyOf = currency && currencyReader(table, groups[currency.group] as Page, currency.column.name);
    return (row, out, at) => {
      const decimals = currencyOf && decimalsOf(currencyOf(row));
      const next = writeNumber(units, from(row), to(row), out, at, decimals);
      if (next < 0) throw unreadable(table, column, groups, { group, row, keys });
      return next;
    };
  });
  const width = plan.outputs.reduce((sum, { column, group }) => {
    const { offset, end } = slotOf(table, groups[group] as Page, column.name);
    return sum + end - offset;
  }, 0);
  return {
    rows: groups[0]?.rows.length ?? 0,
    // Quotes, comma, and the zeros an amount may need before and after.
    mostBytes: 2 + width * mostBytesPerUnit + 30 * plan.outputs.length,
    write: (row, out, start) => {
      let at = start;
      out[at++] = 0x5b;
      for (let index = 0; index < writers.length; index++) {
        if (index > 0) out[at++] = 0x2c;
        at = (writers[index] as Write)(row, out, at);
      }
      out[at++] = 0x5d;
      return at;
    },
  };
}

interface Units {
  units: Uint16Array;
  /** Where each row begins, and behind the last one where it ends. */
  starts: Uint32Array;
}

function toUnits(rows: readonly string[]): Units {
  const starts = new Uint32Array(rows.length + 1);
  let length = 0;
  for (let row = 0; row < rows.length; row++) {
    starts[row] = length;
    length += (rows[row] as string).length;
  }
  starts[rows.length] = length;
  const bytes = Buffer.from(rows.join(''), 'utf16le');
  return { units: new Uint16Array(bytes.buffer, bytes.byteOffset, length), starts };
}

function currencyReader(table: string, page: Page, name: string): (row: number) => string {
  const { offset, end } = slotOf(table, page, name);
  return (row) => (page.rows[row] as string).slice(offset, end).trimEnd();
}

function isBlank(units: Uint16Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (units[index] !== 0x20) return false;
  return true;
}

function writeInitialDate(out: Uint8Array, at: number): number {
  out[at] = 0x22;
  out.fill(0x30, at + 1, at + 9);
  out[at + 9] = 0x22;
  return at + 10;
}

function unreadable(
  table: string,
  column: Column,
  groups: readonly Page[],
  where: { group: number; row: number; keys: KeyReader },
): SystemError {
  const page = groups[where.group] as Page;
  const { offset, end } = slotOf(table, page, column.name);
  const text = (page.rows[where.row] as string).slice(offset, end).trim();
  const key = where.keys.keyOf((groups[0] as Page).rows[where.row] as string).join('/');
  const isOverflow = text.includes('*');
  return new SystemError(
    isOverflow ? 'SAP_NUMBER_OVERFLOW' : 'SAP_NUMBER_UNREADABLE',
    'refused',
    `field ${column.name} of table ${table}, row ${key}: ${isOverflow ? 'the number is too long for its column in the read function' : `"${text}" is no number`}`,
    {
      fix: 'Leave the field out, or name another read function in agent.yaml (readFunction): BBP_RFC_READ_TABLE prints long numbers in full.',
    },
  );
}
