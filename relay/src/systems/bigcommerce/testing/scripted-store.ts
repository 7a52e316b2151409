import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastClock, testScope, type FastClock } from '../../testing/index.ts';
import { bigCommerceSettings, openBigCommerceSession, type OpenBigCommerceSession } from '../index.ts';

export interface Asked {
  method: string;
  /** `v2/orders/250`. */
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  /** As sent. */
  body: string;
}

/** An answer: JSON with status 200 unless it says otherwise. Text is sent as it is; undefined is no content. `'cut'` breaks the connection. */
export interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

type Reply = Scripted | 'cut' | undefined;

export interface ScriptedStore extends AsyncDisposable {
  session: OpenBigCommerceSession;
  scope: ReturnType<typeof testScope>;
  clock: FastClock;
  asked: Asked[];
}

/** A session on a store that answers exactly what the test says. */
export async function scriptedStore(
  answer: (asked: Asked, number: number) => Reply | Promise<Reply>,
  settings: Record<string, unknown> = {},
): Promise<ScriptedStore> {
  const asked: Asked[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      const one = await readAsked(message);
      asked.push(one);
      reply(response, await answer(one, asked.length));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clock = fastClock();
  const session = openBigCommerceSession({
    settings: bigCommerceSettings.parse({
      storeHash: 'abc123',
      accessToken: 'token-of-the-store',
      clientId: 'm9r6client',
      clientSecret: 'client-secret',
      baseUrl: `http://127.0.0.1:${port}/stores/{hash}`,
      ...settings,
    }),
    clock,
    random: () => 0.5,
  });
  return {
    session,
    scope: testScope(),
    clock,
    asked,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readAsked(message: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(message.url ?? '/', 'http://store');
  return {
    method: message.method ?? '',
    path: url.pathname.replace(/^\/stores\/abc123\//, ''),
    query: Object.fromEntries(url.searchParams),
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(response: ServerResponse, answer: Reply): void {
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  const { status = answer?.body === undefined ? 204 : 200, headers = {}, body } = answer ?? {};
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
}
