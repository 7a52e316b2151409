import type { IncomingMessage } from 'node:http';
import type { Paging } from './answers.ts';

/** One API call: path and parameter names are matched whatever their case, unknown parameters are there and nobody looks. */
export interface ApiRequest {
  method: string;
  /** After `/ExternalApi/v2`, lower case: `/supplier`. */
  path: string;
  /** Parameter by name; names are compared in lower case. */
  param(name: string): string | undefined;
  paging(cap?: number): Paging;
  /** Undefined when the body is not a JSON object. */
  body: Record<string, unknown> | undefined;
  key: { accountId: string; applicationKey: string };
}

export function readRequest(message: IncomingMessage, path: string, query: URLSearchParams, text: string): ApiRequest {
  const params = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const param = (name: string): string | undefined => params.get(name.toLowerCase());
  return {
    method: message.method ?? 'GET',
    path: path.toLowerCase(),
    param,
    paging: (cap = 1000) => ({ page: whole(param('Page'), 1, Infinity), limit: Math.min(cap, whole(param('Limit'), 100, 1000)) }),
    body: parseObject(text),
    key: { accountId: header(message, 'api-auth-accountid'), applicationKey: header(message, 'api-auth-applicationkey') },
  };
}

export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function whole(text: string | undefined, missing: number, max: number): number {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) || value < 1 ? missing : Math.min(value, max);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // Numbers stay as they were written, so that amounts are exact.
    const value: unknown = JSON.parse(text, (_key, one: unknown, context?: { source?: string }) =>
      typeof one === 'number' ? context?.source : one,
    );
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function header(message: IncomingMessage, name: string): string {
  const value = message.headers[name];
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}
