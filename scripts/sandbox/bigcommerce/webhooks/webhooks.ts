import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { HookRow, Row, StoreState } from '../state.ts';
import type { StoreIdentity } from '../store.ts';
import { Denylist, publishedDenylist, type DenylistRule } from './denylist.ts';
import { Sender } from './sender.ts';
import { sign } from './sign.ts';

/** Waits before the retries, in seconds, as published (facts/bigcommerce.md 5.6): twelve attempts in two days. */
export const retrySeconds = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400] as const;

/** How deliveries misbehave; all may be changed while it runs. */
export interface WebhookSwitches {
  /** Off: events are forgotten, as when the store loses them. */
  isOn: boolean;
  /** Every event so many times more. */
  duplicates: number;
  /** Events are held until so many have come, then sent the other way round. 0: as they come. `flush()` sends what is held. */
  reorderBy: number;
  delayMs: number;
  signature: 'right' | 'missing' | 'wrong';
  /** The time in the signature lies so far back. */
  staleSeconds: number;
  /** The headers given with the hook are replayed. */
  replaysHeaders: boolean;
}

export interface WebhookOptions {
  /** 600 makes a minute of waiting 100 ms. Default 1. */
  compression: number;
  /** Default: the published rule, its times compressed. */
  denylist: Partial<DenylistRule>;
  /** A destination that has not answered by then has failed. Default 10,000, uncompressed. */
  timeoutMs: number;
  /** Deliveries at the same time. */
  parallel: number;
}

/** One attempt to deliver. */
export interface Attempt {
  webhookId: string;
  hookId: number;
  scope: string;
  destination: string;
  attempt: number;
  at: number;
  /** 0: no answer. */
  status: number;
  ms: number;
}

interface Delivery {
  webhookId: string;
  hook: HookRow;
  body: string;
  attempt: number;
}

interface WebhookParts {
  state: StoreState;
  identity: StoreIdentity;
  secretOf: (clientId: string) => string | undefined;
  now: () => number;
  options: WebhookOptions;
}

const exceptionScope = 'store/hook/deliveryException';

/** Sends the store's events to its hooks and repeats what fails, until it switches a hook off. Disposing forgets what waits. */
export class Webhooks implements AsyncDisposable {
  readonly switches: WebhookSwitches = {
    isOn: true,
    duplicates: 0,
    reorderBy: 0,
    delayMs: 0,
    signature: 'right',
    staleSeconds: 0,
    replaysHeaders: true,
  };
  /** The last 20,000. */
  readonly attempts: Attempt[] = [];
  /** Mails that would have gone to the merchant. */
  readonly mails: string[] = [];
  readonly counts = { events: 0, delivered: 0, failed: 0, givenUp: 0 };
  readonly changes = new EventEmitter();
  private readonly parts: WebhookParts;
  private readonly denylist: Denylist;
  private readonly sender: Sender;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly exceptionsAt = new Map<string, number>();
  private held: Delivery[] = [];
  private underWay = 0;
  private isClosed = false;

  constructor(parts: WebhookParts) {
    this.parts = parts;
    const { compression, denylist, timeoutMs, parallel } = parts.options;
    const { windowMs, blockMs } = publishedDenylist;
    this.denylist = new Denylist({ ...publishedDenylist, windowMs: windowMs / compression, blockMs: blockMs / compression, ...denylist });
    this.sender = new Sender({ timeoutMs, parallel });
    this.changes.setMaxListeners(0);
  }

  /** To every active hook of the scope; wildcard tails count. */
  emit(scope: string, data: Row): void {
    if (!this.switches.isOn || this.isClosed) return;
    const { state, identity, now } = this.parts;
    const hooks = [...state.hooks.values()].filter((hook) => hook.is_active && covers(hook.scope, scope));
    if (hooks.length === 0) return;
    this.counts.events += 1;
    const body = JSON.stringify({
      scope,
      store_id: identity.storeId,
      data,
      // Without a time in it: two changes of one order have the same hash, the harder of the two readings.
      hash: createHash('sha1').update(JSON.stringify({ scope, data })).digest('hex'),
      created_at: Math.floor(now() / 1000),
      producer: `stores/${identity.storeHash}`,
    });
    for (const hook of hooks) this.accept({ webhookId: `msg_${randomUUID().replaceAll('-', '')}`, hook, body, attempt: 1 });
  }

  /** Sends what reordering holds back. */
  flush(): void {
    const held = this.held.reverse();
    this.held = [];
    for (const delivery of held) this.begin(delivery, this.switches.delayMs);
  }

  /** Deliveries on their way, waiting for their next attempt, or held. */
  get open(): number {
    return this.underWay + this.held.length;
  }

  /** Resolves when nothing is on its way or waits any more. */
  async settled(): Promise<void> {
    while (this.open > 0) await new Promise((resolve) => this.changes.once('change', resolve));
  }

  blockedDomains(clientId: string): unknown[] {
    return this.denylist.blocked(clientId, this.parts.now());
  }

