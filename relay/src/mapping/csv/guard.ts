/**
 * Spreadsheets make numbers and dates of codes: `0010` becomes 10, `1-2` a day in February, `4E5` 400000. `="0010"` they show as 0010 and
 * keep. It also keeps a code that begins like a formula from being one.
 */
export function guard(code: string): string {
  return isInDanger(code) ? `="${code.replaceAll('"', '""')}"` : code;
}

/** The code without its guard; what has none loses the blanks around it. */
export function unguard(cell: string): string {
  const guarded = /^\s*="((?:[^"]|"")*)"\s*$/s.exec(cell)?.[1];
  return guarded === undefined ? cell.trim() : guarded.replaceAll('""', '"');
}

function isInDanger(code: string): boolean {
  return /^[\p{Cc}]*[=+\-@＝＋－＠]/u.test(code) || /\d/.test(code) || /^(true|false|wahr|falsch)$/i.test(code) || code !== code.trim();
}
