import {
  fromWireError,
  jdeCall,
  jdePresets,
  jdeQuery,
  type JdeCall,
  type JdeChunk,
  type JdeComparison,
  type JdeCondition,
  type JdeInfo,
  type JdeNeeds,
  type JdeQuery,
  type SystemError,
} from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';

export type JdeTables = Record<string, Record<string, string>[]>;

export interface FakeJde {
  agents: AgentCalls;
  tables: JdeTables;
  /** The server's today, `YYYYMMDD`. */
  today: string;
  info: JdeInfo;
  /** Columns that column security leaves out, `F0101.TAX`. */
  withheld: Set<string>;
  /** Columns that the release does not have: naming one is an error. */
  absent: Set<string>;
  /** Tables whose queries are answered without rows, as a confused server does. */
  emptyAnswers: Set<string>;
  /** Values that the agent's policy allows, by `F0901.CO`: every query of the table has to say them. */
  allowedRows: Map<string, string[]>;
  /** Every query so far. */
  queries: JdeQuery[];
  /** Called before each chunk of a query; throws to break the stream there. */
  beforeChunk: (query: JdeQuery, rowsSent: number) => void;
}

const rowsPerChunk = 3;
/** Compared as numbers; all others as texts. */
const numeric = new Set(['AN8', 'DOCO', 'LNID', 'IDLN', 'CNLN', 'RCK7', 'ITM']);
/** What the agent's policy allows. */
const presets: readonly JdeNeeds[] = Object.values(jdePresets);

/** An agent and an AIS server behind it, in memory: tables by rows, conditions, key order. Refuses what the flows' presets do not allow. */
export function fakeJde(tables: JdeTables): FakeJde {
  const fake: FakeJde = {
    tables,
    today: '20250304',
    info: {
      environment: 'JPD920',
      role: '*ALL',
      user: 'CONNSVC',
      aisVersion: 'EnterpriseOne 9.2.8.3',
      timeZoneOffset: 'UTC+00:00',
      dateFormat: 'dd/MM/yyyy',
      decimalFormat: '.',
      cachesByDefault: false,
    },
    withheld: new Set(),
    absent: new Set(),
    emptyAnswers: new Set(),
    allowedRows: new Map(),
    queries: [],
    beforeChunk: () => undefined,
    agents: {
      async call<Answer>(_target: unknown, operation: string, request: unknown): Promise<Answer> {
        await Promise.resolve();
        if (operation !== 'JdeCall') throw new Error(`the fake has no ${operation}`);
        return answer(fake, jdeCall.parse(request)) as Answer;
      },
      async *stream<Chunk, End>(_target: unknown, operation: string, request: unknown): AsyncGenerator<Chunk, End, void> {
        await Promise.resolve();
        if (operation !== 'JdeQuery') throw new Error(`the fake has no ${operation}`);
        return yield* read(fake, jdeQuery.parse(request)) as Generator<Chunk, End, void>;
      },
    },
  };
  return fake;
}

/** An error as it arrives from the tunnel. */
export function tunnelError(code: string, verdict: SystemError['verdict']): SystemError {
  return fromWireError({ code, verdict, message: `simulated ${code}` });
}

function answer(fake: FakeJde, call: JdeCall): unknown {
  if (call.service === 'info') return fake.info;
  if (call.service === 'count') return { count: selected(fake, call).length };
  throw tunnelError('POLICY_DENIED', 'refused');
}

