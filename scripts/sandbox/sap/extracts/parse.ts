/** From the text of an extract to its header and records, with the line of the file each began on. */
import { parse, type Options } from 'csv-parse/sync';

export interface ParsedFile {
  separator: string;
  header: string[];
  headerLine: number;
  records: { values: string[]; line: number }[];
  /** Quotation marks did not pair up and were taken as characters. */
  quotesAreText: boolean;
}

export interface ParseProblem {
  problem: string;
  line?: number;
}

const separators = { '\t': 'tab', ';': 'semicolon', ',': 'comma' } as const;
type Separator = keyof typeof separators;

export function separatorName(separator: string): string {
  return separators[separator as Separator] ?? separator;
}

export function parseExtract(text: string): ParsedFile | ParseProblem {
  const separator = separatorOf(text);
  if (!separator) return { problem: 'has one column only, or columns that are not separated by tabs, semicolons or commas' };
  const quoted = records(text, separator, '"');
  const isTabFile = separator === '\t';
  const read = 'problem' in quoted && isTabFile ? records(text, separator, false) : quoted;
  if ('problem' in read) return read;
  const [first, ...rest] = read;
  if (!first) return { problem: 'is empty' };
  return {
    separator,
    header: first.values.map((name) => name.trim().toUpperCase()),
    headerLine: first.line,
    records: rest,
    quotesAreText: read !== quoted,
  };
}

/** Whatever separates most in the first line with content; names of fields contain none of them. */
function separatorOf(text: string): Separator | undefined {
  const header = text.split(/\r\n|\n|\r/, 50).find((line) => line.trim() !== '') ?? '';
  const counted = (Object.keys(separators) as Separator[]).map((separator) => ({ separator, count: header.split(separator).length - 1 }));
  counted.sort((a, b) => b.count - a.count);
  const [most] = counted;
  return most && most.count > 0 ? most.separator : undefined;
}

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

function records(text: string, delimiter: string, quote: string | false): ParsedFile['records'] | ParseProblem {
  const options: Options = { delimiter, quote, info: true, relax_column_count: true, skip_empty_lines: false };
  try {
    const parsed = parse(text, options) as unknown as CsvRecord[];
    let line = 1;
    const found: ParsedFile['records'] = [];
    for (const { record } of parsed) {
      if (record.some((value) => value.trim() !== '')) found.push({ values: record, line });
      line += 1 + record.reduce((sum, value) => sum + lineBreaks(value), 0);
    }
    return found;
  } catch (error) {
    const { message, lines } = error as Error & { lines?: number };
    return { problem: `cannot be read: ${message}`, ...(lines === undefined ? {} : { line: lines }) };
  }
}

function lineBreaks(value: string): number {
  return value.match(/\r\n|\n|\r/g)?.length ?? 0;
}
