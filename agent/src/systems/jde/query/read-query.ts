import { isSystemError, SystemError, type JdeQuery, type JdeQueryEnd } from '@ml-connector/shared';
import { qualified, toColumns, type Column } from './columns.ts';
import { above, toQuery } from './conditions.ts';
import type { BrowseRequest } from './data-request.ts';
import { openKeyOrder, type KeyOrder, type KeyValue } from './key-order.ts';
import type { UserFormats } from './literals.ts';
import type { Page, PageFacts } from './page.ts';
import { openOutput } from './output.ts';
import { keyAt } from './values.ts';

export interface QueryDeps {
  browse(request: BrowseRequest, facts: PageFacts): Promise<Page>;
  formats: UserFormats;
  decimals: Readonly<Record<string, number>>;
  pageRows: number;
  /** Takes one `JdeChunk` as UTF-8 JSON; resolves when the next one may come. */
  emit: (chunk: Buffer) => Promise<void>;
}

/** Most rows of one value of the first key field: those are read in one answer. */
const mostRowsOfGroup = 32_000;
/** A page that did not come whole is asked for again so often; what is wrong for longer is the caller's to wait for. */
const mostRepeats = 2;
const worthRepeating = ['JDE_RESULT_EXPIRED', 'JDE_CONNECTION_LOST', 'JDE_ANSWER_UNREADABLE'];

/**
 * Reads a table or view page by page, first key field above the last one, and emits its rows in key order. Rows of one value of the first
 * key field (the lines of an order) always come from one answer. Memory is that of two pages whatever the size of the table.
 */
export async function readQuery(request: JdeQuery, deps: QueryDeps): Promise<JdeQueryEnd> {
  const { table } = request;
  const columns = toColumns(request, deps.decimals);
  const keys = request.key.map((field) => qualified(table, field));
  const keyColumns = keys.map((controlId) => columns.findIndex((column) => column.controlId === controlId));
  const facts: ReadFacts = { table, columns, keyColumns, order: openKeyOrder() };
  const isUnique = keys.length === 1;
  const out = openOutput(columns, deps.emit);
  let calls = 0;
  let left = request.maxRows ?? Number.MAX_SAFE_INTEGER;
  let after: KeyValue | undefined = request.afterFirstKey === undefined ? undefined : givenKey(request.afterFirstKey);
  let isFirst = true;

  const ask = (askedRows: number): AskedPage => {
    const more = after === undefined ? [] : [above(keys[0] as string, literalOf(after, deps.formats))];
    const query = toQuery(request.where, more, { table, formats: deps.formats, decimals: deps.decimals });
    const controlIds = columns.map(({ controlId }) => controlId);
    const browse = (): Promise<Page> => {
      calls++;
      return deps.browse({ table, controlIds, query, orderBy: keys, maxRows: askedRows }, { table, columns, askedRows });
    };
    const page = untilWhole(browse);
    page.catch(() => undefined); // awaited in the next round, or never when this one fails
    return { askedRows, page };
  };

  let asked = ask(Math.min(deps.pageRows, left));
  for (;;) {
    const page = await asked.page;
    const { rows } = page.rowset;
    if (rows === 0) {
      if (page.hasMore) throw new SystemError('JDE_ANSWER_UNREADABLE', 'retry', `reading ${table}: AIS has more rows but sends none`);
      break;
    }
    const isLast = !page.hasMore;
    assertKeys(page, facts);
    if (isLast && isFirst && after === undefined) {
      await out.add(page, Math.min(rows, left), sortedOrder(page, facts));
      break;
    }
    assertForward(page, after, { ...facts, isUnique });
    isFirst = false;
    if (isLast || rows >= left) {
      await out.add(page, Math.min(rows, left));
      break;
    }
    const whole = isUnique ? rows : startOfLastGroup(page, facts);
    if (whole === 0) {
      asked = ask(doubled(asked.askedRows, page, facts));
      continue;
    }
    left -= whole;
    after = firstKey(page, whole - 1, facts);
    asked = ask(Math.min(deps.pageRows, left));
    await out.add(page, whole);
  }
  await out.end();
  return { rows: out.rows, calls };
}

interface AskedPage {
  askedRows: number;
  page: Promise<Page>;
}

interface ReadFacts {
  table: string;
  columns: readonly Column[];
  keyColumns: readonly number[];
  order: KeyOrder;
}

