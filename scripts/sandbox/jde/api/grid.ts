import { titleOf, valueOf, type Column, type JdeTable, type Row } from '../data/index.ts';
import type { SimParts } from '../parts.ts';
import { writeUserDate } from '../query/index.ts';
import { plainNumber } from './answers.ts';

export const outputTypes = ['GRID_DATA', 'VERSION1', 'VERSION2'] as const;
export type OutputType = (typeof outputTypes)[number];

/** How rows are shown. */
export interface GridShape {
  table: JdeTable;
  columns: Column[];
  outputType: OutputType;
}

export interface GridPage {
  rows: readonly Row[];
  hasMore: boolean;
  /** Beside the grid: stackId and links, where the caller pages by link. */
  paging?: object;
}

/** The body of a browse (facts/jde-ais.md 5.1 to 5.3). */
export function gridBody(parts: SimParts, shape: GridShape, { rows, hasMore, paging = {} }: GridPage): Record<string, unknown> {
  const { name, title } = shape.table.definition;
  const columns = visibleColumns(parts, shape);
  const names = Object.fromEntries(columns.map((column) => [keyOf(name, column), titleOf(column.alias)]));
  const id = gridId(name);
  return {
    [`fs_DATABROWSE_${name}`]: {
      title: `Data Browser - ${name} [${title}]`,
      data: {
        gridData: {
          id,
          fullGridId: String(id),
          ...(shape.outputType === 'GRID_DATA' ? { columns: names } : { titles: names }),
          ...(shape.outputType === 'VERSION2' ? { columnInfo: columnInfo(name, columns) } : {}),
          rowset: rows.map((row, index) => showRow(parts, { name, columns, row, index, outputType: shape.outputType })),
          summary: { records: rows.length, moreRecords: hasMore },
        },
      },
      errors: [],
      warnings: [],
    },
    ...paging,
    currentApp: `DATABROWSE_${name}`,
    timeStamp: parts.clock.answerStamp(),
    sysErrors: [],
  };
}

/** Differs from table to table, and means nothing. */
export function gridId(name: string): number {
  return 50 + Buffer.from(name).reduce((sum, letter) => sum + letter, 0);
}

/** Column security leaves columns out without a word. */
function visibleColumns({ site }: SimParts, { table, columns }: GridShape): Column[] {
  if (site.hiddenColumns.length === 0) return columns;
  return columns.filter(({ alias }) => !site.hiddenColumns.includes(`${table.definition.name}.${alias}`));
}

function keyOf(table: string, { alias }: Column): string {
  return `${table}_${alias}`;
}

interface Shown {
  name: string;
  columns: Column[];
  row: Row;
  index: number;
  outputType: OutputType;
}

function showRow(parts: SimParts, { name, columns, row, index, outputType }: Shown): object {
  const shown: Record<string, unknown> = outputType === 'GRID_DATA' ? {} : { rowIndex: index, MOExist: false };
  for (const column of columns) {
    const value = valueOf(row, column);
    if (outputType === 'GRID_DATA') shown[keyOf(name, column)] = plainValue(parts, column, value);
    else if (outputType === 'VERSION1') shown[keyOf(name, column)] = cell(parts, column, value);
    else shown[keyOf(name, column)] = { internalValue: internalValue(parts, column, value), value: screenValue(parts, column, value) };
  }
  return shown;
}

/** Numbers are numbers, dates `yyyyMMdd` or null, blank texts one blank (facts/jde-ais.md 5.5). */
function plainValue({ site }: SimParts, { kind, length }: Column, value: string): unknown {
  switch (kind) {
    case 'number':
    case 'time':
      return plainNumber(value);
    case 'date':
      return value === '' ? null : value;
    case 'text':
      if (site.padsText) return value.padEnd(length, ' ');
      return value === '' ? ' ' : value;
  }
}

function cell(parts: SimParts, column: Column, value: string): object {
  return {
    id: gridId(column.alias),
    internalValue: internalValue(parts, column, value),
    dataType: column.kind === 'text' ? 2 : column.kind === 'date' ? 11 : 9,
    bsvw: true,
    title: titleOf(column.alias),
    visible: true,
    longName: column.alias,
    editable: true,
    ...(column.kind === 'number' ? { dispDec: column.decimals } : {}),
    value: screenValue(parts, column, value),
  };
}

function internalValue({ clock }: SimParts, { kind }: Column, value: string): unknown {
  if (kind === 'date') return value === '' ? null : String(clock.midnightMs(value));
  if (kind === 'text') return value === '' ? ' ' : value;
  return plainNumber(value);
}

function screenValue({ site }: SimParts, { kind, decimals }: Column, value: string): string {
  if (kind === 'date') return value === '' ? '' : writeUserDate(value, site.user.simpleDateFormat);
  if (kind !== 'number') return value.trim();
  const [whole = '0', fraction = ''] = value.split('.');
  return decimals === 0 && Number(fraction) === 0 ? whole : `${whole}${site.user.decimalFormat}${fraction.padEnd(decimals, '0')}`;
}

function columnInfo(table: string, columns: Column[]): object {
  return Object.fromEntries(
    columns.map((column) => [
      keyOf(table, column),
      { id: gridId(column.alias), title: titleOf(column.alias), dataType: column.kind === 'text' ? 2 : column.kind === 'date' ? 11 : 9 },
    ]),
  );
}
