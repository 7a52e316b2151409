import { SystemError } from '@ml-connector/shared';
import { compareNumbers, toPlainNumber } from './amounts.ts';
import type { Column } from './dictionary.ts';
import type { Key } from './key.ts';

/** Where a column stands in the rows of one answer, as FIELDS says. */
export interface Slot {
  offset: number;
  end: number;
}

/** Rows of one read call, as SAP sent them: trailing blanks may be missing. */
export interface Page {
  rows: string[];
  slots: ReadonlyMap<string, Slot>;
}

/** Reads the key of a row; rows of every group begin with it. */
export interface KeyReader {
  /** The key's characters, padded: equal for equal keys, and cheap. */
  prefixOf(row: string): string;
  keyOf(row: string): Key;
  /** Below zero when the key of `a` comes first. */
  compare: (a: string, b: string) => number;
}

export function openKeyReader(table: string, key: readonly Column[], page: Page): KeyReader {
  const slots = key.map((column) => slotOf(table, page, column.name));
  const end = slots.at(-1)?.end ?? 0;
  const prefixOf = (row: string): string => (row.length >= end ? row.slice(0, end) : row.padEnd(end));
  const numeric = key.map((column) => column.kind === 'number' || column.kind === 'amount');
  const valueAt = (row: string, index: number): string => {
    const { offset, end: slotEnd } = slots[index] as Slot;
    const text = row.slice(offset, slotEnd).replace(/ +$/, '');
    return numeric[index] ? (toPlainNumber(text) ?? text) : text;
  };
  const keyOf = (row: string): Key => key.map((_, index) => valueAt(row, index));
  const compareTexts = (a: string, b: string): number => {
    const [left, right] = [prefixOf(a), prefixOf(b)];
    return left < right ? -1 : Number(left > right);
  };
  const compareFields = (a: string, b: string): number => {
    for (const index of key.keys()) {
      const [left, right] = [valueAt(a, index), valueAt(b, index)];
      const order = numeric[index] ? compareNumbers(left, right) : left < right ? -1 : Number(left > right);
      if (order !== 0) return order;
    }
    return 0;
  };
  return { prefixOf, keyOf, compare: numeric.includes(true) ? compareFields : compareTexts };
}

export function slotOf(table: string, page: Page, name: string): Slot {
  const slot = page.slots.get(name);
  if (slot) return slot;
  throw new SystemError('SAP_ANSWER_INVALID', 'refused', `the read function left out field ${name} of table ${table}`);
}
