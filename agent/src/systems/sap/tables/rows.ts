import { SystemError } from '@ml-connector/shared';
import { compareNumbers, toPlainNumber, toRealAmount } from './amounts.ts';
import type { Column, ColumnKind } from './dictionary.ts';
import type { Key } from './key.ts';
import type { ReadPlan } from './plan.ts';

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

/** Turns the rows of one or more groups (one string per group) into a JSON array of texts. */
export interface RowDecoder {
  toJson(parts: readonly string[]): string;
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
    const text = trimmed(row, offset, slotEnd);
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

type Take = (parts: readonly string[]) => string;

/** `decimalsOf` answers the decimals of a currency (TCURX). Pages in the order of the plan's groups. */
export function openDecoder(
  table: string,
  plan: ReadPlan,
  pages: readonly Page[],
  keys: KeyReader,
  decimalsOf: (currency: string) => number,
): RowDecoder {
  const slotIn = (group: number, name: string): Slot => slotOf(table, pages[group] as Page, name);
  const takes = plan.outputs.map(({ column, group, currency }): Take => {
    const { offset, end } = slotIn(group, column.name);
    const text: Take = (parts) => trimmed(parts[group] as string, offset, end);
    if (column.kind === 'text' || column.kind === 'digits') return text;
    if (column.kind === 'date') return (parts) => text(parts) || '00000000';
    const number: Take = (parts) => {
      const plain = toPlainNumber(text(parts));
      if (plain === undefined) throw unreadable(table, column, text(parts), keys.keyOf(parts[0] as string));
      return plain;
    };
    if (!currency) return number;
    const at = slotIn(currency.group, currency.column.name);
    return (parts) => toRealAmount(number(parts), decimalsOf(trimmed(parts[currency.group] as string, at.offset, at.end)));
  });
  const count = takes.length;
  const toJson = (parts: readonly string[]): string => {
    const values = Array.from<string>({ length: count });
    for (let index = 0; index < count; index++) values[index] = (takes[index] as Take)(parts);
    return JSON.stringify(values);
  };
  return { toJson };
}

/** The characters of a slot without trailing blanks; a row that SAP sent shorter is blank there. */
function trimmed(row: string, offset: number, end: number): string {
  let last = Math.min(end, row.length);
  while (last > offset && row.charCodeAt(last - 1) === 32) last--;
  return last > offset ? row.slice(offset, last) : '';
}

function slotOf(table: string, page: Page, name: string): Slot {
  const slot = page.slots.get(name);
  if (slot) return slot;
  throw new SystemError('SAP_ANSWER_INVALID', 'refused', `the read function left out field ${name} of table ${table}`);
}

function unreadable(table: string, column: Column & { kind: ColumnKind }, text: string, key: Key): SystemError {
  const overflow = text.includes('*');
  return new SystemError(
    overflow ? 'SAP_NUMBER_OVERFLOW' : 'SAP_NUMBER_UNREADABLE',
    'refused',
    `field ${column.name} of table ${table}, row ${key.join('/')}: ${overflow ? 'the number is too long for its column in the read function' : `"${text}" is no number`}`,
    {
      fix: 'Leave the field out, or name another read function in agent.yaml (readFunction): BBP_RFC_READ_TABLE prints long numbers in full.',
    },
  );
}
