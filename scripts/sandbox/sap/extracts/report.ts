/** What was found while reading extracts, and what was done about it. Nothing is changed that does not stand here. */
export interface Finding {
  /** An error refuses the load; a notice says what was done. */
  severity: 'error' | 'notice';
  file: string;
  /** Field, where the finding is about one. */
  column?: string;
  /** Stable name of the kind of finding: `key.duplicate`. */
  what: string;
  /** What is wrong with it, and for a notice what was done. */
  message: string;
  /** First lines of the file it was seen on, the header being line 1. */
  lines: number[];
  count: number;
}

export interface ExtractFile {
  file: string;
  table: string;
  rows: number;
  encoding: string;
  separator: string;
}

export interface ExtractReport {
  findings: readonly Finding[];
  files: readonly ExtractFile[];
  hasErrors: boolean;
}

export interface Occurrence {
  file: string;
  column?: string;
  what: string;
  message: string;
  line?: number;
}

const linesShown = 10;

/** Collects findings; the same kind in the same column is one finding with a count and its first lines. */
export class Findings {
  private readonly byKind = new Map<string, Finding>();
  readonly files: ExtractFile[] = [];

  error(occurrence: Occurrence): void {
    this.add('error', occurrence);
  }

  notice(occurrence: Occurrence): void {
    this.add('notice', occurrence);
  }

  report(): ExtractReport {
    const findings = [...this.byKind.values()];
    return { findings, files: this.files, hasErrors: findings.some(({ severity }) => severity === 'error') };
  }

  hasErrorsIn(file: string): boolean {
    return [...this.byKind.values()].some((finding) => finding.file === file && finding.severity === 'error');
  }

  private add(severity: Finding['severity'], { file, column, what, message, line }: Occurrence): void {
    const kind = [severity, file, column, what].join('\0');
    const known = this.byKind.get(kind);
    if (known) {
      known.count++;
      if (line !== undefined && known.lines.length < linesShown) known.lines.push(line);
      return;
    }
    const lines = line === undefined ? [] : [line];
    this.byKind.set(kind, { severity, file, ...(column === undefined ? {} : { column }), what, message, lines, count: 1 });
  }
}

/** For people: files first, then errors, then notices. */
export function printReport(report: ExtractReport, print: (line: string) => void): void {
  for (const { file, table, rows, encoding, separator } of report.files) {
    print(`${file}: ${rows} rows of ${table} (${encoding}, separated by ${separator})`);
  }
  const ordered = [...report.findings].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  const absent = Map.groupBy(
    ordered.filter(({ what }) => what === 'table.absent'),
    ({ message }) => message,
  );
  for (const finding of ordered) if (finding.what !== 'table.absent') print(sentence(finding));
  for (const [message, tables] of absent) print(`notice ${tables.map(({ file }) => file).join(', ')}: ${message}`);
  if (report.hasErrors) print('Nothing was loaded: correct the errors above and try again.');
}

function sentence({ severity, file, column, message, lines, count }: Finding): string {
  const place = [file, ...(column ? [column] : [])].join(' ');
  const where = lines.length === 0 ? '' : ` (line ${lines.join(', ')}${count > lines.length ? ', ...' : ''})`;
  const times = count > 1 ? `, ${count} times` : '';
  return `${severity === 'error' ? 'ERROR' : 'notice'} ${place}: ${message}${times}${where}`;
}
