import path from 'node:path';
import type {
  actions,
  ApiClient,
  Attempt,
  CallCounter,
  CustomerRow,
  Fault,
  HookRow,
  LoggedCall,
  MetafieldRow,
  OrderRow,
  OrderTruth,
  RefundRow,
  StoreState,
  WebhookSwitches,
} from '../sandbox/bigcommerce/index.ts';
import { startChild, type Child } from './child.ts';
import { repository } from './relay-process.ts';

type Actions = typeof actions;

export interface BigCommerceSnapshot {
  orders: Omit<OrderRow, 'plan'>[];
  refunds: RefundRow[];
  customers: CustomerRow[];
  metafields: MetafieldRow[];
  hooks: HookRow[];
  products: StoreState['products'] extends Map<number, infer Product> ? Product[] : never;
  prices: { id: number; name: string; records: { sku: string; currency: string; price: number }[] }[];
  stock: Record<string, number>;
}

export interface BigCommerceProcess extends AsyncDisposable {
  readonly child: Child;
  readonly origin: string;
  /** Settings for a relay connection. */
  readonly connectionSettings: Record<string, unknown>;
  /** As a shopper or the merchant's people do: `act('placeOrder', { kind: 'bundle' })`. */
  act<Name extends keyof Actions>(name: Name, args: Parameters<Actions[Name]>[1]): Promise<ReturnType<Actions[Name]>>;
  snapshot(): Promise<BigCommerceSnapshot>;
  /** What every order amounts to, counted by the simulator. */
  truth(): Promise<OrderTruth[]>;
  /** Calls since the last `forgetCalls`, by method, path and status: `GET /v2/orders/# 200`. */
  calls(): Promise<CallCounter>;
  log(): Promise<LoggedCall[]>;
  forgetCalls(): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  setLimits(limits: { quota?: number; windowMs?: number; otherApps?: number }): Promise<void>;
  switchWebhooks(switches: Partial<WebhookSwitches>): Promise<void>;
  /** Sends what reordering holds back. */
  flushWebhooks(): Promise<void>;
  expireHooks(scopes?: string[]): Promise<void>;
  webhooks(): Promise<{ counts: { events: number; delivered: number; failed: number; givenUp: number }; open: number; mails: string[] }>;
  deliveries(): Promise<Attempt[]>;
  /** Another token revokes the old one. */
  changeClient(change: Partial<ApiClient>): Promise<void>;
}

export interface BigCommerceProcessOptions {
  /** Orders that are there at the start; default 0. */
  orders?: number;
  customers?: number;
  products?: number;
  seed?: number;
  port?: number;
  currency?: string;
  /** 600 makes a minute of waiting for a retry 100 ms; default 1. */
  compression?: number;
  quota?: number;
  windowMs?: number;
  latencyMs?: number;
}

/** Starts the simulated BigCommerce store as a process of its own. */
export async function startBigCommerceProcess(options: BigCommerceProcessOptions = {}): Promise<BigCommerceProcess> {
  const { windowMs, latencyMs, ...others } = options;
  const flags = { ...others, 'window-ms': windowMs, 'latency-ms': latencyMs };
  const child = startChild({
    name: 'simulated BigCommerce store',
    args: [
      path.join(repository, 'scripts/sandbox/bigcommerce/main.ts'),
      ...Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ],
  });
  const [line] = await child.line(/^\{.*\}$/);
  const { origin, connectionSettings } = JSON.parse(line) as { origin: string; connectionSettings: Record<string, unknown> };
  const control = async <Answer>(method: string, what: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${origin}/__control/${what}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`simulated BigCommerce store: ${method} ${what}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    child,
    origin,
    connectionSettings,
    act: (name, args) => control('POST', `actions/${name}`, args),
    snapshot: () => control('GET', 'snapshot'),
    truth: () => control('GET', 'truth'),
    calls: async () => (await control<{ calls: CallCounter }>('GET', 'calls')).calls,
    log: () => control('GET', 'log'),
    forgetCalls: async () => void (await control('DELETE', 'calls')),
    addFault: async (fault) => void (await control('POST', 'faults', fault)),
    clearFaults: async () => void (await control('DELETE', 'faults')),
    setLimits: async (limits) => void (await control('POST', 'limits', limits)),
    switchWebhooks: async (switches) => void (await control('POST', 'webhooks', switches)),
    flushWebhooks: async () => void (await control('POST', 'flush')),
    expireHooks: async (scopes) => void (await control('POST', 'expire-hooks', { scopes })),
    webhooks: () => control('GET', 'webhooks'),
    deliveries: () => control('GET', 'deliveries'),
    changeClient: async (change) => void (await control('POST', 'client', change)),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}
