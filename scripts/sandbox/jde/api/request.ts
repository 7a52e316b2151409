import type { IncomingMessage } from 'node:http';
import { textOf } from '../scalar.ts';

export interface AisRequest {
  method: string;
  version: 1 | 2 | 3;
  /** After `/jderest` and the version: `/dataservice`. */
  path: string;
  query: URLSearchParams;
  /** Undefined: no JSON object was sent. */
  body: Record<string, unknown> | undefined;
  hasText: boolean;
  isJson: boolean;
  /** A header's value, '' where it is not there. */
  header(name: string): string;
  remoteAddress: string;
}

export function readRequest(message: IncomingMessage, url: URL, text: string): AisRequest {
  const [, version, path = ''] = /^\/jderest(?:\/v(\d))?(\/.*)?$/.exec(url.pathname) ?? [];
  return {
    method: message.method ?? 'GET',
    version: version === '2' ? 2 : version === '3' ? 3 : 1,
    path: path.replace(/\/+$/, ''),
    query: url.searchParams,
    body: parseObject(text),
    hasText: text.trim() !== '',
    isJson: (message.headers['content-type'] ?? '').toLowerCase().startsWith('application/json'),
    header: (name) => headerText(message, name),
    remoteAddress: message.socket.remoteAddress ?? '',
  };
}

export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A member of the body that should be a text; '' where it is none. */
export function bodyText({ body }: Pick<AisRequest, 'body'>, name: string): string {
  return textOf(body?.[name]);
}

function headerText(message: IncomingMessage, name: string): string {
  const value = message.headers[name.toLowerCase()];
  return typeof value === 'string' ? value.trim() : '';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
