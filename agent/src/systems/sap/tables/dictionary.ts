import { SystemError, type TableField } from '@ml-connector/shared';

/** How the characters of a column are to be read. */
export type ColumnKind = 'text' | 'digits' | 'date' | 'number' | 'amount';

export interface Column extends TableField {
  /** Characters it takes in a row of RFC_READ_TABLE. */
  width: number;
  /** undefined: table reading cannot carry this type. */
  kind: ColumnKind | undefined;
}

/** A table as the dictionary describes it. */
export interface TableLayout {
  table: string;
  columns: ReadonlyMap<string, Column>;
  /** In key order, without the client, which SAP adds by itself. */
  key: readonly Column[];
}

const kinds: Record<string, ColumnKind> = {
  CHAR: 'text',
  LANG: 'text',
  CUKY: 'text',
  UNIT: 'text',
  CLNT: 'text',
  NUMC: 'digits',
  ACCP: 'digits',
  DATS: 'date',
  TIMS: 'digits',
  DEC: 'number',
  QUAN: 'number',
  CURR: 'amount',
  INT1: 'number',
  INT2: 'number',
  INT4: 'number',
  INT8: 'number',
  PREC: 'number',
};

/** From DFIES_TAB of DDIF_FIELDINFO_GET (facts/sap-ecc.md 1.5). */
export function toLayout(table: string, fieldInfo: readonly Record<string, unknown>[]): TableLayout {
  const columns = toColumns(fieldInfo);
  const key = columns.filter((column) => column.isKey && column.dataType !== 'CLNT');
  return { table, columns: new Map(columns.map((column) => [column.name, column])), key };
}

export function toColumns(fieldInfo: readonly Record<string, unknown>[]): Column[] {
  return fieldInfo.filter((row) => !textOf(row['FIELDNAME']).startsWith('.')).map(toColumn);
}

/** The column, or a refusal that names the table. */
export function columnOf(layout: TableLayout, name: string): Column {
  const column = layout.columns.get(name);
  if (column) return column;
  throw new SystemError('SAP_FIELD_MISSING', 'refused', `table ${layout.table} has no field ${JSON.stringify(name.slice(0, 40))}`);
}

/** A column that a table read can carry. Raw, floating-point and string fields arrive cut or not at all (facts/sap-ecc.md 2.1). */
export function readableColumnOf(layout: TableLayout, name: string): Column & { kind: ColumnKind } {
  const column = columnOf(layout, name);
  if (column.kind) return column as Column & { kind: ColumnKind };
  throw new SystemError(
    'SAP_FIELD_TYPE_UNSUPPORTED',
    'refused',
    `field ${name} of table ${layout.table} has type ${column.dataType}, which table reading cannot carry`,
    { fix: 'Leave the field out, or read it through a function module of your own.' },
  );
}

function toColumn(row: Record<string, unknown>): Column {
  const dataType = textOf(row['DATATYPE']);
  const length = Number(textOf(row['LENG'])) || 0;
  return {
    name: textOf(row['FIELDNAME']),
    isKey: textOf(row['KEYFLAG']) === 'X',
    dataType,
    length,
    decimals: Number(textOf(row['DECIMALS'])) || 0,
    conversionExit: textOf(row['CONVEXIT']),
    referenceTable: textOf(row['REFTABLE']),
    referenceField: textOf(row['REFFIELD']),
    text: textOf(row['FIELDTEXT']),
    width: isPrinted(kinds[dataType]) ? Math.max(length, Number(textOf(row['OUTPUTLEN'])) || 0) : length,
    kind: kinds[dataType],
  };
}

/** Numbers take their output length in some readers, their digits in others. */
function isPrinted(kind: ColumnKind | undefined): boolean {
  return kind === 'number' || kind === 'amount';
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
