import type { DoctorFinding } from '@ml-connector/shared';

const marks: Record<DoctorFinding['result'], string> = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: 'skipped' };

/** The findings as a table for a terminal: what was looked at, the result, the detail, and below it what to do. */
export function reportFindings(findings: readonly DoctorFinding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, result, detail, fix, ms }) => [
    `${check.padEnd(width)}  ${marks[result].padEnd(7)}  ${String(Math.round(ms)).padStart(5)} ms  ${detail}`,
    ...(fix ? [`${' '.repeat(width)}  -> ${fix}`] : []),
  ]);
  const count = (result: DoctorFinding['result']): number => findings.filter((finding) => finding.result === result).length;
  return `${lines.join('\n')}\n\n${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed, ${count('skipped')} skipped\n`;
}
