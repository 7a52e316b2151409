import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { Clock } from '@ml-connector/shared';
import { newId, relayKeySecret, type RelayKeyRow, type Store } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';

/** Signs anchors. The private half is encrypted by the vault, whose master key is not in the database. */
export interface AnchorKey {
  keyId: string;
  sign(text: string): string;
}

const purpose = 'audit-anchor';

/** The key that signs this relay's anchors; made on first use. Rejects with verdict `halt` when the vault cannot open it. */
export async function anchorKey({ store, vault, clock }: { store: Store; vault: Vault; clock: Clock }): Promise<AnchorKey> {
  const present = await keyRows(store).where('retired_at', 'is', null).executeTakeFirst();
  const row = present ?? (await makeKey());
  const key = privateHalf(vault, row);
  return { keyId: row.id, sign: (text) => sign(null, Buffer.from(text), key).toString('base64url') };

  async function makeKey(): Promise<RelayKeyRow> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const id = newId('relayKey', clock.now());
    const made: RelayKeyRow = {
      id,
      purpose,
      public_text: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
      secret: vault.encrypt(privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'), relayKeySecret(id)),
      created_at: clock.now(),
      retired_at: null,
    };
    await store.db.insertInto('relay_key').values(made).execute();
    return made;
  }
}

export type CheckSignature = (keyId: string, text: string, signature: string) => boolean;

/**
 * Checks signatures by the private halves in the vault, never by the public ones that stand in clear beside them: who can write to the
 * database could put a key of his own there. Rejects with `VAULT_KEY_MISSING` without the master key.
 */
export async function signatureCheck({ store, vault }: { store: Store; vault: Vault }): Promise<CheckSignature> {
  const keys = new Map<string, KeyObject>();
  for (const row of await keyRows(store).execute()) {
    const key = halfOrNone(vault, row);
    if (key) keys.set(row.id, createPublicKey(key));
  }
  return (keyId, text, signature) => {
    const key = keys.get(keyId);
    return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  };
}

function keyRows(store: Store) {
  return store.db.selectFrom('relay_key').selectAll().where('purpose', '=', purpose).orderBy('id');
}

function privateHalf(vault: Vault, row: RelayKeyRow): KeyObject {
  const der = Buffer.from(vault.decrypt(row.secret, relayKeySecret(row.id)), 'base64url');
  return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
}

function halfOrNone(vault: Vault, row: RelayKeyRow): KeyObject | undefined {
  try {
    return privateHalf(vault, row);
  } catch (error) {
    // A row that somebody else put there opens with no master key; nothing it signed is valid.
    if ((error as { code?: string }).code === 'VAULT_DAMAGED') return undefined;
    throw error;
  }
}
