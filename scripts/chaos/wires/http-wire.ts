import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { Holds, type Held, type HoldRequest, type Phase } from './holds.ts';

/** One call on its way to the target. */
export interface HttpCall {
  method: string;
  /** After the base URL, with its query: `supplier?Name=…`. */
  path: string;
  body: string;
}

/** What the caller gets in place of the target's own answer. */
export interface CannedAnswer {
  status: number;
  contentType?: string;
  headers?: Record<string, string>;
  body: string;
}

/** Stands between a caller and a target on HTTP: passes calls on, holds chosen ones, breaks or replaces their answers. */
export interface HttpWire extends AsyncDisposable {
  readonly baseUrl: string;
  /** Resolves once the n-th call from now that matches is held, before the target sees it or before its answer leaves. */
  hold(request: HoldRequest<HttpCall>): Held<CannedAnswer, HttpCall>;
  /** Done to the next `times` calls. */
  next(times: number, fault: (held: Held<CannedAnswer, HttpCall>) => void, options: { phase: Phase }): void;
  /** Lets everything go that waits, and forgets what was still to come. */
  clear(): void;
  /** Refuses connections and breaks those that are open. */
  shut(): void;
  open(): void;
  /** The last calls with what became of them, for the evidence. */
  readonly log: readonly string[];
}

const keptLines = 2000;

export async function openHttpWire(target: string): Promise<HttpWire> {
  const { origin, pathname: prefix } = new URL(target);
  const pool = new Pool(origin, { connections: 64 });
  const holds = new Holds<HttpCall, CannedAnswer>();
  const log: string[] = [];
  let isShut = false;
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    if (isShut) socket.resetAndDestroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request, prefix);
    const note = (outcome: string): void => {
      log.push(`${new Date().toISOString()} ${call.method} ${call.path} ${outcome}`);
      if (log.length > keptLines) log.shift();
    };
    const before = await holds.meet('before', call);
    if (before.kind === 'lose') return void (note('lost before'), response.destroy());
    if (before.kind === 'answer') return (note(`answered ${before.answer.status} in the target's place`), send(response, before.answer));
    const answer = await ask(request, call);
    const after = await holds.meet('after', call);
    if (after.kind === 'lose') return void (note(`${answer.status}, lost after`), response.destroy());
    if (after.kind === 'answer') return (note(`${answer.status}, answered ${after.answer.status} instead`), send(response, after.answer));
    note(String(answer.status));
    send(response, answer);
  }

  async function ask({ headers }: IncomingMessage, { method, path, body }: HttpCall): Promise<CannedAnswer> {
    const { host: _host, connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...others } = headers;
    // Answers are read here as text.
    const { 'accept-encoding': _compressed, ...passed } = others;
    const answer = await pool.request({
      method,
      path: prefix + path,
      headers: passed as Record<string, string>,
      body: body || null,
    });
    const { 'content-type': contentType, 'retry-after': retryAfter, location } = answer.headers as Record<string, string | undefined>;
    return {
      status: answer.statusCode,
      ...(contentType ? { contentType } : {}),
      headers: { ...(retryAfter ? { 'Retry-After': retryAfter } : {}), ...(location ? { Location: location } : {}) },
      body: await answer.body.text(),
    };
  }

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    hold: (request) => holds.arm(request),
    next: (times, fault, { phase }) => holds.armNext(times, fault, phase),
    clear: () => holds.releaseAll(),
    shut() {
      isShut = true;
      server.closeAllConnections();
    },
    open: () => void (isShut = false),
    log,
    async [Symbol.asyncDispose]() {
      holds.releaseAll();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await pool.destroy();
    },
  };
}

async function readCall(request: IncomingMessage, prefix: string): Promise<HttpCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = request.url ?? '/';
  return {
    method: request.method ?? 'GET',
    path: url.toLowerCase().startsWith(prefix.toLowerCase()) ? url.slice(prefix.length) : url,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(
  response: ServerResponse,
  { status, contentType = 'application/json; charset=utf-8', headers = {}, body }: CannedAnswer,
): void {
  response.writeHead(status, { 'Content-Type': contentType, ...headers });
  response.end(body);
}
