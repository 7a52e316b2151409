/** The date and number formats of the user who made an extract, found out from its values. */
import { kindOf } from '../dictionary/index.ts';
import type { ExtractColumn } from './columns.ts';
import { dateOrderOf, needsOrder, type DateOrder } from './date-format.ts';
import { decimalMarkOf, type DecimalMark } from './number-format.ts';
import type { ParsedFile } from './parse.ts';
import type { Findings } from './report.ts';

export interface UserFormats {
  dateOrder: DateOrder;
  decimalMark: DecimalMark;
}

interface Sample {
  value: string;
  column: string;
  line: number;
}

/** Ambiguous and contradicting formats are errors that name a column and a sample. */
export function findUserFormats(file: string, parsed: ParsedFile, columns: readonly ExtractColumn[], findings: Findings): UserFormats {
  return { dateOrder: findDateOrder(file, parsed, columns, findings), decimalMark: findDecimalMark(file, parsed, columns, findings) };
}

function findDateOrder(file: string, parsed: ParsedFile, columns: readonly ExtractColumn[], findings: Findings): DateOrder {
  const samples = samplesOf(
    parsed,
    columns.filter(({ field }) => field.type === 'DATS'),
  ).filter(({ value }) => needsOrder(value));
  if (samples.length === 0) return 'day-first';
  const verdict = dateOrderOf(samples.map(({ value }) => value));
  if ('order' in verdict) return verdict.order;
  if ('ambiguous' in verdict) {
    findings.error({
      ...placeOf(file, samples, verdict.ambiguous),
      what: 'date.ambiguous',
      message: `"${verdict.ambiguous}" may be day or month first, and no other date of the file tells; export with the date format YYYY-MM-DD or DD.MM.YYYY`,
    });
  } else {
    const [day, month] = verdict.conflicting;
    findings.error({
      ...placeOf(file, samples, day),
      what: 'date.conflicting',
      message: `"${day}" has the day first, "${month}" the month`,
    });
  }
  return 'day-first';
}

function findDecimalMark(file: string, parsed: ParsedFile, columns: readonly ExtractColumn[], findings: Findings): DecimalMark {
  const samples = samplesOf(
    parsed,
    columns.filter(({ field }) => kindOf(field) === 'packed' || kindOf(field) === 'integer'),
  );
  const verdict = decimalMarkOf(samples.map(({ value }) => value));
  if ('mark' in verdict) return verdict.mark;
  if ('ambiguous' in verdict) {
    findings.error({
      ...placeOf(file, samples, verdict.ambiguous),
      what: 'number.ambiguous',
      message: `"${verdict.ambiguous}" may be thousands or decimals, and no other number of the file tells`,
    });
  } else if ('conflicting' in verdict) {
    const [point, comma] = verdict.conflicting;
    const message = `"${point}" has a decimal point, "${comma}" a decimal comma`;
    findings.error({ ...placeOf(file, samples, point), what: 'number.conflicting', message });
  }
  return '.';
}

function samplesOf({ records }: ParsedFile, columns: readonly ExtractColumn[]): Sample[] {
  return records.flatMap(({ values, line }) =>
    columns.map(({ field, index }) => ({ value: values[index] ?? '', column: field.name, line })),
  );
}

function placeOf(file: string, samples: readonly Sample[], value: string): { file: string; column: string; line: number } {
  const { column = '', line = 0 } = samples.find((sample) => sample.value === value) ?? {};
  return { file, column, line };
}
