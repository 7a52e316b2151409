import { CsvError, parse } from 'csv-parse/sync';
import { unguard } from './guard.ts';

export interface CsvEntry {
  /** Of the file, from 1. */
  line: number;
  from: string;
  to: string;
}

export interface CsvFault {
  /** 0: the file as a whole. */
  line: number;
  message: string;
}

export interface CsvContent {
  entries: CsvEntry[];
  faults: CsvFault[];
}

export const mostCsvEntries = 50_000;
const longestCode = 500;
/** First cells that say that the line is a header. */
const headers = /^(from|from code|code|source|von|quelle)$/i;

/**
 * Reads a value map: code and target code per line, further columns (names) are for people. Commas, semicolons or tabs; the header is
 * optional. Everything that is wrong is told at once, with its line.
 */
export function readCsv(text: string): CsvContent {
  const { body, skippedLines } = withoutSeparatorLine(text.replace(/^\uFEFF/, ''));
  const rows = rowsOf(body);
  if (!Array.isArray(rows)) return { entries: [], faults: [{ ...rows, line: rows.line + skippedLines }] };
  const lines = rows.map(({ line, cells }) => ({ line: line + skippedLines, cells }));
  const [first] = lines;
  const content = first && headers.test(first.cells[0]?.trim() ?? '') ? lines.slice(1) : lines;
  const entries = content.map(({ line, cells: [from = '', to = ''] }) => ({ line, from: unguard(from), to: unguard(to) }));
  return { entries, faults: [...content.flatMap(faultOfColumns), ...faultsOf(entries)].toSorted((one, other) => one.line - other.line) };
}

interface Row {
  line: number;
  cells: string[];
}

function rowsOf(body: string): Row[] | CsvFault {
  try {
    const parsed = parse(body, {
      delimiter: separatorOf(body),
      recordDelimiter: ['\r\n', '\n', '\r'],
      relaxColumnCount: true,
      skipRecordsWithEmptyValues: true,
      maxRecordSize: 100_000,
      // One beyond what is allowed, and the header: a file of millions of lines is refused before it fills the memory.
      to: mostCsvEntries + 2,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    let last = 0;
    return parsed.map(({ record, info }) => {
      const line = Math.max(last + 1, info.lines - record.join('').split(/\r\n|\n|\r/).length + 1);
      last = info.lines;
      return { line, cells: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
    return { line, message: `is not written as CSV: ${sayFault(error.code)}` };
  }
}

function sayFault(code: string): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quotation mark is opened and never closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE' || code === 'INVALID_OPENING_QUOTE') return 'a quotation mark stands within a cell; double it';
  return 'quotation marks or separators are not as they must be';
}

/** `sep=;`, as some spreadsheets write and read it. */
function withoutSeparatorLine(text: string): { body: string; skippedLines: number } {
  const match = /^sep=.(\r\n|\n|\r)/i.exec(text);
  return match ? { body: text.slice(match[0].length), skippedLines: 1 } : { body: text, skippedLines: 0 };
}

/** The one that stands most often in the first line, outside of quotation marks. */
function separatorOf(text: string): string {
  const counts: Record<string, number> = { ';': 0, ',': 0, '\t': 0 };
  let isQuoted = false;
  for (const sign of text.slice(0, 10_000)) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (sign === '\n' || sign === '\r')) break;
    else if (!isQuoted && sign in counts) counts[sign] = (counts[sign] ?? 0) + 1;
  }
  const [best] = Object.entries(counts).toSorted(([, one], [, other]) => other - one);
  return best?.[0] ?? ',';
}

function faultOfColumns({ line, cells }: Row): CsvFault[] {
  if (cells.length >= 2) return [];
  return [{ line, message: 'has one column only; a line is code and target code, separated by comma, semicolon or tab' }];
}

function faultsOf(entries: readonly CsvEntry[]): CsvFault[] {
  if (entries.length > mostCsvEntries) return [{ line: 0, message: `the file has more than ${mostCsvEntries} entries` }];
  const lineOf = new Map<string, number>();
  return entries.flatMap(({ line, from, to }): CsvFault[] => {
    const faults: string[] = [];
    const before = lineOf.get(from);
    if (from === '') faults.push('has no code');
    else if (before !== undefined) faults.push(`has the code ${from} that line ${before} has already`);
    else lineOf.set(from, line);
    if (to === '') faults.push(`has no target code${from === '' ? '' : ` for ${from}`}`);
    if (from.length > longestCode || to.length > longestCode) faults.push(`has a code of more than ${longestCode} characters`);
    return faults.map((message) => ({ line, message }));
  });
}
