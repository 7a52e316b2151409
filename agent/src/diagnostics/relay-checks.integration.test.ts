import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { systemClock, type DoctorFinding } from '@ml-connector/shared';
import { runChecks } from '../checks/index.ts';
import { relayChecks, type RelayPlace } from './relay-checks.ts';
import { proxyTls, relayTls } from './testing/certificates.ts';

/** Answers as a gRPC server answers a method it does not have, or as a web server. */
async function serve(tls: { cert: string; key: string }, as: 'grpc' | 'web'): Promise<{ port: number } & AsyncDisposable> {
  const server: Http2SecureServer = createSecureServer({ cert: tls.cert, key: tls.key });
  server.on('stream', (stream) => {
    if (as === 'grpc') stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': 12 }, { endStream: true });
    else stream.respond({ ':status': 404 }, { endStream: true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function look(place: Partial<RelayPlace> & { url: string }, clock = systemClock): Promise<Record<string, DoctorFinding>> {
  const findings = await runChecks(relayChecks({ relay: { relayCa: relayTls.ca, caFile: undefined, ...place }, clock }), clock);
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

const results = (findings: Record<string, DoctorFinding>): string[] =>
  Object.values(findings).map(({ check, result }) => `${check} ${result}`);

test('a good way to the relay is ok at every step and names what was seen', async () => {
  await using server = await serve(relayTls, 'grpc');
  const found = await look({ url: `https://localhost:${server.port}` });
  expect(results(found)).toEqual(['relay.dns ok', 'relay.tcp ok', 'relay.tls ok', 'relay.grpc ok', 'relay.clock ok']);
  expect(found['relay.tls']?.detail).toMatch(/^TLSv1\.3, "localhost" issued by "ML relay authority \(test\)", \d+ days left$/);
});

test('a firewall that opens TLS is named by its issuer', async () => {
  await using server = await serve(proxyTls, 'grpc');
  const found = await look({ url: `https://127.0.0.1:${server.port}` });
  expect(results(found).slice(2)).toEqual(['relay.tls failed', 'relay.grpc skipped', 'relay.clock skipped']);
  expect(found['relay.tls']?.detail).toContain(
    'comes from "Inspection Root CA, Example Web Security", not from the authority that was pinned',
  );
  expect(found['relay.tls']?.fix).toContain('exempted from inspection');
});

test('a web server in place of the relay is told apart', async () => {
  await using server = await serve(relayTls, 'web');
  const found = await look({ url: `https://127.0.0.1:${server.port}` });
  expect(found['relay.grpc']).toMatchObject({ result: 'failed', detail: expect.stringContaining('status 404') as string });
});

test('a port where nothing listens stops the later checks, with the firewall as the thing to look at', async () => {
  const { port } = await (async () => {
    await using gone = await serve(relayTls, 'grpc');
    return { port: gone.port };
  })();
  const found = await look({ url: `https://127.0.0.1:${port}` });
  expect(results(found)).toEqual(['relay.dns ok', 'relay.tcp failed', 'relay.tls skipped', 'relay.grpc skipped', 'relay.clock skipped']);
  expect(found['relay.tcp']).toMatchObject({
    detail: expect.stringContaining('refused') as string,
    fix: expect.stringContaining('firewall') as string,
  });
});

test.each([
  ['two minutes ahead', 120_000, 'failed', /12\d seconds ahead of the relay/],
  ['half a minute behind', -30_000, 'warning', /(29|30|31) seconds behind the relay/],
])('a clock %s is noticed', async (_what, offMs, result, detail) => {
  await using server = await serve(relayTls, 'grpc');
  const found = await look({ url: `https://127.0.0.1:${server.port}` }, { ...systemClock, now: () => Date.now() + offMs });
  expect(found['relay.clock']).toMatchObject({
    result,
    detail: expect.stringMatching(detail) as string,
    fix: expect.stringContaining('NTP') as string,
  });
});
