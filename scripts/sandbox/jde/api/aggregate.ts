import { addAmounts, divideAmounts } from '@ml-connector/shared';
import { compareValues, valueOf, type Column, type JdeTable, type Row } from '../data/index.ts';
import type { JdeClock } from '../jde-clock.ts';
import { prefixedColumn, QueryRefusal } from '../query/index.ts';
import { textOf } from '../scalar.ts';
import { plainNumber } from './answers.ts';

interface Aggregation {
  name: string;
  functionName: string;
  /** Undefined: `*`. */
  column: Column | undefined;
}

/** `ds_F4311` of an AGGREGATION: one object per group, keys with a dot, dates as milliseconds at the server's midnight (facts/jde-ais.md 5.4). */
export function aggregate(table: JdeTable, sent: unknown, rows: readonly Row[], clock: JdeClock): { output: object[] } {
  const { aggregations, groupBy } = (sent ?? {}) as { aggregations?: unknown; groupBy?: unknown };
  const wanted = (Array.isArray(aggregations) ? aggregations : []).map((one: unknown) => readAggregation(one, table));
  const groupColumns = (Array.isArray(groupBy) ? groupBy : []).map((one: unknown) =>
    prefixedColumn(textOf((one as { column?: unknown } | null)?.column), table),
  );
  const output = groups(rows, groupColumns).map((group) => ({
    ...(groupColumns.length > 0 ? { groupBy: groupOf(table, groupColumns, group, clock) } : {}),
    ...Object.fromEntries(wanted.map((one) => [one.name, result(one, group, clock)])),
  }));
  return { output };
}

function readAggregation(sent: unknown, table: JdeTable): Aggregation {
  const { aggregation, column } = (sent ?? {}) as { aggregation?: unknown; column?: unknown };
  const functionName = textOf(aggregation);
  if (!['SUM', 'MIN', 'MAX', 'AVG', 'COUNT', 'COUNT_DISTINCT'].includes(functionName))
    throw new QueryRefusal(`Invalid aggregation ${functionName}`);
  if (column === '*') return { name: functionName, functionName, column: undefined };
  const found = prefixedColumn(textOf(column), table);
  return { name: `${table.definition.name}.${found.alias}_${functionName}`, functionName, column: found };
}

function groups(rows: readonly Row[], columns: Column[]): Row[][] {
  if (columns.length === 0) return [[...rows]];
  const byValues = new Map<string, Row[]>();
  for (const row of rows) {
    const name = JSON.stringify(columns.map((column) => valueOf(row, column)));
    const group = byValues.get(name);
    if (group) group.push(row);
    else byValues.set(name, [row]);
  }
  return [...byValues.values()];
}

function groupOf(table: JdeTable, columns: Column[], [first]: Row[], clock: JdeClock): object {
  return Object.fromEntries(
    columns.map((column) => [`${table.definition.name}.${column.alias}`, shown(column, first ? valueOf(first, column) : '', clock)]),
  );
}

function result({ functionName, column }: Aggregation, rows: Row[], clock: JdeClock): unknown {
  if (!column) return rows.length;
  const values = rows.map((row) => valueOf(row, column));
  switch (functionName) {
    case 'COUNT':
      return values.length;
    case 'COUNT_DISTINCT':
      return new Set(values).size;
    case 'SUM':
      return plainNumber(addAmounts('0', ...values));
    case 'AVG':
      return values.length === 0 ? null : plainNumber(divideAmounts(addAmounts('0', ...values), String(values.length), 6));
    default: {
      const sign = functionName === 'MAX' ? 1 : -1;
      const [first, ...others] = values;
      if (first === undefined) return null;
      const most = others.reduce((best, value) => (compareValues(column, value, best) * sign > 0 ? value : best), first);
      return shown(column, most, clock);
    }
  }
}

function shown({ kind }: Column, value: string, clock: JdeClock): unknown {
  if (kind === 'date') return value === '' ? null : clock.midnightMs(value);
  return kind === 'text' ? value : plainNumber(value);
}
