import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Problem } from '../http/index.ts';
import { RelayProblem } from './failure.ts';

type Query = Record<string, string | number | boolean | undefined>;

/** The relay's HTTP API. Every method rejects with a RelayProblem when the relay refuses. */
export interface RelayClient {
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  /** An answer as it is: a page. */
  text(path: string, query?: Query): Promise<string>;
  send<Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, query?: Query): Promise<Answer>;
  /** A list's entries, from all its pages, at most `limit`. */
  list<Item>(path: string, query?: Query, limit?: number): Promise<Item[]>;
  /** An answer line by line, for as long as it goes on. */
  lines(path: string, query: Query): AsyncGenerator<Record<string, unknown>>;
}

export interface ClientSettings {
  url: string;
  token: string;
  signal: AbortSignal;
}

export function relayClient({ url, token, signal }: ClientSettings): RelayClient {
  async function request(method: string, path: string, { body, query = {} }: { body?: unknown; query?: Query }): Promise<Response> {
    const address = new URL(`${url.replace(/\/$/, '')}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, String(value));
    const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const init = { method, headers, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(address, init).catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason as Error;
      const code = (cause as { cause?: { code?: string } }).cause?.code;
      throw new Error(`no relay answers at ${url} (${code ?? 'no connection'}); is it running? Name another one with --url`, { cause });
    });
    if (response.ok) return response;
    throw new RelayProblem(await problemIn(response), response.status);
  }

  const json = async <Answer>(response: Response): Promise<Answer> => {
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  return {
    get: async (path, query = {}) => json(await request('GET', path, { query })),
    text: async (path, query = {}) => (await request('GET', path, { query })).text(),
    send: async (method, path, body, query = {}) => json(await request(method, path, { body, query })),
    async list<Item>(path: string, query: Query = {}, limit = Infinity) {
      const items: Item[] = [];
      let cursor: string | undefined;
      do {
        const pageSize = Math.min(limit - items.length, 200);
        const answer = await request('GET', path, { query: { ...query, limit: pageSize, cursor } });
        const page = await json<{ items: Item[]; nextCursor?: string | null }>(answer);
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && items.length < limit);
      return items;
    },
    async *lines(path, query) {
      const { body } = await request('GET', path, { query });
      if (!body) return;
      for await (const line of createInterface({ input: Readable.fromWeb(body) })) {
        const entry = JSON.parse(line) as Record<string, unknown>;
        if (isProblem(entry['problem'])) throw new RelayProblem(entry['problem'], 200);
        yield entry;
      }
    },
  };
}

async function problemIn(response: Response): Promise<Partial<Problem>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return { detail: `the answer was ${response.status} and not from a relay; check --url` };
  }
}

function isProblem(value: unknown): value is Problem {
  return value instanceof Object && 'type' in value && String(value.type).startsWith('urn:ml-relay:problem:');
}
