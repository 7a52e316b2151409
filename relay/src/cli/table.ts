export type Cell = string | number | boolean | null | undefined;

/** Rows as an aligned table with a head. The last column is cut at the terminal's width, where there is one. */
export function tableText(rows: readonly Record<string, Cell>[], columns?: number): string {
  const [first] = rows;
  if (!first) return 'none';
  const names = Object.keys(first);
  const lines = [names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((name) => textOf(row[name])))];
  const widths = names.map((_name, place) => Math.max(...lines.map((line) => widthOf(line[place] ?? ''))));
  return lines
    .map((line) =>
      cut(
        line
          .map((text, place) => pad(text, widths[place] ?? 0))
          .join('  ')
          .trimEnd(),
        columns,
      ),
    )
    .join('\n');
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  // Names come from other systems: no line breaks and no escape sequences on somebody's terminal.
  return String(cell).replaceAll(/\p{Cc}+/gu, ' ');
}

const twoPlaces = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/gu;

/** Chinese, Japanese and Korean characters take two places on a terminal. */
function widthOf(text: string): number {
  return Array.from(text).length + (text.match(twoPlaces)?.length ?? 0);
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function cut(line: string, columns: number | undefined): string {
  return columns === undefined || widthOf(line) <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}
