import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageNotFound, type Answer } from './answers.ts';
import { answerCall, forbidden, isKnown, limitAnswer, type ApiContext } from './api.ts';
import { answerControl } from './control.ts';
import { afterTheCall, beforeTheCall, insteadOfTheCall } from './fault-effects.ts';
import { FaultBox, type Fault } from './faults.ts';
import { CallLimit, type LimitStyle } from './limits.ts';
import { readRequest, readText, type ApiRequest } from './request.ts';
import type { PurchaseRow } from './purchase-rows.ts';
import { openState, type Cin7State, type SupplierRow } from './state.ts';

export interface Cin7SimOptions {
  /** 0 takes a free one. */
  port?: number;
  /** 60 makes a simulated minute last one second. Default 1. */
  timeScale?: number;
  /** Default 60. */
  callsPerMinute?: number;
  limitStyle?: LimitStyle;
  /** Time every call takes. Default 0. */
  latencyMs?: number;
  /** What was written is kept here from start to start. */
  stateFile?: string;
  accountId?: string;
  applicationKey?: string;
}

/** A running simulated company. Its port is bound to loopback; disposing cuts all connections. */
export interface Cin7Sim extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** With the version, ending in a slash. */
  readonly baseUrl: string;
  /** Settings of a relay connection that fit this simulator and its compressed time. */
  readonly connectionSettings: {
    baseUrl: string;
    accountId: string;
    applicationKey: string;
    callsPerMinute: number;
    limitWindowSeconds: number;
  };
  readonly state: Cin7State;
  readonly faults: FaultBox;
  readonly limit: CallLimit;
  readonly calls: CallCounter;
  suppliers(): SupplierRow[];
  purchases(): PurchaseRow[];
  /** Resolves as soon as the condition holds; it is looked at after every call. */
  until(condition: () => boolean): Promise<void>;
}

/** Answers sent, by `POST /supplier 200`; `lost` in place of the status where none was sent. */
export type CallCounter = Record<string, number>;

export interface SimParts extends ApiContext {
  faults: FaultBox;
  limit: CallLimit;
  calls: CallCounter;
  key: { accountId: string; applicationKey: string };
  latencyMs: number;
}

const version = '/externalapi/v2';

export async function startCin7(options: Cin7SimOptions = {}): Promise<Cin7Sim> {
  const { timeScale = 1, callsPerMinute = 60, limitStyle = '429', stateFile } = options;
  const key = {
    accountId: (options.accountId ?? '5f3b8a52-6d1e-4c1b-9f6e-0c8f2f7a1b10').toLowerCase(),
    applicationKey: (options.applicationKey ?? 'c0ffee00-1d2c-4b3a-8f4e-5a6b7c8d9e0f').toLowerCase(),
  };
  const parts: SimParts = {
    state: openState(stateFile),
    stateFile,
    now: () => Date.now(),
    faults: new FaultBox(),
    limit: new CallLimit({ callsPerMinute, style: limitStyle, timeScale }),
    calls: {},
    key,
    latencyMs: options.latencyMs ?? 0,
  };
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const server = createServer((message, response) => {
    void handle(parts, message, response).finally(() => events.emit('call'));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const baseUrl = `${origin}/ExternalApi/v2/`;
  return {
    port,
    origin,
    baseUrl,
    connectionSettings: {
      baseUrl,
      ...key,
      // 50 of 60 are used, as against the real system.
      callsPerMinute: Math.max(1, Math.floor((callsPerMinute * timeScale * 50) / 60)),
      limitWindowSeconds: 60 / timeScale,
    },
    state: parts.state,
    faults: parts.faults,
    limit: parts.limit,
    calls: parts.calls,
    suppliers: () => [...parts.state.suppliers.values()],
    purchases: () => [...parts.state.purchases.values()],
    until: async (condition) => {
      while (!condition()) await once(events, 'call');
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(parts: SimParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://sim');
  try {
    const text = await readText(message);
    if (url.pathname.startsWith('/__control')) return send(response, answerControl(parts, message.method ?? 'GET', url.pathname, text));
    if (!url.pathname.toLowerCase().startsWith(version)) return send(response, pageNotFound());
    const request = readRequest(message, url.pathname.slice(version.length).replace(/\/+$/, ''), url.searchParams, text);
    await answerApi(parts, request, response);
  } catch {
    response.destroy(); // the caller went away while it was sending
  }
}

async function answerApi(parts: SimParts, request: ApiRequest, response: ServerResponse): Promise<void> {
  const { calls, faults, latencyMs } = parts;
  const count = (outcome: number | 'lost'): void => {
    const name = `${request.method} ${request.path} ${outcome}`;
    calls[name] = (calls[name] ?? 0) + 1;
  };
  if (!isKnown(request.path)) {
    count(200);
    return send(response, pageNotFound());
  }
  const fault = isAuthorised(parts, request) ? faults.take(request.method, request.path) : undefined;
  const waitMs = latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const answer = answerWith(parts, request, fault);
  count(answer?.status ?? 'lost');
  if (!answer) response.destroy();
  else send(response, answer);
}

function isAuthorised({ key }: SimParts, request: ApiRequest): boolean {
  return request.key.accountId === key.accountId && request.key.applicationKey === key.applicationKey;
}

/** Undefined means the connection is dropped instead. */
function answerWith(parts: SimParts, request: ApiRequest, fault: Fault | undefined): Answer | undefined {
  const { limit } = parts;
  if (!isAuthorised(parts, request) || fault?.kind === 'forbidden') return forbidden();
  if (fault?.kind === 'limit' || !limit.admit(request.key.applicationKey, parts.now()))
    return limitAnswer(limit, fault?.style ?? limitStyleOf(request.path, limit.settings.style));
  const instead = fault && insteadOfTheCall[fault.kind];
  if (instead) return instead(request);
  if (fault && request.body) beforeTheCall[fault.kind]?.(request.body, fault);
  const answer = answerCall(parts, request);
  const spoil = fault && afterTheCall[fault.kind];
  return spoil ? spoil(answer) : answer;
}

/** Purchases report the limit in their own way, whatever the others do (facts/cin7.md 2). */
function limitStyleOf(path: string, style: LimitStyle): LimitStyle {
  return path === '/purchase' || path.startsWith('/purchase/') || path.startsWith('/advanced-purchase') ? '400' : style;
}

function send(response: ServerResponse, { status, body, contentType = 'application/json; charset=utf-8', headers = {} }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-cache', ...headers });
  response.end(body);
}
