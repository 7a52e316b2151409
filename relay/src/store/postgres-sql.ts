import type { Answer, Input, Sql, SqlValue, Statement, Step } from './job.ts';
import { withVisibleNul } from './visible-nul.ts';

/** A query of `pg`, prepared on each connection under its name. */
export interface NamedQuery {
  name: string;
  text: string;
  values: readonly unknown[];
}

/** The statements of jobs in PostgreSQL's words. */
export function postgresSql(): Sql {
  return {
    get: <Row>(text: string, ...values: SqlValue[]) => step({ text, values }, ({ rows }) => rows[0] as Row | undefined),
    all: <Row>(text: string, ...values: SqlValue[]) => step({ text, values }, ({ rows }) => rows as Row[]),
    run: (text, ...values) => step({ text, values }, ({ changes }) => ({ changes })),
    getEach: <Row>(text: string, inputs: readonly Input[]) => getEach<Row>(text, inputs),
    insertEach,
    forShare: ' for share',
  };
}

/** Makes queries of statements; every text gets one name for the life of the process. */
export function queryNames(): (statement: Statement) => NamedQuery {
  const known = new Map<string, { name: string; text: string }>();
  return ({ text, values }) => {
    let made = known.get(text);
    if (!made) known.set(text, (made = { name: `job_${known.size}`, text: numbered(text) }));
    return { ...made, values: values.map(withVisibleNul) };
  };
}

// `in ?*` takes a list, any other `?` a value.
function numbered(text: string): string {
  let place = 0;
  return text.replace(/\bin \?\*|\?/g, (sign) => (sign === '?' ? `$${++place}` : `= any ($${++place})`));
}

function step<Result>(statement: Statement, read: (answer: Answer) => Result): Step<Result> {
  return {
    *[Symbol.iterator]() {
      return read(yield statement);
    },
  };
}

/** A step that needs no statement. */
function done<Result>(value: Result): Step<Result> {
  return { [Symbol.iterator]: () => ({ next: () => ({ done: true, value }) }) };
}

function getEach<Row>(text: string, inputs: readonly Input[]): Step<(Row | undefined)[]> {
  if (inputs.length === 0) return done([]);
  if (inputs.length === 1) return step({ text, values: inputs[0] ?? [] }, ({ rows }) => [rows[0] as Row | undefined]);
  const columns = columnsOf(inputs);
  let place = 0;
  const query = text.replaceAll('?', () => columns[place++]?.name ?? 'null');
  return step(
    {
      text: `select input.input_place, found.* from unnest(${arrays(columns)}) with ordinality as input (${names(columns)}, input_place)
             cross join lateral (${query}) as found`,
      values: columns.map(({ values }) => values),
    },
    ({ rows }) => {
      const found: (Row | undefined)[] = inputs.map(() => undefined);
      for (const row of rows as (Row & { input_place: number })[]) found[row.input_place - 1] = row;
      return found;
    },
  );
}

function insertEach(text: string, inputs: readonly Input[]): Step<{ changes: number }> {
  if (inputs.length === 0) return done({ changes: 0 });
  if (inputs.length === 1) return step({ text, values: inputs[0] ?? [] }, ({ changes }) => ({ changes }));
  const columns = columnsOf(inputs);
  let place = 0;
  const from = `from unnest(${arrays(columns)}) as input (${names(columns)})`;
  const many = text.replace(/values \(([^()]*)\)/, (_all, list: string) => {
    return `select ${list.replaceAll('?', () => columns[place++]?.name ?? 'null')} ${from}`;
  });
  return step({ text: many, values: columns.map(({ values }) => values) }, ({ changes }) => ({ changes }));
}

interface Column {
  name: string;
  type: 'text' | 'bigint';
  values: (string | number | null)[];
}

function columnsOf(inputs: readonly Input[]): Column[] {
  return (inputs[0] ?? []).map((_first, place) => {
    const values = inputs.map((input) => input[place] ?? null);
    const type = values.some((value) => typeof value === 'number') ? 'bigint' : 'text';
    return { name: `v${place + 1}`, type, values };
  });
}

function arrays(columns: readonly Column[]): string {
  return columns.map(({ type }) => `?::${type}[]`).join(', ');
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(', ');
}
