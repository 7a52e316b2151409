import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '@ml-connector/shared';
import { jwtVerify, SignJWT } from 'jose';
import { newId } from '../store/index.ts';
import type { AgentDirectory } from './agent-directory.ts';

export interface EnrollTokenSettings {
  directory: AgentDirectory;
  /** Private half of the relay's token key. */
  tokenKey: KeyObject;
  relayName: string;
  /** Address agents dial: `https://relay.example.com:8443`. */
  relayUrl: string;
  /** Of the relay's own authority; leave out where the certificate is by a public one. */
  caFingerprint?: string | undefined;
  tenantId: string;
  siteId: string;
  /** Default one hour. */
  ttlMs?: number | undefined;
  clock: Clock;
}

export interface EnrollToken {
  tokenId: string;
  expiresAt: number;
  /** What a person pastes into `ml-agent enroll`: a compact JWS that holds all the agent needs to find and trust this relay. */
  token: string;
}

/** Makes a token that one agent can use once, and remembers it. */
export async function issueEnrollToken(settings: EnrollTokenSettings): Promise<EnrollToken> {
  const { directory, tokenKey, relayName, relayUrl, caFingerprint, tenantId, siteId, ttlMs = 3_600_000, clock } = settings;
  const createdAt = clock.now();
  const expiresAt = createdAt + ttlMs;
  const tokenId = newId('enrollToken', createdAt);
  const token = await new SignJWT({ tenant: tenantId, site: siteId, relay: relayUrl, ca: caFingerprint })
    .setProtectedHeader({ alg: 'EdDSA', typ: tokenType })
    .setJti(tokenId)
    .setIssuer(relayName)
    .setIssuedAt(Math.floor(createdAt / 1000))
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(tokenKey);
  await directory.addToken({ tokenId, tenantId, siteId, createdAt, expiresAt });
  return { tokenId, expiresAt, token };
}

/** The id of a token this relay signed; undefined for any other text. Its end is the directory's to check. */
export async function tokenIdOf(
  token: string,
  { tokenKey, relayName }: { tokenKey: KeyObject; relayName: string },
): Promise<string | undefined> {
  try {
    const options = { algorithms: ['EdDSA'], typ: tokenType, issuer: relayName, currentDate: new Date(0) };
    const { payload } = await jwtVerify(token, tokenKey, options);
    return payload.jti;
  } catch {
    return undefined;
  }
}

/** The key that signs this relay's enrolment tokens; made on first use, kept in the folder `tls` of the data folder. */
export function makeTokenKey(dataDir: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const folder = path.join(dataDir, 'tls');
  const file = path.join(folder, 'enroll-token-key.pem');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(`${file}.new`, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const privateKey = createPrivateKey(readFileSync(file));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const tokenType = 'ml-enroll+jwt';