function* read(fake: FakeJde, request: JdeQuery): Generator<JdeChunk, unknown, void> {
  fake.queries.push(request);
  checkPolicy(request);
  checkRows(fake, request);
  const absent = request.fields.filter((field) => fake.absent.has(`${request.table}.${field}`));
  if (absent.length > 0)
    throw fromWireError({
      code: 'JDE_TABLE_OR_COLUMN',
      verdict: 'refused',
      message: `AIS cannot read that: Column ${absent[0]} is not in ${request.table}`,
    });
  const { table, key, afterFirstKey, maxRows } = request;
  const [firstKey = ''] = key;
  const rows = selected(fake, request)
    .filter((row) => afterFirstKey === undefined || compare(firstKey, row[firstKey] ?? '', afterFirstKey) > 0)
    .toSorted((one, other) => key.reduce((result, field) => result || compare(field, one[field] ?? '', other[field] ?? ''), 0));
  const keys = new Set(rows.map((row) => key.map((field) => row[field]).join('|')));
  if (keys.size < rows.length) throw new Error(`${key.join(', ')} is no key of ${table}`);
  // The order of an answer's fields is the agent's business.
  const fields = request.fields.toReversed().filter((field) => !fake.withheld.has(`${table}.${field}`));
  const sent = fake.emptyAnswers.has(table) ? [] : rows.slice(0, maxRows);
  for (let start = 0; start < sent.length; start += rowsPerChunk) {
    fake.beforeChunk(request, start);
    yield { fields, rows: sent.slice(start, start + rowsPerChunk).map((row) => fields.map((field) => row[field] ?? '')) };
  }
  fake.beforeChunk(request, sent.length);
  return { rows: sent.length, calls: 1 };
}

function selected(fake: FakeJde, { table, where }: { table: string; where: JdeCondition[] }): Record<string, string>[] {
  const rows = fake.tables[table] ?? [];
  return rows.filter((row) =>
    where.every((condition) => ('anyOf' in condition ? condition.anyOf : [condition]).some((one) => holds(fake, row, one))),
  );
}

function checkPolicy({ table, fields, key, where }: JdeQuery): void {
  const compared = where.flatMap((condition) => ('anyOf' in condition ? condition.anyOf : [condition])).map(({ field }) => field);
  const denied = [...fields, ...compared].filter((field) => !presets.some(({ tables }) => tables[table]?.includes(field)));
  if (denied.length > 0) throw tunnelError(`POLICY_DENIED ${table} ${denied.join(' ')}`, 'refused');
  if (!key.every((field) => fields.includes(field))) throw tunnelError(`KEY_NOT_READ ${table}`, 'refused');
}

function checkRows({ allowedRows }: FakeJde, { table, where }: JdeQuery): void {
  for (const [column, allowed] of allowedRows) {
    const isSaid = where.some(
      (one) => 'values' in one && `${table}.${one.field}` === column && one.values.every((value) => allowed.includes(value)),
    );
    if (column.startsWith(`${table}.`) && !isSaid) throw tunnelError('POLICY_DENIED', 'refused');
  }
}

function holds(fake: FakeJde, row: Record<string, string>, comparison: JdeComparison): boolean {
  const { field } = comparison;
  const value = row[field] ?? '';
  switch (comparison.op) {
    case 'IN':
      return comparison.values.some((wanted) => compare(field, value, wanted) === 0);
    case 'SINCE_DAYS_AGO':
      return value !== '' && value >= daysBefore(fake.today, comparison.days);
    case 'ON_OR_AFTER':
      return value !== '' && value >= comparison.date;
    case 'ON_OR_BEFORE':
      return value !== '' && value <= comparison.date;
    case 'EQ':
      return compare(field, value, comparison.value) === 0;
    case 'NE':
      return compare(field, value, comparison.value) !== 0;
    case 'LT':
      return compare(field, value, comparison.value) < 0;
    case 'LE':
      return compare(field, value, comparison.value) <= 0;
    case 'GT':
      return compare(field, value, comparison.value) > 0;
    case 'GE':
      return compare(field, value, comparison.value) >= 0;
  }
}

function compare(field: string, one: string, other: string): number {
  if (numeric.has(field)) return Number(one) - Number(other);
  return one < other ? -1 : one > other ? 1 : 0;
}

export function daysBefore(day: string, days: number): string {
  const time = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)) - days);
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
