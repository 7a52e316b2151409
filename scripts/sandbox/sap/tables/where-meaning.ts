/** What a parsed WHERE clause says: a predicate on rows, and the range of the leading key field that an index can serve. */
import { kindOf, type FieldDefinition, type Row } from '../dictionary/index.ts';
import type { Expression, Operator } from './where.ts';

export type Predicate = (row: Row) => boolean;

/** Inclusive bounds; both missing when the clause does not restrict the field. */
export interface KeyRange {
  from?: string;
  to?: string;
}

export function predicateOf(expression: Expression): Predicate {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map(predicateOf);
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = expression.parts.map(predicateOf);
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = predicateOf(expression.part);
      return (row) => !part(row);
    }
    case 'compare': {
      const { field, op } = expression;
      const compare = comparator(field, expression.value);
      return (row) => holds(compare(row[field.name] ?? ''), op);
    }
    case 'between': {
      const { field } = expression;
      const [low, high] = [comparator(field, expression.low), comparator(field, expression.high)];
      return (row) => low(row[field.name] ?? '') >= 0 && high(row[field.name] ?? '') <= 0;
    }
    case 'in': {
      const { field } = expression;
      const compares = expression.values.map((value) => comparator(field, value));
      return (row) => compares.some((compare) => compare(row[field.name] ?? '') === 0);
    }
    case 'like': {
      const { name } = expression.field;
      const pattern = likePattern(expression.pattern);
      return (row) => pattern.test(row[name] ?? '');
    }
  }
}

/** Every row that the clause accepts has its leading key field in this range. */
export function keyRangeOf(expression: Expression | undefined, leadingKey: string | undefined): KeyRange {
  if (!expression || !leadingKey) return {};
  switch (expression.kind) {
    case 'and':
      return expression.parts.map((part) => keyRangeOf(part, leadingKey)).reduce(intersection, {});
    case 'or':
      return expression.parts.map((part) => keyRangeOf(part, leadingKey)).reduce(union);
    case 'compare':
      return expression.field.name === leadingKey
        ? rangeOfComparison(expression.op, trimmed(expression.value), expression.field.length)
        : {};
    case 'between':
      return expression.field.name === leadingKey ? { from: trimmed(expression.low), to: trimmed(expression.high) } : {};
    case 'in': {
      if (expression.field.name !== leadingKey) return {};
      const values = expression.values.map(trimmed).sort(byCodeUnits);
      return { from: values[0] as string, to: values.at(-1) as string };
    }
    case 'like':
    case 'not':
      return {};
  }
}

/** True when the range says all there is, so that no row needs a look: AND of `>=`, `<=`, `=` and BETWEEN on the leading key. */
export function isExactRange(expression: Expression | undefined, leadingKey: string): boolean {
  if (!expression) return true;
  if (expression.kind === 'and') return expression.parts.every((part) => isExactRange(part, leadingKey));
  if (expression.kind === 'between') return expression.field.name === leadingKey;
  return expression.kind === 'compare' && expression.field.name === leadingKey && expression.op !== '<>';
}

/** Texts as ABAP compares them: by code units, trailing blanks do not count. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function trimmed(value: string): string {
  return value.replace(/ +$/, '');
}

function rangeOfComparison(op: Operator, value: string, length: number): KeyRange {
  switch (op) {
    case '=':
      return { from: value, to: value };
    case '>':
      // Keys are padded, and the other key fields follow: behind all of them.
      return { from: `${value.padEnd(length)}\uffff` };
    case '>=':
      return { from: value };
    case '<':
      return { to: justBelow(value) };
    case '<=':
      return { to: value };
    case '<>':
      return {};
  }
}

/** No stored text lies between this and the value: texts have no trailing U+FFFF. */
function justBelow(value: string): string {
  if (value === '') return '';
  const last = value.charCodeAt(value.length - 1);
  return value.slice(0, -1) + (last === 0 ? '' : `${String.fromCharCode(last - 1)}\uffff`);
}

function intersection(a: KeyRange, b: KeyRange): KeyRange {
  const from = a.from === undefined || (b.from !== undefined && b.from > a.from) ? b.from : a.from;
  const to = a.to === undefined || (b.to !== undefined && b.to < a.to) ? b.to : a.to;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function union(a: KeyRange, b: KeyRange): KeyRange {
  return {
    ...(a.from === undefined || b.from === undefined ? {} : { from: a.from < b.from ? a.from : b.from }),
    ...(a.to === undefined || b.to === undefined ? {} : { to: a.to > b.to ? a.to : b.to }),
  };
}

function holds(order: number, op: Operator): boolean {
  switch (op) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}

/** Compares a stored value with the literal: numbers by amount, everything else as text. No conversion exit: `100001` finds nothing. */
function comparator(field: FieldDefinition, literal: string): (stored: string) => number {
  const kind = kindOf(field);
  if (kind !== 'packed' && kind !== 'integer') {
    const wanted = trimmed(literal);
    return (stored) => byCodeUnits(stored, wanted);
  }
  const decimals = Math.max(field.decimals ?? 0, literal.split('.')[1]?.length ?? 0);
  const wanted = scaled(literal.trim(), decimals);
  return (stored) => Number(scaled(stored, decimals) > wanted) - Number(scaled(stored, decimals) < wanted);
}

function scaled(number: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = number.split('.');
  if (!/^-?\d+$/.test(whole) || !/^\d*$/.test(fraction)) return 0n;
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** `%` is any text, `_` one character; trailing blanks of the stored value do not count. */
function likePattern(pattern: string): RegExp {
  const source = trimmed(pattern).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('%', '[^]*').replaceAll('_', '[^]')}$`, 'u');
}
