import type { Store } from './store.ts';

/**
 * Every secret of the database with its owner, replaced by what `change` answers, in one transaction. Resolves with how many there were.
 * For the vault's `rotateMasterKey`.
 */
export function rewriteSecrets(store: Store, change: (sealed: string, owner: string) => string): Promise<number> {
  return store.transaction(
    async (transaction) => {
      const connections = await transaction.selectFrom('connection').select(['id', 'secrets']).where('secrets', 'is not', null).execute();
      for (const { id, secrets } of connections) {
        const changed = change(secrets ?? '', connectionSecret(id));
        await transaction.updateTable('connection').set({ secrets: changed }).where('id', '=', id).execute();
      }
      const keys = await transaction.selectFrom('relay_key').select(['id', 'secret']).execute();
      for (const { id, secret } of keys) {
        const changed = change(secret, relayKeySecret(id));
        await transaction.updateTable('relay_key').set({ secret: changed }).where('id', '=', id).execute();
      }
      const channels = await transaction.selectFrom('alert_channel').select(['id', 'secrets']).where('secrets', 'is not', null).execute();
      for (const { id, secrets } of channels) {
        const changed = change(secrets ?? '', alertChannelSecret(id));
        await transaction.updateTable('alert_channel').set({ secrets: changed }).where('id', '=', id).execute();
      }
      const endpoints = await transaction.selectFrom('webhook_endpoint').select(['connection_id', 'secrets']).execute();
      for (const { connection_id: id, secrets } of endpoints) {
        const changed = change(secrets, webhookSecret(id));
        await transaction.updateTable('webhook_endpoint').set({ secrets: changed }).where('connection_id', '=', id).execute();
      }
      const people = await transaction.selectFrom('person').select(['id', 'totp_secret']).where('totp_secret', 'is not', null).execute();
      for (const { id, totp_secret: secret } of people) {
        const changed = change(secret ?? '', personSecret(id));
        await transaction.updateTable('person').set({ totp_secret: changed }).where('id', '=', id).execute();
      }
      const answers = await transaction.selectFrom('idempotency_key').selectAll().execute();
      for (const { caller, route, key, sealed } of answers) {
        const changed = change(sealed, idempotencySecret({ caller, route, key }));
        const row = transaction.updateTable('idempotency_key').set({ sealed: changed }).where('caller', '=', caller);
        await row.where('route', '=', route).where('key', '=', key).execute();
      }
      return connections.length + keys.length + channels.length + endpoints.length + people.length + answers.length;
    },
    { alone: true },
  );
}

/** The owner under which the vault encrypts `connection.secrets`. */
export function connectionSecret(connectionId: string): string {
  return `connection:${connectionId}`;
}

/** The owner under which the vault encrypts `idempotency_key.sealed`. */
export function idempotencySecret({ caller, route, key }: { caller: string; route: string; key: string }): string {
  return `idempotency:${caller} ${route} ${key}`;
}

/** The owner under which the vault encrypts `relay_key.secret`. */
export function relayKeySecret(keyId: string): string {
  return `relay-key:${keyId}`;
}

/** The owner under which the vault encrypts `alert_channel.secrets`. */
export function alertChannelSecret(channelId: string): string {
  return `alert-channel:${channelId}`;
}

/** The owner under which the vault encrypts `webhook_endpoint.secrets`. */
export function webhookSecret(connectionId: string): string {
  return `webhook:${connectionId}`;
}

/** The owner under which the vault encrypts `person.totp_secret`. */
export function personSecret(personId: string): string {
  return `person:${personId}`;
}
