/** RFC_READ_TABLE and its relatives, with their limits (facts/sap-ecc.md 2.1). */
import { structureOf, tableDefinitions, type FieldDefinition } from '../dictionary/index.ts';
import { abapException, shortDump } from '../rfc-error.ts';
import {
  BulkTable,
  countTerms,
  keyRangeOf,
  layOut,
  parseWhere,
  rowWriter,
  WhereError,
  type Expression,
  type NumberWidth,
  type RowLayout,
  type SapTable,
  type Selection,
} from '../tables/index.ts';
import { mayReadTable } from '../users.ts';
import { numberInput, packRows, tableInput, textInput, type FunctionCall, type PackedRows, type Structure } from './call.ts';
import { abapTypeOf } from './metadata.ts';

/** Longer clauses are a short dump; where exactly depends on the database. */
const mostTerms = 500;
/** Widths of the output tables of the Data Services reader. */
const outputTables = [128, 512, 2048, 8192, 30_000];

export function rfcReadTable(call: FunctionCall): Structure {
  const { layout, rows, fields } = read(call, 512, 'digits');
  if (textInput(call, 'USE_ET_DATA_4_RETURN') === 'X' && call.definition.parameters.some(({ name }) => name === 'ET_DATA')) {
    return { FIELDS: fields, ET_DATA: rows };
  }
  return { FIELDS: fields, DATA: layout.width === 0 ? packRows([]) : rows };
}

export function bbpRfcReadTable(call: FunctionCall): Structure {
  const { rows, fields } = read(call, 512, 'output');
  return { FIELDS: fields, DATA: rows };
}

export function bodsRfcReadTable2(call: FunctionCall): Structure {
  const { layout, rows, fields } = read(call, Math.max(...outputTables), 'digits');
  const outTable = `TBLOUT${outputTables.find((width) => layout.width <= width)}`;
  return { OUT_TABLE: outTable, FIELDS: fields, [outTable]: rows };
}

interface ReadResult {
  layout: RowLayout;
  fields: Structure[];
  rows: PackedRows;
}

function read(call: FunctionCall, widest: number, numbers: NumberWidth): ReadResult {
  const table = openTable(call);
  const wanted = wantedFields(call, table);
  const delimiter = textInput(call, 'DELIMITER');
  const layout = layOut(wanted, delimiter, numbers);
  if (layout.width > widest) throw abapException('DATA_BUFFER_EXCEEDED');
  const where = parseOptions(call, table);
  const fields = layout.slots.map(({ field, offset, length }) => ({
    FIELDNAME: field.name,
    OFFSET: digits(offset),
    LENGTH: digits(length),
    TYPE: abapTypeOf(field),
    FIELDTEXT: field.text ?? '',
  }));
  const selection: Selection = {
    where,
    skip: numberInput(call, 'ROWSKIPS'),
    count: numberInput(call, 'ROWCOUNT'),
    sorted: textInput(call, 'GET_SORTED') === 'X',
    order: call.system.behaviour.rowOrder,
  };
  assertIsServed(table, selection);
  const rows = textInput(call, 'NO_DATA') ? packRows([]) : rowsOf(call, table, layout, selection);
  return { layout, fields, rows };
}

/** A few rows of a cluster table come at once; anything else goes through all of it when the cluster's key is not given. */
function assertIsServed({ definition, size }: SapTable, { where, count = 0 }: Selection): void {
  const { readBy = [] } = definition;
  const isGiven = (field: string): boolean => {
    const { from, to } = keyRangeOf(where, field);
    return from !== undefined && to !== undefined;
  };
  const isSmall = size === 0 || (where === undefined && count > 0 && count <= 100);
  if (isSmall || readBy.every(isGiven)) return;
  throw shortDump('TIME_OUT', 'Time limit exceeded.');
}

function openTable(call: FunctionCall): SapTable {
  const name = textInput(call, 'QUERY_TABLE');
  const table = call.system.table(name);
  if (!table) {
    const isStructure = !tableDefinitions.has(name) && structureOf(name) !== undefined;
    throw abapException(isStructure ? 'TABLE_WITHOUT_DATA' : 'TABLE_NOT_AVAILABLE');
  }
  if (!mayReadTable(call.session.user, name, table.definition.authorizationGroup)) throw abapException('NOT_AUTHORIZED');
  return table;
}

function wantedFields(call: FunctionCall, { definition }: SapTable): FieldDefinition[] {
  const names = tableInput(call, 'FIELDS').map((row) => (row['FIELDNAME'] ?? '').trim());
  if (names.length === 0) return definition.fields;
  return names.map((name) => {
    const field = definition.fields.find((one) => one.name === name);
    if (!field) throw abapException('FIELD_NOT_VALID');
    return field;
  });
}

function parseOptions(call: FunctionCall, { definition }: SapTable): Expression | undefined {
  try {
    const where = parseWhere(
      tableInput(call, 'OPTIONS').map((row) => row['TEXT'] ?? ''),
      definition,
    );
    if (countTerms(where) > mostTerms)
      throw shortDump('SAPSQL_STMNT_TOO_LARGE', 'The SQL statement generated from the SAP Open SQL statement is too long.');
    return where;
  } catch (error) {
    if (!(error instanceof WhereError)) throw error;
    throw call.system.behaviour.badWhere === 'OPTION_NOT_VALID'
      ? abapException('OPTION_NOT_VALID')
      : shortDump('SAPSQL_PARSE_ERROR', `The WHERE condition has an unexpected format: ${error.message}`);
  }
}

function rowsOf(call: FunctionCall, table: SapTable, layout: RowLayout, selection: Selection): PackedRows {
  const toText = rowWriter(table.definition, layout, call.system.identity.client);
  const extra = call.system.faults.hit('extra-rows', (fault) => fault.table === table.definition.name);
  if (!extra && table instanceof BulkTable) {
    const run = table.runFor(selection);
    const key = layout.slots.find(({ field }) => field.name === 'CUSTNO');
    if (run) return table.write(run, toText, key?.offset ?? -1);
  }
  const texts = [...mapped(table.select(selection), toText)];
  return packRows(extra ? [...texts, ...extra.lines] : texts);
}

function* mapped<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To> {
  for (const item of items) yield change(item);
}

function digits(number: number): string {
  return String(number).padStart(6, '0');
}
