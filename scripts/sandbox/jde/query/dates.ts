/** `20250131` and one month is `20250228`: as calendars of databases do it. */
export function shiftDate(date: string, by: { days?: number; months?: number }): string {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6))];
  const lastDay = new Date(Date.UTC(year, month + (by.months ?? 0) + 1, 0)).getUTCDate();
  const shifted = new Date(Date.UTC(year, month + (by.months ?? 0), Math.min(day, lastDay) + (by.days ?? 0)));
  return shifted.toISOString().slice(0, 10).replaceAll('-', '');
}

/**
 * A literal date in the format of the signed-on user (`dd/MM/yyyy`, `MM-dd-yy`) as `YYYYMMDD`. Undefined for any other text: the server
 * raises no error for it, it finds nothing (facts/jde-ais.md 3.1).
 */
export function readUserDate(text: string, format: string): string | undefined {
  const parts = format.match(/[a-zA-Z]+|[^a-zA-Z]/g) ?? [];
  const pattern = parts.map((part) => (/^[a-zA-Z]/.test(part) ? `(\\d{${part.length}})` : `\\${part}`)).join('');
  const found = new RegExp(`^${pattern}$`).exec(text.trim());
  if (!found) return undefined;
  const names = parts.filter((part) => /^[a-zA-Z]/.test(part));
  const field = (letter: string): string => found[names.findIndex((name) => name.startsWith(letter)) + 1] ?? '';
  const year = field('y').length === 2 ? `20${field('y')}` : field('y');
  const date = `${year}${field('M')}${field('d')}`;
  return shiftDate(date, {}) === date ? date : undefined;
}

/** `20250304` in the user's format. */
export function writeUserDate(date: string, format: string): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
  return format
    .replace(/y+/, (name) => year.slice(-name.length))
    .replace('MM', month)
    .replace('dd', day);
}
