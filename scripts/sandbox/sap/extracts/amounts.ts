/**
 * Amounts: SAP keeps them with two decimals whatever the currency, and shows them with the currency's own (facts/sap-ecc.md 3.2). An extract
 * may hold either; the number of decimals tells which.
 */
import { initialValue, problemWith, type FieldDefinition, type Row, type TableDefinition } from '../dictionary/index.ts';
import { readNumber, type ReadNumber } from './number-format.ts';
import type { Findings } from './report.ts';
import type { UserFormats } from './user-formats.ts';

const storedDecimals = 2;

export interface AmountRequest {
  file: string;
  table: TableDefinition;
  field: FieldDefinition;
  line: number;
  /** The amount as it stands in the file, and the currency beside it. */
  row: Row;
  formats: UserFormats;
  decimalsOf: (currency: string) => number;
  findings: Findings;
}

export function toStoredAmount(request: AmountRequest): string {
  const { field, row, file, line, findings } = request;
  const given = row[field.name] ?? '';
  if (given.trim() === '') return initialValue(field);
  const number = readNumber(given, request.formats.decimalMark);
  const stored = number && shifted(request, number);
  const problem = stored === undefined ? 'is no amount with the decimals of its currency, nor with two' : problemWith(field, stored);
  if (stored !== undefined && problem === undefined) return stored;
  findings.error({ file, column: field.name, what: 'value.invalid', line, message: `${JSON.stringify(given)} ${problem}` });
  return initialValue(field);
}

function shifted(request: AmountRequest, number: ReadNumber): string | undefined {
  const { field, file, line, findings } = request;
  const currency = currencyOf(request);
  const shown = number.fraction.length;
  const decimals = currency === undefined ? storedDecimals : request.decimalsOf(currency);
  if (currency !== undefined && decimals === storedDecimals && shown < storedDecimals) {
    const message = `${request.row[field.name]} ${currency} has fewer decimals than its currency; the missing ones were taken as zero`;
    findings.notice({ file, column: field.name, what: 'amount.decimals', line, message });
    return asStored({ ...number, fraction: number.fraction.padEnd(storedDecimals, '0') });
  }
  if (shown !== decimals && shown !== storedDecimals) return undefined;
  const stored = asStored(number);
  if (decimals === storedDecimals || Number(stored) === 0) return stored;
  const isShown = shown === decimals;
  const message = isShown
    ? `amounts in ${currency} have ${decimals} decimals, so they were taken as shown and stored as SAP does (with two)`
    : `amounts in ${currency} stand with two decimals, so they were taken as SAP stores them`;
  findings.notice({ file, column: field.name, what: isShown ? `amount.shown.${currency}` : `amount.stored.${currency}`, line, message });
  return stored;
}

/** The same digits with the point two places from the right: `1234` JPY is stored as `12.34`, `1.234` KWD as `12.34`. */
function asStored({ isNegative, whole, fraction }: ReadNumber): string {
  const digits = `${whole}${fraction}`.replace(/^0+/, '').padStart(storedDecimals + 1, '0');
  const isZero = /^0+$/.test(digits);
  return `${isNegative && !isZero ? '-' : ''}${digits.slice(0, -storedDecimals)}.${digits.slice(-storedDecimals)}`;
}

/** undefined when the currency stands in another table. */
function currencyOf({ table, field, row }: AmountRequest): string | undefined {
  const [referenceTable, referenceField = ''] = field.reference?.split('-') ?? [];
  return referenceTable === table.name ? row[referenceField] : undefined;
}
