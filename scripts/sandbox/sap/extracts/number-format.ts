/** Numbers as users have them: `1.234,56-`, `1,234.56-`, `1 234,56`, `-1234.5`. */
export type DecimalMark = '.' | ',';

export interface ReadNumber {
  isNegative: boolean;
  whole: string;
  fraction: string;
}

/** What a file's numbers say about their decimal mark. */
export type MarkVerdict = { mark: DecimalMark } | { ambiguous: string } | { conflicting: [string, string] } | { none: true };

/**
 * Looks at all numbers of a file together: one user exported it with one format. Both marks in one number, a mark that is not followed by
 * three digits, a repeated mark or `0,500` decide; `1,234` alone does not.
 */
export function decimalMarkOf(values: Iterable<string>): MarkVerdict {
  const proofs = new Map<DecimalMark, string>();
  let ambiguous: string | undefined;
  for (const value of values) {
    const verdict = markIn(value);
    if (verdict === 'ambiguous') ambiguous ??= value;
    else if (verdict && !proofs.has(verdict)) proofs.set(verdict, value);
  }
  const [point, comma] = [proofs.get('.'), proofs.get(',')];
  if (point !== undefined && comma !== undefined) return { conflicting: [point, comma] };
  if (point !== undefined) return { mark: '.' };
  if (comma !== undefined) return { mark: ',' };
  return ambiguous === undefined ? { none: true } : { ambiguous };
}

/** undefined when the text is no number in this format. */
export function readNumber(value: string, mark: DecimalMark): ReadNumber | undefined {
  const text = value.trim().replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
  const sign = /^-|-$/.exec(text);
  const digits = text.replace(/^[-+]|-$/, '').trim();
  const group = mark === ',' ? '[. ]' : "[, ']";
  const match = new RegExp(`^(\\d{1,3}(?:${group}\\d{3})+|\\d+)(?:\\${mark}(\\d+))?$`).exec(digits);
  if (!match) return undefined;
  const whole = (match[1] ?? '').replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  return { isNegative: sign !== null, whole, fraction: match[2] ?? '' };
}

function markIn(value: string): DecimalMark | 'ambiguous' | undefined {
  const text = value.trim().replace(/^[-+]|-$/g, '');
  const marks = text.replace(/[^.,]/g, '');
  const last = marks.at(-1) as DecimalMark | undefined;
  if (!last) return undefined;
  const other: DecimalMark = last === '.' ? ',' : '.';
  if (marks.includes(other)) return last;
  if (marks.length > 1) return other;
  const [before = '', after = ''] = text.split(last);
  if (after.trim().length !== 3 || before.length > 3 || /^0*$/.test(before) || before.includes(' ')) return last;
  return 'ambiguous';
}
