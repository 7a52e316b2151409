import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Random } from '../sap/seed/random.ts';
import { v3Error, type Answer } from './answers.ts';
import { answerCall, findRoute, isAllowed, type ApiClient, type Found } from './api/index.ts';
import { answerControl } from './control.ts';
import { FaultBox, type Fault, type FaultKind } from './faults.ts';
import { CallLimit } from './limits.ts';
import { truthOf, type OrderTruth } from './orders/truth.ts';
import { parseJson, readText, type ApiRequest } from './request.ts';
import { seedStore, type SeedOptions } from './seed/seed-store.ts';
import { emptyState, type StoreState } from './state.ts';
import type { Store, StoreIdentity } from './store.ts';
import { Webhooks, type WebhookOptions } from './webhooks/webhooks.ts';

export interface BigCommerceOptions {
  /** 0 takes a free one. */
  port?: number;
  storeHash?: string;
  /** Default EUR. */
  currency?: string;
  /** Default: one store-level account that may everything. */
  clients?: ApiClient[];
  /** Calls per window. Default 450. */
  quota?: number;
  /** Default 30,000. */
  windowMs?: number;
  /** Time every call takes. Default 0. */
  latencyMs?: number;
  /** Answers are compressed where the caller takes that. Default true. */
  gzip?: boolean;
  /** Hooks may point to this machine over plain HTTP, any port. Default true; otherwise HTTPS on 443 only. */
  allowsLoopback?: boolean;
  /** What the store holds at the start. */
  seed?: SeedOptions;
  webhooks?: Partial<WebhookOptions>;
  now?: () => number;
}

/** A running simulated store on loopback; disposing cuts all connections and forgets deliveries that wait. */
export interface BigCommerceSim extends AsyncDisposable {
  readonly origin: string;
  /** Settings of a relay connection. */
  readonly connectionSettings: { storeHash: string; accessToken: string; clientId: string; clientSecret: string; baseUrl: string };
  readonly clients: ApiClient[];
  readonly store: Store;
  readonly state: StoreState;
  readonly faults: FaultBox;
  readonly limit: CallLimit;
  readonly webhooks: Webhooks;
  readonly calls: CallCounter;
  /** The last 20,000 calls. */
  readonly log: LoggedCall[];
  /** What every order amounts to, by id. */
  truth(): OrderTruth[];
  /** Resolves as soon as the condition holds; it is looked at after every call and delivery. */
  until(condition: () => boolean): Promise<void>;
}

/** Answers sent, by `PUT /v2/orders/# 200`; `lost` in place of the status where none was sent. */
export type CallCounter = Record<string, number>;

export interface LoggedCall {
  at: number;
  method: string;
  /** With its query. */
  path: string;
  status: number | 'lost';
  body: string;
}

export interface SimParts {
  store: Store;
  clients: ApiClient[];
  faults: FaultBox;
  limit: CallLimit;
  webhooks: Webhooks;
  calls: CallCounter;
  log: LoggedCall[];
  /** Calls under way, by route. */
  underWay: Map<string, number>;
  options: BigCommerceOptions;
}

export const allScopes = [
  'store_v2_orders',
  'store_v2_transactions_read_only',
  'store_v2_customers',
  'store_v2_products',
  'store_inventory',
  'store_locations_read_only',
  'store_v2_information_read_only',
];

const defaultClient: ApiClient = {
  clientId: 'm9r6t0simulated0client0id0000001',
  clientSecret: 'nordlicht-client-secret-0000000000000000000000000001',
  accessToken: 'nordlicht-access-token-00000001',
  scopes: allScopes,
};

