/** What a statement's parameters may be; a list stands where the text says `in ?*`. */
export type SqlValue = string | number | null | readonly (string | number)[];

export type Input = readonly (string | number | null)[];

/** A statement on its way to the database; `yield*` it for its result. Without that it is never run. */
export type Step<Result> = Iterable<Statement, Result, Answer>;

/** Statements one after the other, and what they come to: a job, or a part of one. */
export type Steps<Result> = Generator<Statement, Result, Answer>;

/**
 * Reads and writes in one transaction of its own. It may be run a second time, after a neighbour or the database made the first one void:
 * so it keeps what it learns in its return value only, and catches nothing.
 */
export type Job<Result> = (sql: Sql) => Steps<Result>;

/** Statements of a job, with `?` for each value, in words that SQLite and PostgreSQL share. */
export interface Sql {
  /** The first row. */
  get<Row>(text: string, ...values: SqlValue[]): Step<Row | undefined>;
  all<Row>(text: string, ...values: SqlValue[]): Step<Row[]>;
  run(text: string, ...values: SqlValue[]): Step<{ changes: number }>;
  /** A query of one row at most for each list of values; answers in their order. One round trip. */
  getEach<Row>(text: string, inputs: readonly Input[]): Step<(Row | undefined)[]>;
  /** `insert into … (…) values (…)`, once for each list of values. One round trip. */
  insertEach(text: string, inputs: readonly Input[]): Step<{ changes: number }>;
  /** Ends a query whose rows must stay as they are until the job's end; other jobs may read them meanwhile. */
  readonly forShare: '' | ' for share';
}

/** What a database that answers later gets to run. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** What it answered. */
export interface Answer {
  rows: readonly unknown[];
  changes: number;
}
