import type { IncomingMessage } from 'node:http';
import type { CursorPaging, Paging } from './answers.ts';

/** One API call under `/stores/{hash}`. */
export interface ApiRequest {
  method: string;
  /** `/v2/orders/250` */
  path: string;
  query: URLSearchParams;
  /** Undefined when there is none or it is no JSON. */
  body: unknown;
  token: string;
}

export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Default 50, at most 250 (facts/bigcommerce.md 3). */
export function paging({ query }: ApiRequest, most = 250): Paging {
  return { page: whole(query.get('page'), 1), limit: Math.min(most, whole(query.get('limit'), 50)) };
}

export function cursorPaging(request: ApiRequest): CursorPaging {
  const { query } = request;
  return { ...paging(request), after: query.get('after') ?? undefined, before: query.get('before') ?? undefined };
}

/** A comma list of a filter, or undefined where the filter is not given. */
export function list({ query }: ApiRequest, name: string): string[] | undefined {
  return query
    .get(name)
    ?.split(',')
    .map((one) => one.trim());
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** The rows of a batch, or undefined where the body is not a list of objects. */
export function asRows(value: unknown): Record<string, unknown>[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows = value.map(asObject);
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

/** A scalar as text; nothing for what is no scalar. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function whole(value: string | null, missing: number): number {
  const number = Number.parseInt(value ?? '', 10);
  return Number.isNaN(number) || number < 1 ? missing : number;
}
