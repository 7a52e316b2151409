/**
 * The WHERE clauses of OPTIONS: a small Open SQL. Tokens stand apart by blanks, except brackets and commas; a line never ends inside a
 * literal. Anything else is refused, as the real parser would.
 */
import type { FieldDefinition, StructureDefinition } from '../dictionary/index.ts';

export type Operator = '=' | '<>' | '<' | '>' | '<=' | '>=';

export type Expression =
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'compare'; field: FieldDefinition; op: Operator; value: string }
  | { kind: 'like'; field: FieldDefinition; pattern: string }
  | { kind: 'in'; field: FieldDefinition; values: string[] }
  | { kind: 'between'; field: FieldDefinition; low: string; high: string };

export class WhereError extends Error {
  override readonly name = 'WhereError';
}

const operators: Record<string, Operator> = {
  '=': '=',
  EQ: '=',
  '<>': '<>',
  NE: '<>',
  '<': '<',
  LT: '<',
  '>': '>',
  GT: '>',
  '<=': '<=',
  LE: '<=',
  '>=': '>=',
  GE: '>=',
};

interface Token {
  text: string;
  isLiteral: boolean;
}

/** undefined when there is nothing but blanks. Throws WhereError. */
export function parseWhere(lines: readonly string[], table: StructureDefinition): Expression | undefined {
  const tokens = lines.flatMap(tokensOf);
  if (tokens.length === 0) return undefined;
  return new Parser(tokens, table).whole();
}

/** How many literals a clause compares with; very long ones are a short dump on a real system. */
export function countTerms(expression: Expression | undefined): number {
  if (!expression) return 0;
  if (expression.kind === 'and' || expression.kind === 'or') return expression.parts.reduce((sum, part) => sum + countTerms(part), 0);
  if (expression.kind === 'not') return countTerms(expression.part);
  return expression.kind === 'in' ? expression.values.length : 1;
}

const tokenPattern = /\s*(?:(?<=^|[\s(,])'((?:[^']|'')*)'(?![^\s,)(])|([(),])|([^\s'(),]+))/y;

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  const end = line.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(line);
    if (!match) throw new WhereError(`not understood at "${line.slice(at, at + 20)}"`);
    const [, literal, bracket, word] = match;
    if (literal === undefined) tokens.push({ text: bracket ?? word ?? '', isLiteral: false });
    else tokens.push({ text: literal.replaceAll("''", "'"), isLiteral: true });
  }
  return tokens;
}

class Parser {
  private readonly tokens: Token[];
  private readonly table: StructureDefinition;
  private at = 0;

  constructor(tokens: Token[], table: StructureDefinition) {
    this.tokens = tokens;
    this.table = table;
  }

  whole(): Expression {
    const expression = this.alternatives();
    if (this.at < this.tokens.length) throw new WhereError(`"${this.tokens[this.at]?.text}" is left over`);
    return expression;
  }

  private alternatives(): Expression {
    const parts = [this.conjunction()];
    while (this.take('OR')) parts.push(this.conjunction());
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'or', parts };
  }

  private conjunction(): Expression {
    const parts = [this.factor()];
    while (this.take('AND')) parts.push(this.factor());
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'and', parts };
  }

  private factor(): Expression {
    if (this.take('NOT')) return { kind: 'not', part: this.factor() };
    if (!this.take('(')) return this.comparison();
    const inner = this.alternatives();
    this.expect(')');
    return inner;
  }

  private comparison(): Expression {
    const field = this.field();
    if (this.take('NOT')) return { kind: 'not', part: this.keywordComparison(field, this.next()) };
    const token = this.next();
    const op = token.isLiteral ? undefined : operators[token.text.toUpperCase()];
    return op ? { kind: 'compare', field, op, value: this.value() } : this.keywordComparison(field, token);
  }

  private keywordComparison(field: FieldDefinition, { text, isLiteral }: Token): Expression {
    const keyword = isLiteral ? '' : text.toUpperCase();
    if (keyword === 'LIKE') return { kind: 'like', field, pattern: this.value() };
    if (keyword === 'IN') return { kind: 'in', field, values: this.list() };
    if (keyword !== 'BETWEEN') throw new WhereError(`"${text}" is no operator`);
    const low = this.value();
    this.expect('AND');
    return { kind: 'between', field, low, high: this.value() };
  }

  private list(): string[] {
    this.expect('(');
    const values = [this.value()];
    while (this.take(',')) values.push(this.value());
    this.expect(')');
    return values;
  }

  private field(): FieldDefinition {
    const { text, isLiteral } = this.next();
    const field = isLiteral ? undefined : this.table.fields.find(({ name }) => name === text.toUpperCase());
    if (!field) throw new WhereError(`"${text}" is no field of ${this.table.name}`);
    return field;
  }

  private value(): string {
    const { text, isLiteral } = this.next();
    if (!isLiteral && !/^-?\d+$/.test(text)) throw new WhereError(`"${text}" is no value`);
    return text;
  }

  private next(): Token {
    const token = this.tokens[this.at++];
    if (!token) throw new WhereError('ends too early');
    return token;
  }

  private take(word: string): boolean {
    const token = this.tokens[this.at];
    if (!token || token.isLiteral || token.text.toUpperCase() !== word) return false;
    this.at++;
    return true;
  }

  private expect(word: string): void {
    if (!this.take(word)) throw new WhereError(`"${word}" is missing`);
  }
}
