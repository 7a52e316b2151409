import { compareValues, justified, valueOf, type Column, type JdeTable, type Row } from '../data/index.ts';
import { textOf } from '../scalar.ts';
import { readUserDate, shiftDate } from './dates.ts';
import { QueryRefusal } from './refusal.ts';

/** What a literal means to the signed-on user. */
export interface UserView {
  user: string;
  /** `YYYYMMDD` on the server. */
  today: string;
  simpleDateFormat: string;
  decimalFormat: string;
}

export interface Condition {
  column: Column;
  operator: Operator;
  /** As stored; undefined where the text means nothing for such a column, which then matches no row. */
  values: (string | undefined)[];
}
export type Predicate = (row: Row) => boolean;

const operators = [
  'EQUAL',
  'NOT_EQUAL',
  'LESS',
  'LESS_EQUAL',
  'GREATER',
  'GREATER_EQUAL',
  'BETWEEN',
  'LIST',
  'STR_START_WITH',
  'STR_END_WITH',
  'STR_CONTAIN',
  'STR_BLANK',
  'STR_NOT_BLANK',
] as const;
export type Operator = (typeof operators)[number];

/** One element of `condition[]`; throws QueryRefusal. */
export function readCondition(sent: unknown, table: JdeTable, view: UserView): Condition {
  const { controlId, operator, value } = (sent ?? {}) as { controlId?: unknown; operator?: unknown; value?: unknown };
  const column = prefixedColumn(textOf(controlId), table);
  const known = operators.find((one) => one === operator);
  if (!known) throw new QueryRefusal(`Invalid operator ${textOf(operator)}`);
  const contents = (Array.isArray(value) ? value : []) as { content?: unknown; specialValueId?: unknown }[];
  const least = known === 'BETWEEN' ? 2 : known.endsWith('BLANK') ? 0 : 1;
  if (contents.length < least) throw new QueryRefusal(`Condition on ${textOf(controlId)} has too few values`);
  const isPattern = known.startsWith('STR_');
  return { column, operator: known, values: contents.map((one) => meaning(one, { column, isPattern, view })) };
}

/** `F4311.DOCO`: without its table it is refused here, though not in returnControlIDs (facts/jde-ais.md 3.1). */
export function prefixedColumn(controlId: string, table: JdeTable): Column {
  const [name, alias = ''] = controlId.split('.');
  if (name !== table.definition.name) throw new QueryRefusal(`Invalid control ID ${controlId} for ${table.definition.name}`);
  const column = table.column(alias);
  if (!column) throw new QueryRefusal(`Column ${alias} is not in ${table.definition.name}`);
  return column;
}

interface Target {
  column: Column;
  isPattern: boolean;
  view: UserView;
}

function meaning(value: { content?: unknown; specialValueId?: unknown }, target: Target): string | undefined {
  const content = textOf(value.content);
  const special = textOf(value.specialValueId) || 'LITERAL';
  if (special === 'LITERAL') return literal(content, target);
  if (special === 'LOGIN_USER') return target.view.user;
  return specialDate(special, content, target.view.today);
}

function literal(content: string, { column, isPattern, view }: Target): string | undefined {
  switch (column.kind) {
    case 'number':
    case 'time': {
      const [, whole, , fraction] = (view.decimalFormat === ',' ? /^(-?\d+)(,(\d+))?$/ : /^(-?\d+)(\.(\d+))?$/).exec(content.trim()) ?? [];
      if (whole === undefined) return undefined;
      return fraction === undefined ? whole : `${whole}.${fraction}`;
    }
    case 'date':
      return content.trim() === '' ? '' : readUserDate(content, view.simpleDateFormat);
    case 'text':
      if (isPattern) return content;
      return column.isRightJustified ? justified(column, content) : content.trimEnd();
  }
}

function specialDate(special: string, content: string, today: string): string {
  if (special === 'TODAY') return today;
  const [, sign, unit] = /^TODAY_(PLUS|MINUS)_(DAY|MONTH|YEAR)$/.exec(special) ?? [];
  if (!unit || !/^\d+$/.test(content)) throw new QueryRefusal(`Invalid special value ${special} ${content}`);
  const count = Number(content) * (sign === 'MINUS' ? -1 : 1);
  return shiftDate(today, unit === 'DAY' ? { days: count } : { months: unit === 'YEAR' ? count * 12 : count });
}

export function predicateOf({ column, operator, values }: Condition): Predicate {
  const [first, second] = values;
  const compared = (holds: (order: number) => boolean): Predicate =>
    first === undefined ? () => false : (row) => holds(compareValues(column, valueOf(row, column), first));
  switch (operator) {
    case 'EQUAL':
      return compared((order) => order === 0);
    case 'NOT_EQUAL':
      return compared((order) => order !== 0);
    case 'LESS':
      return compared((order) => order < 0);
    case 'LESS_EQUAL':
      return compared((order) => order <= 0);
    case 'GREATER':
      return compared((order) => order > 0);
    case 'GREATER_EQUAL':
      return compared((order) => order >= 0);
    case 'BETWEEN':
      if (first === undefined || second === undefined) return () => false;
      return (row) => {
        const value = valueOf(row, column);
        return compareValues(column, value, first) >= 0 && compareValues(column, value, second) <= 0;
      };
    case 'LIST': {
      const canonical = (value: string): string => (column.kind === 'number' ? String(Number(value)) : value);
      const wanted = new Set(values.flatMap((value) => (value === undefined ? [] : [canonical(value)])));
      return (row) => wanted.has(canonical(valueOf(row, column)));
    }
    // Patterns see what is stored, the blanks in front of MCU included.
    case 'STR_START_WITH':
      return (row) => valueOf(row, column).startsWith(first ?? '');
    case 'STR_END_WITH':
      return (row) => valueOf(row, column).endsWith(first ?? '');
    case 'STR_CONTAIN':
      return (row) => valueOf(row, column).includes(first ?? '');
    case 'STR_BLANK':
      return (row) => valueOf(row, column).trim() === '';
    case 'STR_NOT_BLANK':
      return (row) => valueOf(row, column).trim() !== '';
  }
}
