import { SystemError } from '@ml-connector/shared';
import type { Column, TableLayout } from './dictionary.ts';
import { join, literal, type Token } from './where.ts';

/** Values of the key fields, in key order, without the client. */
export type Key = readonly string[];

/**
 * `KEY > last` for a key of several fields: K1 >= a AND ( K1 > a OR ( K1 = a AND ( K2 > b OR ... ) ) ). The first part says
 * nothing new, but lets the database begin in its index.
 */
export function above(layout: TableLayout, last: Key): Token[] {
  const [first] = layout.key;
  if (!first) return [];
  const exact = compareFrom(layout, last, 0, '>');
  return layout.key.length === 1 ? exact : join([[first.name, '>=', literal(last[0] ?? '')], exact], 'AND');
}

/** `KEY <= last`, the same way. */
export function upTo(layout: TableLayout, last: Key): Token[] {
  const [first] = layout.key;
  if (!first) return [];
  const exact = compareFrom(layout, last, 0, '<=');
  return layout.key.length === 1 ? exact : join([[first.name, '<=', literal(last[0] ?? '')], exact], 'AND');
}

/** Exactly this row. */
export function equals(layout: TableLayout, key: Key): Token[] {
  return join(
    layout.key.map((column, index) => [column.name, '=', literal(key[index] ?? '')]),
    'AND',
  );
}

/**
 * A key given from outside: as many values as the table has key fields, each of its field's length. The read must return the key fields,
 * as going on after a value tells what is in the field: the policy allowed what is read, and knows no keys.
 */
export function checkKey(layout: TableLayout, key: Key, fields: readonly string[]): void {
  if (key.length !== layout.key.length)
    throw new SystemError(
      'SAP_KEY_INVALID',
      'refused',
      `afterKey has ${key.length} values, table ${layout.table} has ${layout.key.length} key fields: ${layout.key.map(({ name }) => name).join(', ')}`,
    );
  const unread = layout.key.filter(({ name }) => !fields.includes(name)).map(({ name }) => name);
  if (unread.length > 0)
    throw new SystemError(
      'SAP_KEY_INVALID',
      'refused',
      `afterKey needs key fields of ${layout.table} that are not read: ${unread.join(', ')}`,
      {
        fix: 'Add them to fields.',
      },
    );
  for (const [index, column] of layout.key.entries()) {
    const value = key[index] ?? '';
    if (value.length > Math.max(column.length, column.width) || /\p{Cc}/u.test(value))
      throw new SystemError(
        'SAP_KEY_INVALID',
        'refused',
        `afterKey: value ${JSON.stringify(value)} does not fit ${layout.table}-${column.name}`,
      );
  }
}

function compareFrom(layout: TableLayout, key: Key, index: number, op: '>' | '<='): Token[] {
  const column = layout.key[index] as Column;
  const value = literal(key[index] ?? '');
  if (index === layout.key.length - 1) return [column.name, op, value];
  const rest = compareFrom(layout, key, index + 1, op);
  return join([[column.name, op === '>' ? '>' : '<', value], join([[column.name, '=', value], rest], 'AND')], 'OR');
}
