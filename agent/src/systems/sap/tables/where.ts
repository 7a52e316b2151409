import { SystemError, type Comparison, type Condition } from '@ml-connector/shared';
import { readableColumnOf, type Column, type TableLayout } from './dictionary.ts';

/** A line of OPTIONS holds 72 characters; the last one stays blank, so that lines never run together. */
export const lineLength = 71;
/** Longer OR lists end in the dump SAPSQL_STMNT_TOO_LARGE (facts/sap-ecc.md 2.1). */
export const termsPerRead = 50;
const mostTerms = 200;

/** An atom of a WHERE clause: a field name, an operator, a bracket or a whole literal. Never taken apart. */
export type Token = string;

const operators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=', LIKE: 'LIKE' } as const;

/** The conditions, joined by AND, as atoms. Names are those of the dictionary, values are checked by type and length. */
export function toTokens(conditions: readonly Condition[], layout: TableLayout): Token[] {
  const terms = conditions.reduce((sum, condition) => sum + countTerms(condition), 0);
  if (terms > mostTerms)
    throw refusal(`the condition on table ${layout.table} has ${terms} comparisons, ${mostTerms} are possible`, 'SAP_CONDITION_TOO_LONG');
  return join(
    conditions.map((condition) => tokensOf(condition, layout)),
    'AND',
  );
}

/** Lines for OPTIONS, at most 71 characters, broken between atoms only. */
export function toOptionLines(tokens: readonly Token[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const token of tokens) {
    if (token.length > lineLength)
      throw refusal(
        `a value of ${token.length - 2} characters is too long for a condition: ${token.slice(0, 40)}...`,
        'SAP_CONDITION_TOO_LONG',
      );
    if (line && line.length + 1 + token.length > lineLength) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${token}` : token;
  }
  return line ? [...lines, line] : lines;
}

/** ABAP literal: quotes doubled; an empty value is one blank. */
export function literal(value: string): Token {
  return value === '' ? "' '" : `'${value.replaceAll("'", "''")}'`;
}

/** Brackets around each part, so that AND and OR never mix. */
export function join(parts: readonly Token[][], word: 'AND' | 'OR'): Token[] {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length <= 1) return filled[0] ?? [];
  return filled.flatMap((part, index) => [...(index === 0 ? [] : [word]), ...bracketed(part)]);
}

function bracketed(part: Token[]): Token[] {
  return part.length > 3 ? ['(', ...part, ')'] : part;
}

function tokensOf(condition: Condition, layout: TableLayout): Token[] {
  if ('allOf' in condition)
    return join(
      condition.allOf.map((one) => tokensOf(one, layout)),
      'AND',
    );
  if ('anyOf' in condition)
    return join(
      condition.anyOf.map((one) => tokensOf(one, layout)),
      'OR',
    );
  return comparisonTokens(condition, layout);
}

function comparisonTokens(comparison: Comparison, layout: TableLayout): Token[] {
  const column = readableColumnOf(layout, comparison.field);
  if (comparison.op !== 'IN')
    return [column.name, operators[comparison.op], checkedLiteral(comparison.value, column, comparison.op, layout)];
  return join(
    [...new Set(comparison.values)].map((value) => [column.name, '=', checkedLiteral(value, column, 'EQ', layout)]),
    'OR',
  );
}

const numberPattern = /^-?\d{1,31}(\.\d{1,14})?$/;

function checkedLiteral(value: string, column: Column, op: string, layout: TableLayout): Token {
  const wrong = problemOf(value, column, op);
  if (wrong) throw refusal(`value ${JSON.stringify(value.slice(0, 60))} for ${layout.table}-${column.name}: ${wrong}`);
  return literal(value);
}

function problemOf(value: string, column: Column, op: string): string | undefined {
  if (/\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}/u.test(value)) return 'contains a control character';
  if (op === 'LIKE') {
    if (column.kind !== 'text' && column.kind !== 'digits') return `LIKE works on texts, not on type ${column.dataType}`;
    return value.length > column.length * 2 ? `pattern longer than twice the field (${column.length})` : undefined;
  }
  switch (column.kind) {
    case 'text':
      return value.length > column.length ? `longer than the field (${column.length})` : undefined;
    case 'date':
      return /^\d{8}$/.test(value) ? undefined : 'a date is 8 digits, YYYYMMDD';
    case 'digits':
      return new RegExp(`^\\d{${column.length}}$`).test(value) ? undefined : `needs ${column.length} digits, padded with zeros`;
    case 'number':
    case 'amount':
      return numberPattern.test(value) ? undefined : 'not a plain decimal number';
    case undefined:
      return `type ${column.dataType} cannot be compared`;
  }
}

function countTerms(condition: Condition): number {
  if ('allOf' in condition) return condition.allOf.reduce((sum, one) => sum + countTerms(one), 0);
  if ('anyOf' in condition) return condition.anyOf.reduce((sum, one) => sum + countTerms(one), 0);
  return condition.op === 'IN' ? new Set(condition.values).size : 1;
}

function refusal(message: string, code = 'SAP_CONDITION_INVALID'): SystemError {
  return new SystemError(code, 'refused', message);
}
