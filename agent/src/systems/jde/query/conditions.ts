import { SystemError, type JdeComparison, type JdeCondition } from '@ml-connector/shared';
import { qualified } from './columns.ts';
import { toUserDate, toUserDecimal, type UserFormats } from './literals.ts';

/** One condition as AIS takes it (facts/jde-ais.md 3.1). */
export interface AisCondition {
  controlId: string;
  operator: string;
  value: { content: string; specialValueId: string }[];
}

export interface AisQuery {
  autoFind: true;
  matchType?: 'MATCH_ALL';
  condition?: AisCondition[];
  complexQuery?: { query: { matchType: 'MATCH_ALL' | 'MATCH_ANY'; condition: AisCondition[] }; andOr: 'AND' }[];
}

export interface ConditionRules {
  table: string;
  formats: UserFormats;
  /** Digits the decimal point of a column was moved by on the way to the caller; its literals are moved back. */
  decimals: Readonly<Record<string, number>>;
}

/** All conditions must hold; undefined where there are none. */
export function toQuery(where: readonly JdeCondition[], more: readonly AisCondition[], rules: ConditionRules): AisQuery | undefined {
  const plain = [...where.flatMap((one) => ('anyOf' in one ? [] : [toCondition(one, rules)])), ...more];
  const choices = where.flatMap((one) => ('anyOf' in one ? [one.anyOf.map((choice) => toCondition(choice, rules))] : []));
  if (choices.length === 0) return plain.length === 0 ? undefined : { autoFind: true, matchType: 'MATCH_ALL', condition: plain };
  const all = plain.length === 0 ? [] : [{ query: { matchType: 'MATCH_ALL' as const, condition: plain }, andOr: 'AND' as const }];
  const any = choices.map((condition) => ({ query: { matchType: 'MATCH_ANY' as const, condition }, andOr: 'AND' as const }));
  return { autoFind: true, complexQuery: [...all, ...any] };
}

/** Rows above this value, as it came from AIS. */
export function above(controlId: string, content: string): AisCondition {
  return { controlId, operator: 'GREATER', value: [literal(content)] };
}

const operators = { EQ: 'EQUAL', NE: 'NOT_EQUAL', LT: 'LESS', LE: 'LESS_EQUAL', GT: 'GREATER', GE: 'GREATER_EQUAL' } as const;

function toCondition(comparison: JdeComparison, rules: ConditionRules): AisCondition {
  const controlId = qualified(rules.table, comparison.field);
  switch (comparison.op) {
    case 'IN': {
      const value = comparison.values.map((one) => literal(toLiteral(one, controlId, rules)));
      return { controlId, operator: value.length === 1 ? 'EQUAL' : 'LIST', value };
    }
    case 'SINCE_DAYS_AGO':
      return { controlId, operator: 'GREATER_EQUAL', value: [{ content: String(comparison.days), specialValueId: 'TODAY_MINUS_DAY' }] };
    case 'ON_OR_AFTER':
    case 'ON_OR_BEFORE': {
      const operator = comparison.op === 'ON_OR_AFTER' ? 'GREATER_EQUAL' : 'LESS_EQUAL';
      return { controlId, operator, value: [literal(toUserDate(comparison.date, rules.formats))] };
    }
    case 'EQ':
    case 'NE':
    case 'LT':
    case 'LE':
    case 'GT':
    case 'GE': {
      const { op, value } = comparison;
      // A blank has operators of its own, which look at no value but want one.
      if (value.trim() === '' && op === 'EQ') return { controlId, operator: 'STR_BLANK', value: [literal('')] };
      if (value.trim() === '' && op === 'NE') return { controlId, operator: 'STR_NOT_BLANK', value: [literal('')] };
      return { controlId, operator: operators[op], value: [literal(toLiteral(value, controlId, rules))] };
    }
  }
}

function literal(content: string): AisCondition['value'][number] {
  // An empty text is NULL to some databases, and JD Edwards stores a blank.
  return { content: content === '' ? ' ' : content, specialValueId: 'LITERAL' };
}

function toLiteral(value: string, controlId: string, { formats, decimals }: ConditionRules): string {
  if (/\p{Cc}/u.test(value))
    throw new SystemError('JDE_REQUEST_INVALID', 'refused', `the value compared with ${controlId} holds a control character`);
  return toUserDecimal(value, -(decimals[controlId] ?? 0), formats);
}
