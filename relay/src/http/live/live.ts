import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express, Request } from 'express';
import { WebSocketServer } from 'ws';
import { countFailedSignIns } from '../failed-sign-ins.ts';
import { ApiError, problem, toApiError } from '../problem.ts';
import type { Services } from '../services.ts';
import { admit, type Admission } from './admission.ts';
import { LiveClient } from './client.ts';
import { openLiveFeed } from './feed.ts';

export interface LiveLimits {
  failedSignInsPerMinute: number;
  /** Pages and programs that may watch, altogether and of one person or token. */
  liveClients?: number;
  liveClientsEach?: number;
  /** How often it is looked whether they are there and still may. */
  liveBeatMs?: number;
}

/** Tells pages and programs what changes. Disposing it cuts them all. */
export interface Live extends AsyncDisposable {
  /** Takes an upgrade to `/live`, and refuses every other. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** `GET /live?tenant=<id>&after=<seq>` as a WebSocket: what changes in the tenant, as it changes. */
export function openLive(app: Express, services: Services, limits: LiveLimits): Live {
  const { clock, log } = services;
  const { liveClients = 1000, liveClientsEach = 50, liveBeatMs = 10_000 } = limits;
  const feed = openLiveFeed(services.store);
  const failed = countFailedSignIns({ clock, perMinute: limits.failedSignInsPerMinute });
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 1024, perMessageDeflate: false });
  const clients = new Map<LiveClient, Admission>();
  const over = new AbortController();

  function refuseTooMany({ actor }: Admission): void {
    const own = [...clients.values()].filter((one) => one.actor === actor).length;
    if (clients.size >= liveClients || own >= liveClientsEach)
      throw new ApiError(429, 'LIVE_LIMITED', 'too many pages and programs watch already', {
        headers: { 'Retry-After': '60' },
        fix: 'Close some of them; the API answers without them too.',
      });
  }

  async function welcome(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url?.split('?')[0] !== '/live')
      throw new ApiError(404, 'NO_SUCH_ADDRESS', 'there is nothing to listen to here', { fix: 'Listen at /live.' });
    const admission = await admit(asExpress(app, request), services, failed);
    refuseTooMany(admission);
    if (over.signal.aborted) return void socket.destroy();
    server.handleUpgrade(request, socket, head, (opened) => {
      const { tenantId, after } = admission;
      const client = new LiveClient({ socket: opened, feed, clock, tenantId, after });
      clients.set(client, admission);
      opened.once('close', () => clients.delete(client));
    });
  }

  async function beats(): Promise<void> {
    for (;;) {
      await clock.wait(liveBeatMs, over.signal);
      for (const client of clients.keys()) client.beat();
      await cutStrangers(clients).catch((error: unknown) =>
        log.warn({ err: error }, 'could not look whether those who watch still may; next try in a moment'),
      );
    }
  }
  const beating = beats().catch(() => undefined);

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      welcome(request, socket, head).catch((error: unknown) => refuse(socket, error));
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await cutAll(clients.keys());
      feed[Symbol.dispose]();
      await beating;
    },
  };
}

async function cutAll(clients: Iterable<LiveClient>): Promise<void> {
  const gone = [...clients].map((client) => client.end(1001, 'the relay is stopping', lastWordsMs));
  await Promise.all(gone);
}

const lastWordsMs = 1000;

/** With the addresses as express tells them: behind a proxy that is trusted. */
function asExpress(app: Express, request: IncomingMessage): Request {
  const { request: prototype } = app as unknown as { request: object };
  return Object.setPrototypeOf(request, prototype) as Request;
}

/** Each session and token is asked about once. */
async function cutStrangers(clients: ReadonlyMap<LiveClient, Admission>): Promise<void> {
  for (const same of Map.groupBy(clients, ([, { key }]) => key).values()) {
    const [first] = same;
    if (!first || (await first[1].isStillGood())) continue;
    for (const [client] of same) client.cut(1008, 'signed out');
  }
}

function refuse(socket: Duplex, error: unknown): void {
  const failure = toApiError(error);
  const body = JSON.stringify({ ...problem(failure), requestId: '' });
  const headers = { ...failure.headers, 'Content-Type': 'application/problem+json', 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = [`HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? ''}`, 'Connection: close'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
