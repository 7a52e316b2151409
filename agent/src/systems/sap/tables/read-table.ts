import { SystemError, isSystemError, type SapTableRead, type TableReadEnd } from '@ml-connector/shared';
import { openChunkWriter } from '../../chunks.ts';
import type { TableLayout } from './dictionary.ts';
import { above, checkKey, type Key } from './key.ts';
import { joinGroups } from './join-groups.ts';
import { planRead, type ReadPlan } from './plan.ts';
import { toPortions } from './portions.ts';
import { readPage, type ReadCall, type TableReader } from './reader.ts';
import { openKeyReader, type KeyReader, type Page } from './key-reader.ts';
import { openRowEncoder, type RowEncoder } from './row-encoder.ts';
import { join, toTokens, type Token } from './where.ts';

export interface TableReadDeps {
  call: ReadCall;
  reader: TableReader;
  layout: TableLayout;
  pageRows: number;
  /** Asked for once, and only when an amount is read. */
  currencyDecimals(): Promise<(currency: string) => number>;
  /** Takes one `TableChunk` as UTF-8 JSON; resolves when the next one may come. */
  emit: (chunk: Buffer) => Promise<void>;
}

/**
 * Reads a table page by page, `KEY > last key`, and emits its rows in key order. Memory is that of two pages whatever the size of the
 * table. Rows that came and went between the parts of a wide row are read again; parts of different rows are never joined.
 */
export async function readTable(request: SapTableRead, deps: TableReadDeps): Promise<TableReadEnd> {
  const { layout, reader } = deps;
  if (request.afterKey) checkKey(layout, request.afterKey, request.fields);
  let calls = 0;
  const call: ReadCall = (name, parameters) => {
    calls++;
    return deps.call(name, parameters);
  };
  const chunks = openChunkWriter(request.fields, deps.emit);
  const isBounded = request.afterKey !== undefined || request.maxRows !== undefined;
  for (const portion of toPortions(request.where, layout, isBounded)) {
    const room = (request.maxRows ?? Number.MAX_SAFE_INTEGER) - chunks.rows;
    if (room > 0) await readPortion(request, toTokens(portion, layout), room, { ...deps, call }, chunks.add);
  }
  await chunks.end();
  return { rows: chunks.rows, reader: reader.functionName, calls };
}

type AddRows = (encoder: RowEncoder) => Promise<void>;

async function readPortion(request: SapTableRead, where: Token[], room: number, deps: TableReadDeps, add: AddRows): Promise<void> {
  const { layout, reader } = deps;
  const plan = (width: number): ReadPlan =>
    planRead({
      layout,
      fields: request.fields,
      currencyFields: request.currencyFields ?? {},
      keepsStored: request.amounts === 'stored',
      width,
    });
  let width = reader.width;
  let current = plan(width);
  let pageRows = deps.pageRows;
  let after: Key | undefined = request.afterKey;
  let left = room;
  let ahead: AskedPage | undefined;
  const ask = (last: Key | undefined, most: number): AskedPage => {
    const rowCount = Math.min(pageRows, most);
    const fields = (current.groups[0] ?? []).map(({ name }) => name);
    const conditions = join([where, last ? above(layout, last) : []], 'AND');
    return { rowCount, page: readPage(deps.call, reader, { table: layout.table, fields, conditions, rowCount }) };
  };
  while (left > 0) {
    try {
      const asked = ahead ?? ask(after, left);
      ahead = undefined;
      const page = await asked.page;
      if (page.rows.length === 0) return;
      const keys = openKeyReader(layout.table, layout.key, page);
      const isLast = page.rows.length < asked.rowCount;
      order(page, keys.compare, { layout, reader, isLast });
      const lastKey = keys.keyOf(page.rows.at(-1) as string);
      if (after) assertProgress(layout, after, page, keys);
      if (!isLast && page.rows.length < left) {
        ahead = ask(lastKey, left - page.rows.length);
        ahead.page.catch(() => undefined); // awaited in the next round, or never when this one fails
      }
      const groups = await joinGroups({ call: deps.call, reader, layout, plan: current, where, page, after, lastKey, keys });
      const needsCurrency = current.outputs.some(({ currency }) => currency);
      const decimalsOf = needsCurrency ? await deps.currencyDecimals() : () => 2;
      const encoder = openRowEncoder({ table: layout.table, plan: current, groups: upToRows(groups, left), keys, decimalsOf });
      await add(encoder);
      after = lastKey;
      left -= encoder.rows;
      if (isLast || layout.key.length === 0) return;
    } catch (error) {
      ahead = undefined;
      if (!isSystemError(error)) throw error;
      if (error.code === 'SAP_ROW_TOO_WIDE' && error.facts) {
        // The dictionary's widths were too small for this reader: split into narrower parts.
        width = Math.floor(width * 0.8);
        current = plan(width);
      } else if ((error.code === 'SAP_TIME_OUT' || error.code === 'SAP_RESOURCES') && pageRows > 200) {
        pageRows = Math.ceil(pageRows / 4);
      } else throw error;
    }
  }
}

interface AskedPage {
  rowCount: number;
  page: Promise<Page>;
}

/** Rows that came in while a wide row was read in parts may be more than were asked for. */
function upToRows(groups: Page[], most: number): Page[] {
  if ((groups[0]?.rows.length ?? 0) <= most) return groups;
  return groups.map(({ rows, slots }) => ({ rows: rows.slice(0, most), slots }));
}

interface OrderFacts {
  layout: TableLayout;
  reader: TableReader;
  isLast: boolean;
}

/** A full page must be the first rows in key order, or the next one would leave rows out. A page that is complete can be sorted here. */
function order(page: Page, compare: (a: string, b: string) => number, { layout, reader, isLast }: OrderFacts): void {
  const { rows } = page;
  if (layout.key.length === 0) {
    if (isLast) return;
    throw new SystemError('SAP_TABLE_WITHOUT_KEY', 'refused', `${layout.table} has no key to page by, and more rows than one page`);
  }
  const falls = rows.findIndex((row, index) => index > 0 && compare(rows[index - 1] as string, row) >= 0);
  if (falls < 0) return;
  if (isLast) {
    rows.sort(compare);
    return;
  }
  throw new SystemError(
    'SAP_ROWS_UNSORTED',
    'refused',
    `${reader.functionName} returned ${layout.table} out of key order (the database sorts otherwise), so reading by key could lose rows`,
    { fix: 'Apply SAP note 2246160 (GET_SORTED), or name another reader in agent.yaml: readFunction.' },
  );
}

function assertProgress(layout: TableLayout, after: Key, page: Page, keys: KeyReader): void {
  const first = keys.keyOf(page.rows[0] as string);
  const isSame = first.every((value, index) => value === (after[index] ?? '').trimEnd());
  if (!isSame) return;
  throw new SystemError('SAP_ROWS_UNSORTED', 'refused', `reading ${layout.table} by key came back to row ${first.join('/')}; stopped`);
}
