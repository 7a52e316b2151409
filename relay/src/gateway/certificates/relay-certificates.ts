import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { systemClock, type Clock } from '@ml-connector/shared';
import { makeCertificate } from './x509.ts';

export interface RelayCertificates {
  /** PEM: the server's certificate, followed by its authority's, so that an agent can pin the authority from the connection alone. */
  cert: string;
  key: string;
  /** PEM of the authority alone. */
  ca: string;
  /** SHA-256 of the authority's certificate, lower-case hex; goes into enrolment tokens. */
  caFingerprint: string;
  expiresAt: number;
}

export interface RelayCertificateSettings {
  /** Its folder `tls` keeps the keys, readable by the relay's user only. */
  dataDir: string;
  /** Names and addresses under which agents reach this relay. */
  hosts: readonly string[];
  clock?: Clock;
}

/**
 * A certificate authority of the relay's own and a server certificate by it. Kept across starts: the authority for ten years (agents pin
 * it), the server certificate until 30 days before it ends or until the hosts change.
 */
export function makeRelayCertificates({ dataDir, hosts, clock = systemClock }: RelayCertificateSettings): RelayCertificates {
  const folder = path.join(dataDir, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const now = clock.now();
  const authority = keptAuthority(folder) ?? newAuthority(folder, now);
  const server = keptServer(folder, { authority, hosts, now }) ?? newServer(folder, { authority, hosts, now });
  return {
    cert: server.cert + authority.cert,
    key: server.key,
    ca: authority.cert,
    caFingerprint: fingerprint256(authority.cert),
    expiresAt: Date.parse(new X509Certificate(server.cert).validTo),
  };
}

/** SHA-256 of a certificate (PEM or DER) as lower-case hex. */
export function fingerprint256(certificate: string | Buffer): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
}

const dayMs = 86_400_000;
const authorityDays = 3652;
const serverDays = 397;
const renewBeforeDays = 30;
const authorityName = 'ml-connector relay authority';

interface Pair {
  cert: string;
  key: string;
}
interface ServerNeeds {
  authority: Pair;
  hosts: readonly string[];
  now: number;
}

function keptAuthority(folder: string): Pair | undefined {
  return readPair(folder, 'ca');
}

function newAuthority(folder: string, now: number): Pair {
  const { publicKey, privateKey } = newKeys();
  const cert = makeCertificate({
    subject: authorityName,
    issuer: authorityName,
    publicKey,
    issuerKey: privateKey,
    issuerPublicKey: publicKey,
    ...validity(now, authorityDays),
    use: { kind: 'authority' },
  });
  return writePair(folder, 'ca', { cert, key: pkcs8(privateKey) });
}

function keptServer(folder: string, { authority, hosts, now }: ServerNeeds): Pair | undefined {
  const pair = readPair(folder, 'server');
  if (!pair) return undefined;
  const certificate = new X509Certificate(pair.cert);
  const isFresh = Date.parse(certificate.validTo) - now > renewBeforeDays * dayMs;
  const isOurs = certificate.verify(createPublicKey(authority.cert));
  return isFresh && isOurs && hosts.every((host) => names(certificate, host)) ? pair : undefined;
}

function names(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host, { subject: 'never' })) !== undefined;
}

function newServer(folder: string, { authority, hosts, now }: ServerNeeds): Pair {
  const { publicKey, privateKey } = newKeys();
  const cert = makeCertificate({
    subject: hosts[0] ?? 'relay',
    issuer: authorityName,
    publicKey,
    issuerKey: createPrivateKey(authority.key),
    issuerPublicKey: createPublicKey(authority.cert),
    ...validity(now, serverDays),
    use: { kind: 'server', hosts },
  });
  return writePair(folder, 'server', { cert, key: pkcs8(privateKey) });
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Begins a day early: the agents' clocks may be behind. */
function validity(now: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - dayMs), notAfter: new Date(now + days * dayMs) };
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readPair(folder: string, name: string): Pair | undefined {
  const file = path.join(folder, `${name}.pem`);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: text.slice(0, start), cert: text.slice(start) };
}

/** Key and certificate in one file, so that no stop in between leaves two that do not belong together. */
function writePair(folder: string, name: string, pair: Pair): Pair {
  const file = path.join(folder, `${name}.pem`);
  writeFileSync(`${file}.new`, pair.key + pair.cert, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return pair;
}
