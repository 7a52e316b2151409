import { guard } from './guard.ts';

export const separators = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type SeparatorName = keyof typeof separators;

/** A value map for a spreadsheet, with the mark by which it recognises UTF-8. Codes come back from there as they are here. */
export function writeCsv(
  entries: readonly { from: string; to: string; fromName: string; toName: string }[],
  separator: SeparatorName = 'comma',
): string {
  const header = ['from', 'to', 'name', 'target name'];
  const rows = entries.map(({ from, to, fromName, toName }) => [guard(from), guard(to), harmless(fromName), harmless(toName)]);
  return `\uFEFF${[header, ...rows].map((cells) => cells.map(quoted).join(separators[separator])).join('\r\n')}\r\n`;
}

/** Names are not read again; a formula in one would be run by the spreadsheet. */
function harmless(name: string): string {
  return /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(name) ? `'${name}` : name;
}

function quoted(cell: string): string {
  return /[",;\t\r\n']|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
