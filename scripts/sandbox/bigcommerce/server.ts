import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Random } from '../sap/seed/random.ts';
import { handle } from './answering.ts';
import type { ApiClient } from './api/index.ts';
import { FaultBox } from './faults.ts';
import { CallLimit } from './limits.ts';
import { truthOfStore, type OrderTruth } from './orders/truth.ts';
import type { CallCounter, LoggedCall, SimParts } from './parts.ts';
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
    settings: { latencyMs: options.latencyMs ?? 0, gzip: options.gzip ?? true, allowsLoopback: options.allowsLoopback ?? true },
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
