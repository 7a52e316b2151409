/** Which column of an extract is which field. */
import { clientFieldOf, keyFieldsOf, type FieldDefinition, type TableDefinition } from '../dictionary/index.ts';
import type { Findings } from './report.ts';
import type { ParsedFile } from './parse.ts';

export interface ExtractColumn {
  field: FieldDefinition;
  index: number;
}

const namesShown = 12;

/** The columns that are fields of the table; unknown ones are reported and left out, missing key fields are errors. */
export function matchColumns(
  file: string,
  table: TableDefinition,
  { header, headerLine }: ParsedFile,
  findings: Findings,
): ExtractColumn[] {
  const columns: ExtractColumn[] = [];
  for (const [index, name] of header.entries()) {
    const field = table.fields.find((one) => one.name === name);
    const where = { file, column: name, line: headerLine };
    if (name === '') continue; // SAP's own tab files begin with an empty column; values in it are reported as ragged
    if (!field)
      findings.notice({ ...where, what: 'column.unknown', message: `${table.name} has no such field here; the column was left out` });
    else if (columns.some((one) => one.field === field))
      findings.error({ ...where, what: 'column.twice', message: 'the column stands there twice' });
    else columns.push({ field, index });
  }
  if (columns.length === 0) {
    findings.error({ file, what: 'header.missing', line: headerLine, message: `the first line names no field of ${table.name}` });
    return columns;
  }
  const has = (field: FieldDefinition): boolean => columns.some((column) => column.field === field);
  for (const field of keyFieldsOf(table).filter((one) => !has(one))) {
    findings.error({ file, column: field.name, what: 'key.missing', message: 'the column of this key field is missing' });
  }
  const client = clientFieldOf(table);
  const absent = table.fields.filter((field) => !field.key && field !== client && !has(field)).map(({ name }) => name);
  if (absent.length > 0) {
    const shown = absent.slice(0, namesShown).join(', ');
    const more = absent.length > namesShown ? ` and ${absent.length - namesShown} more` : '';
    findings.notice({ file, what: 'column.absent', message: `fields without a column are initial: ${shown}${more}` });
  }
  return columns;
}