  /** 90 days without an event have passed for these hooks; default: for all. */
  expireHooks(scopes?: string[]): void {
    for (const hook of this.parts.state.hooks.values())
      if (hook.is_active && (!scopes || scopes.includes(hook.scope))) Object.assign(hook, { is_active: false, status: 'deactivated' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.held = [];
    this.sender.close();
  }

  private accept(delivery: Delivery): void {
    const { duplicates, reorderBy, delayMs } = this.switches;
    for (let copy = 0; copy <= duplicates; copy += 1) {
      if (reorderBy > 0) this.held.push({ ...delivery });
      else this.begin({ ...delivery }, delayMs);
    }
    if (reorderBy > 0 && this.held.length >= reorderBy) this.flush();
  }

  private begin(delivery: Delivery, waitMs: number): void {
    this.underWay += 1;
    this.after(waitMs, () => void this.attempt(delivery));
  }

  private after(ms: number, then: () => void): void {
    if (ms <= 0) return then();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      then();
    }, ms);
    this.timers.add(timer);
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const { hook, webhookId, attempt } = delivery;
    const { now } = this.parts;
    if (!hook.is_active || this.parts.state.hooks.get(hook.id) !== hook) return this.end();
    const { host } = new URL(hook.destination);
    if (this.denylist.isBlocked(hook.client_id, host, now())) return this.again(delivery, 0);
    const at = now();
    const status = await this.sender.send({ destination: hook.destination, headers: this.headersOf(delivery), body: delivery.body });
    if (this.isClosed) return this.end();
    this.attempts.push({
      webhookId,
      hookId: hook.id,
      scope: scopeOf(delivery),
      destination: hook.destination,
      attempt,
      at,
      status,
      ms: now() - at,
    });
    if (this.attempts.length > 20_000) this.attempts.splice(0, 5_000);
    const succeeded = status >= 200 && status < 300;
    const reason = status === 0 ? 'No response' : `Non-200 response: ${status}`;
    const blocks = this.denylist.note({ clientId: hook.client_id, host, succeeded, reason, now: now() });
    if (blocks) {
      this.mails.push(`${host} is blocked`);
      this.except(hook, 90_003, `Domain ${host} is temporarily blocked`);
    }
    if (succeeded) {
      this.counts.delivered += 1;
      return this.end();
    }
    this.counts.failed += 1;
    this.again(delivery, status);
  }

  private again(delivery: Delivery, status: number): void {
    const { hook, attempt } = delivery;
    const seconds = retrySeconds[attempt - 1];
    if (seconds === undefined) {
      this.counts.givenUp += 1;
      Object.assign(hook, { is_active: false, status: 'deactivated', updated_at: Math.floor(this.parts.now() / 1000) });
      this.mails.push(`webhook ${hook.id} (${hook.scope}) was deactivated`);
      this.except(hook, 90_002, `Retries to ${hook.destination} are exhausted, the webhook was disabled`);
      return this.end();
    }
    if (status !== 0 || attempt === 1) this.exceptRetry(hook);
    this.changes.emit('change');
    this.after((seconds * 1000) / this.parts.options.compression, () => void this.attempt({ ...delivery, attempt: attempt + 1 }));
  }

  private end(): void {
    this.underWay -= 1;
    this.changes.emit('change');
  }

  /** At most one per destination in ten minutes. */
  private exceptRetry(hook: HookRow): void {
    const now = this.parts.now();
    const last = this.exceptionsAt.get(hook.destination);
    if (last !== undefined && now - last < 600_000 / this.parts.options.compression) return;
    this.exceptionsAt.set(hook.destination, now);
    this.except(hook, 90_001, `Non-200 response received when delivering to ${hook.destination}, will retry`);
  }

  private except(hook: HookRow, error_code: number, message: string): void {
    if (hook.scope !== exceptionScope) this.emit(exceptionScope, { type: 'webhook', id: hook.id, error_code, message });
  }

  /** The id stays from attempt to attempt, the time is that of the attempt. */
  private headersOf({ hook, webhookId, body }: Delivery): Record<string, string> {
    const { signature, staleSeconds, replaysHeaders } = this.switches;
    const timestamp = String(Math.floor(this.parts.now() / 1000) - staleSeconds);
    const secret = this.parts.secretOf(hook.client_id) ?? '';
    const clientSecret = signature === 'wrong' ? `${secret}?` : secret;
    return {
      'content-type': 'application/json',
      'user-agent': 'bigcommerce-webhooks/1.0',
      ...(replaysHeaders && hook.headers),
      ...(signature !== 'missing' && {
        'webhook-id': webhookId,
        'webhook-timestamp': timestamp,
        'webhook-signature': sign({ clientSecret, id: webhookId, timestamp, body }),
      }),
    };
  }
}

function covers(hookScope: string, scope: string): boolean {
  return hookScope === scope || (hookScope.endsWith('/*') && scope.startsWith(hookScope.slice(0, -1)));
}

function scopeOf({ body }: Delivery): string {
  return (JSON.parse(body) as { scope: string }).scope;
}
