import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@ml-connector/shared';
import { fingerprint256, makeRelayCertificates } from './index.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'relay-certificates-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const hosts = ['localhost', '127.0.0.1', '::1', 'relay.müller.example'.replace('ü', 'ue')];
const dayMs = 86_400_000;
const clockAt = (now: number): Clock => ({ now: () => now, wait: () => new Promise(() => undefined) });

test('the authority signs the server certificate, and both say what they are for', () => {
  const made = makeRelayCertificates({ dataDir, hosts });
  const server = new X509Certificate(made.cert);
  const authority = new X509Certificate(made.ca);
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.subjectAltName).toContain('IP Address:127.0.0.1');
  expect(server.checkIP('::1')).toBe('::1');
  expect(made.caFingerprint).toBe(fingerprint256(authority.raw));
  expect(made.caFingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test.each(['localhost', '127.0.0.1'])('a client that trusts only this authority connects to %s over TLS 1.3', async (host) => {
  const { cert, key, ca } = makeRelayCertificates({ dataDir, hosts });
  const server = createServer({ cert, key, minVersion: 'TLSv1.3' }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca, ...(host === 'localhost' ? { servername: host } : {}) });
  await new Promise((resolve, reject) => socket.once('secureConnect', () => resolve(undefined)).once('error', reject));
  expect(socket.authorized).toBe(true);
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('a second start finds the same authority and the same certificate', () => {
  expect(makeRelayCertificates({ dataDir, hosts })).toEqual(makeRelayCertificates({ dataDir, hosts }));
});

test.each([
  ['a month before the certificate ends', hosts, 370],
  ['when the relay got another name', [...hosts, 'tunnel.example.com'], 0],
])('%s a new certificate is made by the same authority', (_when, laterHosts, laterDays) => {
  const first = makeRelayCertificates({ dataDir, hosts });
  const later = makeRelayCertificates({ dataDir, hosts: laterHosts, clock: clockAt(Date.now() + laterDays * dayMs) });
  expect(later.ca).toBe(first.ca);
  expect(later.cert).not.toBe(first.cert);
  expect(later.expiresAt).toBeGreaterThanOrEqual(first.expiresAt + laterDays * dayMs - dayMs);
});

test('the keys are readable by nobody else', () => {
  makeRelayCertificates({ dataDir, hosts });
  for (const file of ['ca.pem', 'server.pem']) expect(statSync(path.join(dataDir, 'tls', file)).mode & 0o777).toBe(0o600);
});