export async function startBigCommerce(options: BigCommerceOptions = {}): Promise<BigCommerceSim> {
  const { storeHash = 'nl4711', quota = 450, windowMs = 30_000, now = Date.now } = options;
  const clients = (options.clients ?? [defaultClient]).map((client) => ({ ...client, scopes: [...client.scopes] }));
  const state = emptyState();
  const identity: StoreIdentity = { storeHash, storeId: '1025646', currency: options.currency ?? 'EUR', origin: '' };
  const secretOf = (clientId: string): string | undefined => clients.find((one) => one.clientId === clientId)?.clientSecret;
  const webhookOptions = { compression: 1, denylist: {}, timeoutMs: 10_000, parallel: 16, ...options.webhooks };
  const webhooks = new Webhooks({ state, identity, secretOf, now, options: webhookOptions });
  const store: Store = { state, identity, random: new Random(4711), now, emit: (scope, data) => webhooks.emit(scope, data) };
  const parts: SimParts = {
    store,
    clients,
    faults: new FaultBox(),
    limit: new CallLimit({ quota, windowMs }),
    webhooks,
    calls: {},
    log: [],
    underWay: new Map(),
    options,
  };
  const events = new EventEmitter();
  events.setMaxListeners(0);
  webhooks.changes.on('change', () => events.emit('call'));
  const server = createServer((message, response) => {
    void handle(parts, message, response).finally(() => events.emit('call'));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  identity.origin = origin;
  seedStore(store, options.seed);
  const [first = defaultClient] = clients;
  const { clientId, clientSecret, accessToken } = first;
  return {
    origin,
    connectionSettings: { storeHash, accessToken, clientId, clientSecret, baseUrl: `${origin}/stores/{hash}` },
    clients,
    store,
    state,
    faults: parts.faults,
    limit: parts.limit,
    webhooks,
    calls: parts.calls,
    log: parts.log,
    truth: () => truthOfStore(state),
    until: async (condition) => {
      while (!condition()) await once(events, 'call');
    },
    [Symbol.asyncDispose]: async () => {
      await webhooks[Symbol.asyncDispose]();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export function truthOfStore({ orders, refunds }: StoreState): OrderTruth[] {
  const all = [...refunds.values()];
  return [...orders.values()].map((order) =>
    truthOf(
      order,
      all.filter((refund) => refund.order_id === order.header.id),
    ),
  );
}

async function handle(parts: SimParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://sim');
  const method = message.method ?? 'GET';
  const send = (answer: Answer): void => sendAnswer({ response, answer, gzip: takesGzip(parts, message), extra: {} });
  try {
    if (url.pathname.startsWith('/__control')) return send(await answerControl(parts, method, url.pathname, await readText(message)));
    const base = `/stores/${parts.store.identity.storeHash}`;
    if (!url.pathname.startsWith(`${base}/v`)) return send(v3Error(403, forbiddenTitle));
    const path = url.pathname.slice(base.length).replace(/\/+$/, '');
    const token = message.headers['x-auth-token'];
    const call = { method, path, query: url.searchParams, token: typeof token === 'string' ? token : '' };
    const found = findRoute(method, path);
    const name = typeof found === 'object' ? `${method} ${found.route.path}` : '';
    parts.underWay.set(name, (parts.underWay.get(name) ?? 0) + 1);
    try {
      await answerApi({ parts, call, found, message, response });
    } finally {
      parts.underWay.set(name, (parts.underWay.get(name) ?? 1) - 1);
    }
  } catch {
    response.destroy(); // the caller went away while it was sending
  }
}

interface ApiCall {
  parts: SimParts;
  call: Omit<ApiRequest, 'body'>;
  found: Found | 'other methods' | undefined;
  message: IncomingMessage;
  response: ServerResponse;
}

async function answerApi({ parts, call, found, message, response }: ApiCall): Promise<void> {
  const body = await readText(message);
  const client = parts.clients.find(({ accessToken }) => accessToken !== '' && accessToken === call.token);
  const fault = client ? parts.faults.take(call.method, call.path) : undefined;
  const waitMs = (parts.options.latencyMs ?? 0) + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const answer = answerWith({ parts, call, found, client, fault, body });
  note(parts, call, answer?.status ?? 'lost', body);
  if (!answer) return void response.destroy();
  const isBare = fault?.kind === 'limitWithoutHeaders' || answer.headers?.['X-Bare'] !== undefined;
  const extra = isBare ? {} : parts.limit.headers(parts.store.now());
  sendAnswer({ response, answer, gzip: takesGzip(parts, message), extra });
}

interface Answering extends Pick<ApiCall, 'parts' | 'call' | 'found'> {
  client: ApiClient | undefined;
  fault: Fault | undefined;
  body: string;
}

/** Undefined means the connection is dropped instead. */
function answerWith({ parts, call, found, client, fault, body }: Answering): Answer | undefined {
  const { limit, store } = parts;
  if (!client || fault?.kind === 'unauthorized') return v3Error(401, unauthorizedTitle);
  if (fault?.kind === 'scopeMissing') return v3Error(403, forbiddenTitle);
  if (fault?.kind === 'limitWithoutHeaders') return tooMany();
  if (fault?.kind === 'limit' || !limit.admit(store.now())) return limited(parts);
  if (typeof found === 'object') {
    const { route } = found;
    if (!isAllowed(route, client)) return v3Error(403, forbiddenTitle);
    const atOnce = parts.underWay.get(`${route.method} ${route.path}`) ?? 1;
    if (route.atOnce !== undefined && atOnce > route.atOnce) return { ...tooMany(), headers: { 'X-Bare': '1' } };
  }
  const instead = fault && insteadOfTheCall[fault.kind];
  if (instead) return instead();
  const sent = body === '' ? undefined : parseJson(body);
  if (body !== '' && sent === undefined) return v3Error(400, 'Input is invalid', { '': 'error.invalid.json' });
  const answer = answerCall(found, call.path, {
    store,
    client,
    request: { ...call, body: sent },
    allowsLoopback: parts.options.allowsLoopback ?? true,
    blockedDomains: (clientId) => parts.webhooks.blockedDomains(clientId),
  });
  const spoil = fault && afterTheCall[fault.kind];
  return spoil ? spoil(answer) : answer;
}

const unauthorizedTitle = 'Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store.';
const forbiddenTitle = 'Unauthorized Access. You do not have permission to make this request.';

function tooMany(): Answer {
  return v3Error(429, 'Too many requests');
}

function limited({ limit, store }: SimParts): Answer {
  const seconds = Math.ceil(Number(limit.headers(store.now())['X-Rate-Limit-Time-Reset-Ms']) / 1000);
  // In compressed windows a whole second would be longer than what the other header says.
  return { ...tooMany(), headers: limit.settings.windowMs >= 1000 ? { 'X-Retry-After': String(seconds) } : {} };
}

/** Faults that keep the call from having any effect. */
const insteadOfTheCall: Partial<Record<FaultKind, () => Answer | undefined>> = {
  dropBeforeCommit: () => undefined,
  error500BeforeCommit: () => v3Error(500, 'Internal Server Error'),
  error503BeforeCommit: () => ({ status: 503, body: 'Service Unavailable', contentType: 'text/plain' }),
  html: () => ({ status: 502, body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>', contentType: 'text/html' }),
};

/** Faults that hide what the call has done. */
const afterTheCall: Partial<Record<FaultKind, (answer: Answer) => Answer | undefined>> = {
  loseNextAnswer: () => undefined,
  error500AfterCommit: () => v3Error(500, 'Internal Server Error'),
  halfJson: (answer) => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) }),
};

function note({ calls, log, store }: SimParts, { method, path, query }: Omit<ApiRequest, 'body'>, status: number | 'lost', body: string): void {
  const name = `${method} ${path.replace(/\d+(?=\/|$)/g, '#')} ${status}`;
  calls[name] = (calls[name] ?? 0) + 1;
  log.push({ at: store.now(), method, path: query.size > 0 ? `${path}?${query}` : path, status, body });
  if (log.length > 20_000) log.splice(0, 5_000);
}

function takesGzip({ options }: SimParts, message: IncomingMessage): boolean {
  return (options.gzip ?? true) && /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''));
}

function sendAnswer(parts: { response: ServerResponse; answer: Answer; gzip: boolean; extra: Record<string, string> }): void {
  const { response, answer, gzip, extra } = parts;
  const { 'X-Bare': _bare, ...headers } = answer.headers ?? {};
  if (answer.body === '') return void response.writeHead(answer.status, { ...extra, ...headers }).end();
  const type = { 'Content-Type': answer.contentType ?? 'application/json' };
  if (gzip && answer.body.length > 1_000) {
    response.writeHead(answer.status, { ...type, ...extra, ...headers, 'Content-Encoding': 'gzip' }).end(gzipSync(answer.body));
    return;
  }
  response.writeHead(answer.status, { ...type, ...extra, ...headers }).end(answer.body);
}
