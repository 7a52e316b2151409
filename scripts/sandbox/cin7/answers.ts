import { randomUUID } from 'node:crypto';

/** What goes over the wire. `body` is JSON text unless the content type says otherwise. */
export interface Answer {
  status: number;
  body: string;
  contentType?: string;
  headers?: Record<string, string>;
}

export interface ApiError {
  ErrorCode: number;
  Exception: string;
}

export function ok(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

/** The vendor reports only some of the problems of a call: at most two here. */
export function invalid(errors: (string | ApiError)[]): Answer {
  const items = errors.slice(0, 2).map((one) => (typeof one === 'string' ? { ErrorCode: 400, Exception: one } : one));
  return { status: 400, body: JSON.stringify(items) };
}

export function failure(status: number, text: string): Answer {
  return { status, body: JSON.stringify([{ ErrorCode: status, Exception: text }]) };
}

export function methodNotAllowed(method: string): Answer {
  return { status: 405, body: JSON.stringify({ Message: `The requested resource does not support http method '${method}'.` }) };
}

/** What an unknown path answers: a web page, with status 200. */
export function pageNotFound(): Answer {
  const body = '<!DOCTYPE html>\r\n<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>';
  return { status: 200, body, contentType: 'text/html; charset=utf-8' };
}

/** Decimals come out with ten places (`0.0000000000`). */
export function oddDecimal(value: number): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toFixed(10));
}

/** Decimal text as a JSON number, with at least that many places. */
export function exactDecimal(value: string, places: number): unknown {
  const [whole = '0', fraction = ''] = value.split('.');
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(`${whole}.${fraction.padEnd(places, '0')}`);
}

/** `2018-02-02T03:37:30.39Z`: as .NET writes it, with up to seven fractional digits and no trailing zeros. */
export function oddTimestamp(now: number): string {
  const fraction = `${new Date(now).toISOString().slice(20, 23)}${String(now % 9973).padStart(4, '0')}`.replace(/0+$/, '');
  return `${new Date(now).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

export function newId(): string {
  return randomUUID();
}

export interface Paging {
  page: number;
  limit: number;
}

/** `{Total, Page, <key>: rows of this page}`. */
export function envelope<Row>(
  key: string,
  rows: readonly Row[],
  { page, limit }: Paging,
  show: (row: Row) => unknown = (row) => row,
): Answer {
  const from = (page - 1) * limit;
  return ok({ Total: rows.length, Page: page, [key]: rows.slice(from, from + limit).map(show) });
}

/** A scalar of a body as text; nothing for what is no scalar. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