async function untilWhole(browse: () => Promise<Page>): Promise<Page> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await browse();
    } catch (error) {
      if (!isSystemError(error) || !worthRepeating.includes(error.code) || repeats >= mostRepeats) throw error;
    }
  }
}

function givenKey(text: string): KeyValue {
  return { text, isNumber: /^-?\d+(\.\d+)?$/.test(text) };
}

function literalOf({ text, isNumber }: KeyValue, { decimalFormat }: UserFormats): string {
  return isNumber ? text.replace('.', decimalFormat) : text;
}

function firstKey(page: Page, row: number, { keyColumns }: ReadFacts): KeyValue {
  return keyAt(page, row, keyColumns[0] as number);
}

/** Without its key a row cannot be told from another, and there is nothing to page by. */
function assertKeys({ delivers }: Page, { table, columns, keyColumns }: ReadFacts): void {
  const hidden = keyColumns.filter((column) => !delivers[column]).map((column) => columns[column]?.field);
  if (hidden.length === 0) return;
  throw new SystemError('JDE_COLUMN_HIDDEN', 'refused', `reading ${table}: AIS does not deliver ${hidden.join(', ')} of its key`, {
    fix: `Take ${hidden.map((field) => `${table}.${field}`).join(', ')} out of the column security of the JD Edwards user (Security Workbench, P00950).`,
  });
}

/** A page must hold the next rows in key order, or those after it would be left out. */
function assertForward(page: Page, after: KeyValue | undefined, facts: ReadFacts & { isUnique: boolean }): void {
  const { table, order, isUnique } = facts;
  let last = after;
  let isFromPage = false;
  for (let row = 0; row < page.rowset.rows; row++) {
    const key = firstKey(page, row, facts);
    // What the caller gave, and a blank first key, say nothing of their type.
    const step = last && last.isNumber === key.isNumber ? order.step(last, key) : -1;
    if (step > 0 || (step === 0 && !isFromPage)) throw unsorted(table, `${key.text} comes after ${last?.text}`);
    if (step === 0 && isUnique)
      throw new SystemError('JDE_KEY_NOT_UNIQUE', 'refused', `reading ${table}: several rows have the key ${key.text}`, {
        fix: 'Read it by all fields of its primary key.',
      });
    last = key;
    isFromPage = true;
  }
}

function unsorted(table: string, what: string): SystemError {
  return new SystemError(
    'JDE_ROWS_UNSORTED',
    'refused',
    `reading ${table}: AIS does not deliver the rows in the order of their key (${what}), so that reading by key could lose rows`,
    { fix: 'Sorting needs Tools release 9.2.0.5 or newer; otherwise read this table by another key.' },
  );
}

/** Where all rows came at once their order decides nothing; those with numbers are brought into it. */
function sortedOrder(page: Page, facts: ReadFacts): Uint32Array | undefined {
  const keys = Array.from({ length: page.rowset.rows }, (_, row) => firstKey(page, row, facts));
  if (!keys.every(({ isNumber }) => isNumber)) return undefined;
  const { order } = facts;
  const isSorted = keys.every((key, row) => row === 0 || order.step(keys[row - 1] as KeyValue, key) <= 0);
  if (isSorted) return undefined;
  return Uint32Array.from(keys.keys()).sort((one, other) => order.step(keys[one] as KeyValue, keys[other] as KeyValue));
}

/** The rows of the last value of the first key field may go on behind the page; they are read again with the next one. */
function startOfLastGroup(page: Page, facts: ReadFacts): number {
  let start = page.rowset.rows - 1;
  const last = firstKey(page, start, facts).text;
  while (start > 0 && firstKey(page, start - 1, facts).text === last) start--;
  return start;
}

function doubled(rows: number, page: Page, facts: ReadFacts): number {
  // A server that sends less than it is asked for has a limit of its own.
  const isLimited = page.rowset.rows < rows;
  if (!isLimited && rows * 2 <= mostRowsOfGroup) return rows * 2;
  const { text } = firstKey(page, 0, facts);
  throw new SystemError(
    'JDE_GROUP_TOO_LARGE',
    'refused',
    `reading ${facts.table}: more than ${page.rowset.rows} rows have the first key ${text}`,
    {
      fix: isLimited
        ? 'Raise the limit of rows per fetch of the HTML server (jas.ini), which is below what one value of the key has.'
        : 'Read this table by a key whose first field tells its rows apart better, or with a filter.',
    },
  );
}
