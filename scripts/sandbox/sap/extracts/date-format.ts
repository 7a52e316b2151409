/** Dates as users have them: `31.01.2024`, `01/31/2024`, `2024-01-31`, and SAP's own `20240131`. */
export type DateOrder = 'day-first' | 'month-first';

export type OrderVerdict = { order: DateOrder } | { ambiguous: string } | { conflicting: [string, string] };

const initial = '00000000';

/** True for `03/04/2024` and the like, whose meaning depends on the user's settings. */
export function needsOrder(value: string): boolean {
  return /^\d{1,2}[/-]\d{1,2}[/-]\d{4}$/.test(value.trim()) && !isInitial(value);
}

/** Decides between day and month first from all such dates of a file together; `31/01` or `01/31` proves it. */
export function dateOrderOf(values: Iterable<string>): OrderVerdict {
  const proofs = new Map<DateOrder, string>();
  let ambiguous = '';
  for (const value of values) {
    const [first = 0, second = 0] = value.trim().split(/[/-]/).map(Number);
    if (first > 12) proofs.set('day-first', value);
    else if (second > 12) proofs.set('month-first', value);
    else ambiguous ||= value;
  }
  const [day, month] = [proofs.get('day-first'), proofs.get('month-first')];
  if (day !== undefined && month !== undefined) return { conflicting: [day, month] };
  if (day !== undefined) return { order: 'day-first' };
  if (month !== undefined) return { order: 'month-first' };
  return { ambiguous };
}

/** `YYYYMMDD`, or undefined when the text has no date format. Whether there is such a day is not looked at. */
export function readDate(value: string, order: DateOrder): string | undefined {
  const text = value.trim();
  if (text === '' || isInitial(text)) return initial;
  if (/^\d{8}$/.test(text)) return text;
  const yearFirst = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (yearFirst) return joined(yearFirst[1], yearFirst[3], yearFirst[4]);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (german) return joined(german[3], german[2], german[1]);
  const other = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$/.exec(text);
  if (!other) return undefined;
  return order === 'day-first' ? joined(other[4], other[3], other[1]) : joined(other[4], other[1], other[3]);
}

/** `HHMMSS`, or undefined. */
export function readTime(value: string): string | undefined {
  const text = value.trim();
  if (text === '') return '000000';
  if (/^\d{6}$/.test(text)) return text;
  const match = /^(\d{1,2}):(\d\d):(\d\d)$/.exec(text);
  return match ? `${(match[1] ?? '').padStart(2, '0')}${match[2]}${match[3]}` : undefined;
}

function isInitial(value: string): boolean {
  return /^0+[-./]?0+[-./]?0+$/.test(value.trim());
}

function joined(year = '', month = '', day = ''): string {
  return year + month.padStart(2, '0') + day.padStart(2, '0');
}
