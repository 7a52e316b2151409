import type { CloseCalendar } from '../../api/index.ts';

export type Entry = CloseCalendar['entries'][number];

/** `2026-05-31 18:00 to 2026-06-02 (year-end)` */
export function entryWords(entry: Entry): string {
  const [from, to] = spanOf(entry);
  const note = entry.note === undefined ? '' : ` (${entry.note})`;
  return `${from.replace('T', ' ')} to ${to.replace('T', ' ')}${note}`;
}

export function spanOf(entry: Entry): [from: string, to: string] {
  return entry.kind === 'freeze' ? [entry.from, entry.to] : [entry.first, entry.last];
}

/** Of what a form holds; a note that is empty is none. */
export function entryFrom({ kind, from, to, note }: { kind: Entry['kind']; from: string; to: string; note: string }): Entry {
  const words = note.trim() === '' ? {} : { note: note.trim() };
  return kind === 'freeze' ? { kind, from, to, ...words } : { kind, first: from.slice(0, 10), last: to.slice(0, 10), ...words };
}
