import { randomBytes } from 'node:crypto';
import { SystemError, type Clock } from '@ml-connector/shared';
import { webhookSecret, type ConnectionRow, type Store, type WebhookEndpointRow } from '../store/index.ts';
import type { WebhookEndpoint } from '../systems/index.ts';
import type { Vault } from '../vault/index.ts';

export interface EndpointDeps {
  store: Store;
  vault: Vault;
  clock: Clock;
  /** How systems reach the relay, without the path; undefined: they do not. */
  publicUrl: string | undefined;
}

/** What deliveries may carry as `X-Relay-Key`. */
export interface HeaderSecrets {
  current: string;
  /** Accepted for a while after a rotation: systems repeat what they began to deliver before. */
  previous?: string;
}

/**
 * `observe`: deliveries without a signature are taken as well. `required`: each needs a right one. `automatic`: `observe` until the first
 * right signature was seen, then `required`.
 */
export const webhookModes = ['observe', 'required', 'automatic'] as const;
export type WebhookMode = (typeof webhookModes)[number];

/** The connection's row, made when there is none yet. */
export async function ensureEndpoint(
  { store, vault, clock }: Omit<EndpointDeps, 'publicUrl'>,
  connection: Pick<ConnectionRow, 'id' | 'tenant_id'>,
): Promise<WebhookEndpointRow> {
  const present = await findEndpoint(store, connection.id);
  if (present) return present;
  const row: WebhookEndpointRow = {
    connection_id: connection.id,
    tenant_id: connection.tenant_id,
    key: newSecret(),
    secrets: sealSecrets(vault, connection.id, { current: newSecret() }),
    mode: 'observe',
    mode_set_by: null,
    genuine_at: null,
    created_at: clock.now(),
    rotated_at: null,
    last_event_at: null,
    kept_at: null,
    kept_json: null,
    kept_version: null,
    keep_at: 0,
    keep_failures: 0,
    keep_failing_since: null,
    keep_error_json: null,
  };
  await store.db
    .insertInto('webhook_endpoint')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  store.notify({ about: 'connection', tenantId: connection.tenant_id, id: connection.id });
  return (await findEndpoint(store, connection.id)) ?? row;
}

export function findEndpoint(store: Store, connectionId: string): Promise<WebhookEndpointRow | undefined> {
  return store.db.selectFrom('webhook_endpoint').selectAll().where('connection_id', '=', connectionId).executeTakeFirst();
}

/** As the system is told it; throws when the relay has no public address. Holds the header secret in clear. */
export function endpointOf(
  { vault, publicUrl }: Pick<EndpointDeps, 'vault' | 'publicUrl'>,
  row: WebhookEndpointRow,
  system: string,
): WebhookEndpoint {
  const url = endpointUrl(publicUrl, row, system);
  if (url === undefined)
    throw new SystemError('NO_PUBLIC_URL', 'halt', 'systems cannot reach the relay: it has no public address', {
      fix: 'Set http.publicUrl in relay.yaml to the https address of the relay, and start it anew.',
    });
  return { url, headerSecret: openSecrets(vault, row).current };
}

export function endpointUrl(publicUrl: string | undefined, { key }: Pick<WebhookEndpointRow, 'key'>, system: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}/webhooks/${system}/${key}`;
}

/** Makes a new header secret; the one before is accepted for a while. The subscriptions are to be told at once. */
export async function rotateHeaderSecret({ store, vault, clock }: Omit<EndpointDeps, 'publicUrl'>, row: WebhookEndpointRow): Promise<void> {
  const { connection_id: id, tenant_id: tenantId } = row;
  const secrets = sealSecrets(vault, id, { current: newSecret(), previous: openSecrets(vault, row).current });
  await store.db
    .updateTable('webhook_endpoint')
    .set({ secrets, rotated_at: clock.now(), keep_at: 0 })
    .where('connection_id', '=', id)
    .execute();
  store.notify({ about: 'connection', tenantId, id });
}

/** `actor` is written down, but for `automatic`, which belongs to nobody. */
export async function setWebhookMode(
  store: Store,
  row: WebhookEndpointRow,
  { mode, actor }: { mode: WebhookMode; actor: string },
): Promise<void> {
  const { connection_id: id, tenant_id: tenantId } = row;
  await store.db
    .updateTable('webhook_endpoint')
    .set((set) =>
      mode === 'automatic'
        ? { mode: set.case().when('genuine_at', 'is', null).then('observe').else('required').end(), mode_set_by: null }
        : { mode, mode_set_by: actor },
    )
    .where('connection_id', '=', id)
    .execute();
  store.notify({ about: 'connection', tenantId, id });
}

export function openSecrets(
  vault: Vault,
  { connection_id: id, secrets }: Pick<WebhookEndpointRow, 'connection_id' | 'secrets'>,
): HeaderSecrets {
  return JSON.parse(vault.decrypt(secrets, webhookSecret(id))) as HeaderSecrets;
}

function sealSecrets(vault: Vault, connectionId: string, secrets: HeaderSecrets): string {
  return vault.encrypt(JSON.stringify(secrets), webhookSecret(connectionId));
}

/** 256 bits, as they may stand in an address and in a header. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Longer than systems repeat a delivery that they began before the rotation (BigCommerce: 48 hours, facts/bigcommerce.md 5.6). */
export const previousSecretMs = 49 * 3_600_000;
