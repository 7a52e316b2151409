import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SystemError } from '@ml-connector/shared';
import { signWith } from '@ml-connector/shared/tunnel';
import type { JWK } from 'jose';
import { z } from 'zod';

/** Who this agent is towards its relay. */
export interface Identity {
  agentId: string;
  tenantId: string;
  siteId: string;
  /** The name the relay answered the enrolment with; a relay of another name gets no proof. */
  relayName: string;
  /** `https://relay.example.com:8443`. */
  relayUrl: string;
  /** PEM of the relay's own authority; undefined where its certificate is by a public one. */
  relayCa: string | undefined;
  keys: IdentityKeys;
}

export interface IdentityKeys {
  /** Ed25519, raw. */
  identityPublicKey: Buffer;
  /** X25519, raw. */
  sealingPublicKey: Buffer;
  /** Opens what is sealed to this agent (`unseal`). Never log it. */
  sealingPrivateJwk: JWK;
  /** With the identity key. */
  sign: (bytes: Uint8Array) => Buffer;
}

/** Rejects by throwing NOT_ENROLLED (halt) when there is none, IDENTITY_DAMAGED (halt) when the file cannot be read. */
export function loadIdentity(dataDir: string): Identity {
  const file = readIdentityFile(dataDir, identityFile);
  if (!file?.enrollment) {
    throw new SystemError('NOT_ENROLLED', 'halt', `there is no enrolment in ${path.join(dataDir, identityFile)}`, {
      fix: 'Get a token from the relay (ml-relay enroll-token) and run: ml-agent enroll <token>',
    });
  }
  return toIdentity(file);
}

export const identityFile = 'identity.json';
/** Keys of an enrolment that is under way. The identity in use stays what it is until the new one is complete. */
export const pendingFile = 'identity.pending.json';

const privateJwk = (curve: string) => z.strictObject({ kty: z.literal('OKP'), crv: z.literal(curve), x: z.string(), d: z.string() });
const fileShape = z.strictObject({
  identityKey: privateJwk('Ed25519'),
  sealingKey: privateJwk('X25519'),
  tokenId: z.string(),
  enrollment: z
    .strictObject({
      agentId: z.string(),
      tenantId: z.string(),
      siteId: z.string(),
      relayName: z.string(),
      relayUrl: z.string(),
      relayCa: z.string().optional(),
      enrolledAt: z.string(),
    })
    .optional(),
});
export type IdentityFile = z.output<typeof fileShape>;

export function newIdentityFile(tokenId: string): IdentityFile {
  const identityKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const sealingKey = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  return fileShape.parse({ identityKey, sealingKey, tokenId });
}

export function readIdentityFile(dataDir: string, name: string): IdentityFile | undefined {
  const file = path.join(dataDir, name);
  if (!existsSync(file)) return undefined;
  try {
    return fileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The cause is left out: it may quote a key.
    throw new SystemError('IDENTITY_DAMAGED', 'halt', `${file} is damaged`, {
      fix: 'Restore it from a backup, or delete it and enrol this agent anew with a fresh token.',
    });
  }
}

/** Readable by the agent's user only, and never half written. */
export function writeIdentityFile(dataDir: string, name: string, content: IdentityFile): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, name);
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

export function keysOf({ identityKey, sealingKey }: IdentityFile): IdentityKeys {
  const privateKey = createPrivateKey({ key: identityKey, format: 'jwk' });
  return {
    identityPublicKey: Buffer.from(identityKey.x, 'base64url'),
    sealingPublicKey: Buffer.from(sealingKey.x, 'base64url'),
    sealingPrivateJwk: sealingKey,
    sign: (bytes) => signWith(privateKey, bytes),
  };
}

export function toIdentity(file: IdentityFile): Identity {
  if (!file.enrollment) throw new Error('an identity file without enrolment');
  const { agentId, tenantId, siteId, relayName, relayUrl, relayCa } = file.enrollment;
  return { agentId, tenantId, siteId, relayName, relayUrl, relayCa, keys: keysOf(file) };
}
