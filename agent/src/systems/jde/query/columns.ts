import { SystemError, type JdeQuery } from '@ml-connector/shared';

/** One column of a read. */
export interface Column {
  /** As it was asked for: `AN8`. */
  field: string;
  /** In requests: `F0101.AN8`. */
  controlId: string;
  /** In answers: `F0101_AN8`. */
  name: string;
  /** A time of day, which AIS writes as a number without leading zeros (facts/jde-ais.md 0, 7 and 5.5). */
  isTime: boolean;
  /** Digits the decimal point moves to the left. */
  shift: number;
}

const times = new Set(['UPMT', 'TDAY']);

/** `AN8` of `F0101` is `F0101.AN8`; in a view fields come with their table. */
export function qualified(table: string, field: string): string {
  if (!field.includes('.') && !isView(table)) return `${table}.${field}`;
  if (field.includes('.') && (isView(table) || field.startsWith(`${table}.`))) return field;
  if (field.includes('.')) throw invalid(`field ${field} is not one of table ${table}`);
  throw invalid(`field ${field} of view ${table} does not say its table`, 'Name it with its table, for instance F4311.DOCO.');
}

export function isView(table: string): boolean {
  return table.startsWith('V');
}

/** Columns in the order of the fields; refuses a read whose key is not among them. */
export function toColumns(request: JdeQuery, decimals: Readonly<Record<string, number>>): Column[] {
  const { table, fields, key } = request;
  const columns = fields.map((field): Column => {
    const controlId = qualified(table, field);
    const alias = controlId.slice(controlId.indexOf('.') + 1);
    return { field, controlId, name: controlId.replace('.', '_'), isTime: times.has(alias), shift: decimals[controlId] ?? 0 };
  });
  const names = new Set(columns.map(({ controlId }) => controlId));
  if (names.size < columns.length) throw invalid(`${table} is read with a field named twice`);
  const missing = key.filter((field) => !names.has(qualified(table, field)));
  if (missing.length > 0) throw invalid(`${table} is read by ${missing.join(', ')}, which is not among the fields`);
  return columns;
}

function invalid(message: string, fix?: string): SystemError {
  return new SystemError('JDE_REQUEST_INVALID', 'refused', message, { fix });
}
