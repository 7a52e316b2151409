/** What goes over the wire: `body` is JSON text unless the content type says otherwise. */
export interface Answer {
  status: number;
  body: string;
  contentType?: string;
  headers?: Record<string, string>;
}

const statusCodesPage = '/api-docs/getting-started/api-status-codes';

export function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) };
}

export function noContent(): Answer {
  return { status: 204, body: '' };
}

/** v3: `{data, meta}`. */
export function data(value: unknown, { meta = {}, status = 200 }: { meta?: unknown; status?: number } = {}): Answer {
  return json({ data: value, meta }, status);
}

/** v2: an array (facts/bigcommerce.md 4). */
export function v2Error(status: number, message: string, details?: Record<string, unknown>): Answer {
  return json([{ status, message, ...(details && { details }) }], status);
}

export function v2NotFound(): Answer {
  return v2Error(404, 'The requested resource was not found.');
}

/** v3: an object. */
export function v3Error(status: number, title: string, errors: Record<string, string> = {}): Answer {
  return json({ status, title, type: statusCodesPage, errors }, status);
}

export function problem(status: number, title: string, errors: Record<string, string> = {}): Answer {
  return { ...v3Error(status, title, errors), contentType: 'application/problem+json' };
}

export function invalid(errors: Record<string, string>): Answer {
  return v3Error(422, 'JSON data is missing or invalid', errors);
}

/** A list of v2: a bare array of one page; nothing at all is 204 (facts/bigcommerce.md 3). */
export function v2Page(rows: readonly unknown[], { page, limit }: Paging): Answer {
  const shown = rows.slice((page - 1) * limit, page * limit);
  return shown.length === 0 ? noContent() : json(shown);
}

export interface Paging {
  page: number;
  limit: number;
}

/** A list of v3 with its offset meta. */
export function v3Page<Row>(rows: readonly Row[], { page, limit }: Paging, show: (row: Row) => unknown = (row) => row): Answer {
  const shown = rows.slice((page - 1) * limit, page * limit);
  return data(shown.map(show), { meta: { pagination: pagination(rows.length, shown.length, { page, limit }) } });
}

function pagination(total: number, count: number, { page, limit }: Paging): Record<string, unknown> {
  const pages = Math.max(1, Math.ceil(total / limit));
  const link = (number: number): string => `?page=${number}&limit=${limit}`;
  const links = {
    ...(page > 1 && { previous: link(page - 1) }),
    current: link(page),
    ...(page < pages && { next: link(page + 1) }),
  };
  return { total, count, per_page: limit, current_page: page, total_pages: pages, links };
}

export interface CursorPaging extends Paging {
  after: string | undefined;
  before: string | undefined;
}

/** A list of v3 that pages both ways: page 1 carries both metas, later pages the offset one, cursors the cursor one. Rows have their ids. */
export function v3CursorPage<Row extends { id: number }>(rows: readonly Row[], paging: CursorPaging, show: (row: Row) => unknown): Answer {
  const { page, limit, after, before } = paging;
  if (after === undefined && before === undefined && page > 1) return v3Page(rows, paging, show);
  const from = after === undefined ? (before === undefined ? 0 : Math.max(0, indexOf(rows, before) - limit)) : indexOf(rows, after) + 1;
  const to = before === undefined ? from + limit : indexOf(rows, before);
  const shown = rows.slice(from, to);
  const [first, last] = [shown[0], shown.at(-1)];
  const cursor_pagination = {
    count: shown.length,
    per_page: limit,
    start_cursor: first ? cursorOf(first) : '',
    end_cursor: last ? cursorOf(last) : '',
    links: {
      ...(from > 0 && first && { previous: `?limit=${limit}&before=${cursorOf(first)}` }),
      current: `?limit=${limit}`,
      ...(from + shown.length < rows.length && last && { next: `?limit=${limit}&after=${cursorOf(last)}` }),
    },
  };
  const isFirstPage = after === undefined && before === undefined;
  const meta = { ...(isFirstPage && { pagination: pagination(rows.length, shown.length, { page: 1, limit }) }), cursor_pagination };
  return data(shown.map(show), { meta });
}

function cursorOf({ id }: { id: number }): string {
  return Buffer.from(`id:${id}`).toString('base64');
}

/** Where a row stands, or would have stood when it is gone meanwhile. */
function indexOf(rows: readonly { id: number }[], cursor: string): number {
  const id = Number(Buffer.from(cursor, 'base64').toString().slice(3));
  const at = rows.findIndex((row) => row.id === id);
  return at >= 0 ? at : rows.findIndex((row) => row.id > id) - 1;
}
