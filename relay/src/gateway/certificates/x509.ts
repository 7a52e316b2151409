import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { bits, boolean, explicit, implicit, integer, objectId, octets, sequence, setOf, time, utf8, type Der } from './der.ts';

export interface CertificateRequest {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  /** EC P-256; signs with SHA-256. */
  issuerKey: KeyObject;
  issuerPublicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  use: { kind: 'authority' } | { kind: 'server'; hosts: readonly string[] };
}

/** An X.509 v3 certificate (RFC 5280) in PEM. */
export function makeCertificate(request: CertificateRequest): string {
  const signatureAlgorithm = sequence(objectId('1.2.840.10045.4.3.2')); // ecdsa-with-SHA256
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    signatureAlgorithm,
    commonName(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    commonName(request.subject),
    spki(request.publicKey),
    explicit(3, sequence(...extensions(request))),
  );
  const signature = sign('sha256', toBeSigned, request.issuerKey);
  return pem(sequence(toBeSigned, signatureAlgorithm, bits(signature)));
}

function extensions({ use, publicKey, issuerPublicKey }: CertificateRequest): Der[] {
  const identifiers = [
    extension('2.5.29.14', octets(keyId(publicKey))), // subjectKeyIdentifier
    extension('2.5.29.35', sequence(implicit(0, keyId(issuerPublicKey)))), // authorityKeyIdentifier
  ];
  if (use.kind === 'authority') {
    return [
      extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), { critical: true }), // basicConstraints: CA, path length 0
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), { critical: true }), // keyUsage: keyCertSign, cRLSign
      ...identifiers,
    ];
  }
  return [
    extension('2.5.29.19', sequence(), { critical: true }),
    extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), { critical: true }), // digitalSignature
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
    extension('2.5.29.17', sequence(...use.hosts.map(alternativeName))),
    ...identifiers,
  ];
}

function extension(id: string, value: Der, { critical = false } = {}): Der {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function alternativeName(host: string): Der {
  if (isIPv4(host)) return implicit(7, Buffer.from(host.split('.').map(Number)));
  if (isIPv6(host)) return implicit(7, ipv6Bytes(host));
  return implicit(2, Buffer.from(host, 'ascii'));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function commonName(name: string): Der {
  return sequence(setOf(sequence(objectId('2.5.4.3'), utf8(name))));
}

function spki(key: KeyObject): Der {
  return key.export({ type: 'spki', format: 'der' });
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
