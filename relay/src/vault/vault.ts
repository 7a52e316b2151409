import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SystemError } from '@ml-connector/shared';
import { describeSource, readKeyRing, type KeySource, type MasterKey } from './key-ring.ts';

/** Encrypts secrets at rest: AES-256-GCM under a master key that is not in the database. */
export interface Vault {
  /** `owner` is what the secret belongs to (`connection:con_…`); it opens for that owner only, so that rows cannot be swapped. */
  encrypt(text: string, owner: string): string;
  /** Throws a SystemError with verdict `halt`: `VAULT_KEY_MISSING`, or `VAULT_DAMAGED` for a changed or swapped text. */
  decrypt(sealed: string, owner: string): string;
  /** True when the text is encrypted under the current master key. */
  isCurrent(sealed: string): boolean;
}

/** Opens the vault; the key file is made at the first start. Throws when the file holds no usable key. */
export function openVault(source: KeySource): Vault {
  readKeyRing(source);
  return {
    encrypt: (text, owner) => seal(text, owner, readKeyRing(source).current),
    decrypt: (sealed, owner) => {
      const parts = parse(sealed, owner);
      const key = readKeyRing(source).find(parts.keyId);
      if (!key) throw keyMissing(parts.keyId, owner, source);
      return open(parts, owner, key);
    },
    isCurrent: (sealed) => parse(sealed, '').keyId === readKeyRing(source).current.id,
  };
}

interface Parts {
  keyId: string;
  iv: Buffer;
  tag: Buffer;
  data: Buffer;
}

function seal(text: string, owner: string, key: MasterKey): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(owner));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return ['v1', key.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.');
}

function open({ iv, tag, data }: Parts, owner: string, key: MasterKey): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: 16 }).setAAD(Buffer.from(owner)).setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw damaged(owner, cause);
  }
}

function parse(sealed: string, owner: string): Parts {
  const [version, keyId, iv, tag, data, ...rest] = sealed.split('.');
  if (version !== 'v1' || !keyId || !iv || !tag || data === undefined || rest.length > 0) throw damaged(owner, undefined);
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  return { keyId, iv: bytes(iv), tag: bytes(tag), data: bytes(data) };
}

function damaged(owner: string, cause: unknown): SystemError {
  return new SystemError('VAULT_DAMAGED', 'halt', `decrypting the secrets of ${owner}: they were changed or belong to another owner`, {
    cause,
    fix: 'Enter the credentials again.',
  });
}

function keyMissing(keyId: string, owner: string, source: KeySource): SystemError {
  const where = describeSource(source);
  return new SystemError('VAULT_KEY_MISSING', 'halt', `decrypting the secrets of ${owner}: master key ${keyId} is not in ${where}`, {
    fix: `Put the master key that this database was used with back into ${where}, or enter the credentials again.`,
  });
}
