import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog, type Clock } from '@ml-connector/shared';
import { connectionSecret, openStore, type ConnectionRow, type Store, type WebhookEventRow } from '../../store/index.ts';
import { openTestDatabase } from '../../store/testing/index.ts';
import { openVault, type Vault } from '../../vault/index.ts';
import { ensureEndpoint, findEndpoint, openSecrets } from '../endpoints.ts';
import { openWebhooks, type WebhookReceiver, type WebhookReceiverDeps } from '../receiver.ts';
import { FakeShop, fakeShopSystem, signed } from './fake-shop.ts';

/** A receiver behind a server of its own, with one connection to a shop that signs with `client-secret`. */
export interface ReceiverBench extends AsyncDisposable {
  store: Store;
  vault: Vault;
  clock: Clock & { at: number };
  shop: FakeShop;
  receiver: WebhookReceiver;
  origin: string;
  /** Path of the connection's address. */
  path: string;
  headerSecret: string;
  outcomes: string[];
  /** A delivery as the shop makes it, changed by `change`. */
  deliver(event: object, change?: Change): Promise<{ status: number; text: string; headers: Headers }>;
  events(): Promise<WebhookEventRow[]>;
}

export interface Change {
  id?: string;
  /** null: none. */
  secret?: string | null;
  at?: number;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  /** Sent in place of the signed body. */
  body?: string;
}

export const connectionId = 'con_shop';

export async function openReceiver(
  options: Partial<Pick<WebhookReceiverDeps, 'bodyBytes' | 'bodyMs' | 'store'>> = {},
): Promise<ReceiverBench> {
  await using opened = new AsyncDisposableStack();
  const clock = { at: 1_900_000_000_000, now: () => clock.at, wait: never };
  const store = options.store ?? opened.use(await openStore(opened.use(await openTestDatabase()).settings));
  const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
  const shop = new FakeShop();
  const outcomes: string[] = [];
  await addShop(store, vault);
  const row = await ensureEndpoint({ store, vault, clock }, { id: connectionId, tenant_id: 'ten_1' });
  const open = (): Promise<WebhookReceiver> =>
    openWebhooks({
      bodyMs: 10_000,
      ...options,
      store,
      vault,
      clock,
      log: silentLog,
      systems: [fakeShopSystem(shop)],
      readSettings: (_manifest, { id, secrets }) =>
        JSON.parse(vault.decrypt(secrets ?? '', connectionSecret(id))) as Record<string, unknown>,
      count: ({ outcome, status }) => void outcomes.push(`${outcome} ${status}`),
    });
  const receiver = opened.use(await open());
  const server = createServer((request, response) => {
    if (!receiver.handle(request, response)) response.writeHead(418).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.defer(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const path = `/webhooks/bigcommerce/${row.key}`;
  const held = opened.move();
  return {
    store,
    vault,
    clock,
    shop,
    receiver,
    origin,
    path,
    headerSecret: openSecrets(vault, row).current,
    outcomes,
    async deliver(event, change = {}) {
      const endpoint = await findEndpoint(store, connectionId);
      const body = JSON.stringify(event);
      const { id = 'evt_1', secret = 'client-secret', at = clock.at, method = 'POST' } = change;
      const response = await fetch(`${origin}${change.path ?? path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(endpoint && { 'x-relay-key': openSecrets(vault, endpoint).current }),
          ...(secret !== null && signed(body, { id, secret, at })),
          ...change.headers,
        },
        ...(method === 'POST' && { body: change.body ?? body }),
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    events: () => store.db.selectFrom('webhook_event').selectAll().orderBy('id').execute(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function addShop(store: Store, vault: Vault): Promise<void> {
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller & Söhne GmbH', created_at: 0 }).execute();
  const row: ConnectionRow = {
    id: connectionId,
    tenant_id: 'ten_1',
    system: 'bigcommerce',
    name: 'Onlineshop',
    site_id: null,
    settings_json: '{}',
    secrets: vault.encrypt(JSON.stringify({ clientSecret: 'client-secret' }), connectionSecret(connectionId)),
    version: 1,
    halted_json: null,
    check_json: null,
    created_at: 0,
    changed_at: 0,
  };
  await store.db.insertInto('connection').values(row).execute();
}

/** Waits only for the end. */
function never(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
