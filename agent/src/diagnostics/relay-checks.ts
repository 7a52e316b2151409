import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { connect as connectTls, getCACertificates, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Clock } from '@ml-connector/shared';
import { explainNetwork, networkTimeoutMs as timeoutMs, openTcp, resolveName, type Check, type CheckResult } from '../checks/index.ts';

export interface RelayPlace {
  url: string;
  /** PEM of the relay's own authority, where it was pinned at the enrolment. */
  relayCa: string | undefined;
  /** Further authorities (PEM file) besides those this machine trusts, where none is pinned. */
  caFile: string | undefined;
}

/** The way to the relay, step by step: name, TCP, TLS with the certificate's issuer, gRPC, and the clocks of both. */
export function relayChecks({ relay, clock }: { relay: RelayPlace; clock: Clock }): Check[] {
  const { hostname, port } = new URL(relay.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || 443) };
  let answer: Promise<GrpcAnswer> | undefined;
  const ask = (): Promise<GrpcAnswer> => (answer ??= askGrpc(relay));
  return [
    { name: 'relay.dns', run: () => resolveName(host) },
    { name: 'relay.tcp', needs: ['relay.dns'], run: () => openTcp(target) },
    { name: 'relay.tls', needs: ['relay.tcp'], run: () => openTls({ ...target, relay, clock }) },
    { name: 'relay.grpc', needs: ['relay.tls'], run: async () => judgeGrpc(await ask()) },
    { name: 'relay.clock', needs: ['relay.grpc'], run: async () => judgeClock(await ask(), clock) },
  ];
}

interface TlsTarget {
  host: string;
  port: number;
  relay: RelayPlace;
  clock: Clock;
}

async function openTls(target: TlsTarget): Promise<CheckResult> {
  const seen = await handshake(target, true);
  if ('socket' in seen) {
    const { socket } = seen;
    const { subject, issuer, valid_to } = socket.getPeerCertificate();
    const protocol = socket.getProtocol() ?? 'TLS';
    const daysLeft = Math.floor((Date.parse(valid_to) - target.clock.now()) / 86_400_000);
    socket.destroy();
    const detail = `${protocol}, ${nameOf(subject)} issued by ${nameOf(issuer)}, ${daysLeft} days left`;
    return daysLeft > 10 ? { result: 'ok', detail } : { result: 'warning', detail, fix: 'The certificate of the relay is to be renewed.' };
  }
  return explainTls(target, seen.error);
}

/** Looks once more without judging the certificate, only to say whose it is; nothing is sent over that connection. */
async function explainTls(target: TlsTarget, error: NodeJS.ErrnoException): Promise<CheckResult> {
  const { host, relay } = target;
  const seen = await handshake(target, false);
  if ('error' in seen)
    return {
      result: 'failed',
      detail: `TLS with ${host} fails: ${explainNetwork(error)}`,
      fix: 'Something on the way does not let TLS pass, or this is no TLS port.',
    };
  const chain = chainOf(seen.socket.getPeerCertificate(true));
  seen.socket.destroy();
  const issuer = nameOf(chain.at(-1)?.issuer);
  if (error.code === 'CERT_HAS_EXPIRED' || error.code === 'CERT_NOT_YET_VALID')
    return {
      result: 'failed',
      detail: `the certificate of ${host} is valid from ${chain[0]?.valid_from} to ${chain[0]?.valid_to}`,
      fix: 'Check the clock of this machine first, then the certificate of the relay.',
    };
  if (error.code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      result: 'failed',
      detail: `the certificate is for ${chain[0]?.subjectaltname ?? nameOf(chain[0]?.subject)}, not for ${host}`,
      fix: 'Use the name the certificate was issued for as the relay address.',
    };
  const expected = relay.relayCa ? 'the authority that was pinned at the enrolment' : 'an authority this machine trusts';
  return {
    result: 'failed',
    detail: `the certificate of ${host} comes from ${issuer}, not from ${expected} (${error.code ?? 'not trusted'})`,
    fix: `When ${issuer} is a proxy or firewall that opens TLS, have ${host} exempted from inspection. When the relay has a new authority, enrol the agent again.`,
  };
}

function handshake(
  { host, port, relay }: TlsTarget,
  rejectUnauthorized: boolean,
): Promise<{ socket: TLSSocket } | { error: NodeJS.ErrnoException }> {
  return new Promise((resolve) => {
    const servername = /^[\d.]+$|:/.test(host) ? undefined : host;
    const socket = connectTls({
      host,
      port,
      rejectUnauthorized,
      timeout: timeoutMs,
      ALPNProtocols: ['h2'],
      ...(servername === undefined ? {} : { servername }),
      ca: authoritiesOf(relay),
    });
    socket.once('secureConnect', () => resolve({ socket }));
    socket.once('error', (error) => resolve({ error }));
    socket.once('timeout', () => {
      socket.destroy();
      resolve({ error: Object.assign(new Error('no answer to the TLS hello'), { code: 'ETIMEDOUT' }) });
    });
  });
}

/** The same as the tunnel trusts. */
function authoritiesOf({ relayCa, caFile }: RelayPlace): string[] {
  if (relayCa !== undefined) return [relayCa];
  const ofMachine = [...getCACertificates('default'), ...getCACertificates('system')];
  return caFile === undefined ? ofMachine : [...ofMachine, readFileSync(caFile, 'utf8')];
}

/** From the server's certificate up to the last one it sent or the agent knows. */
function chainOf(certificate: PeerCertificate & { issuerCertificate?: PeerCertificate }): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  for (
    let next: typeof certificate | undefined = certificate;
    next && Object.keys(next).length > 0 && !chain.includes(next);
    next = next.issuerCertificate
  )
    chain.push(next);
  return chain;
}

function nameOf(name: { CN?: string | string[]; O?: string | string[] } | undefined): string {
  const parts = [name?.CN, name?.O].flat().filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? `"${[...new Set(parts)].join(', ')}"` : 'an unnamed authority';
}

interface GrpcAnswer {
  httpStatus: number;
  grpcStatus: string | undefined;
  date: string | undefined;
}

/** Calls a method that no relay has: a gRPC server answers that it is unimplemented, anything else shows itself. */
function askGrpc(relay: RelayPlace): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(relay.url, { ca: authoritiesOf(relay) });
    session.setTimeout(timeoutMs, () => session.destroy(new Error(`no gRPC answer within ${timeoutMs / 1000} seconds`)));
    session.once('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/mlconnector.tunnel.v1.Tunnel/Doctor',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const seen: GrpcAnswer = { httpStatus: 0, grpcStatus: undefined, date: undefined };
    const notice = (headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void => {
      seen.httpStatus ||= headers[':status'] ?? 0;
      seen.date ??= headers.date;
      seen.grpcStatus ??= headers['grpc-status']?.toString();
    };
    stream.on('response', notice);
    stream.on('trailers', notice);
    stream.on('error', reject);
    stream.on('close', () => {
      session.close();
      resolve(seen);
    });
    stream.resume();
    stream.end();
  });
}

function judgeGrpc({ httpStatus, grpcStatus }: GrpcAnswer): CheckResult {
  if (grpcStatus !== undefined) return { result: 'ok', detail: 'the relay answers gRPC' };
  return {
    result: 'failed',
    detail: `something answers over HTTP/2 (status ${httpStatus}), but it is no gRPC server`,
    fix: 'A proxy or load balancer answers in place of the relay, or the address is that of its web pages: check relayUrl and the port.',
  };
}

function judgeClock({ date }: GrpcAnswer, clock: Clock): CheckResult {
  const relayTime = Date.parse(date ?? '');
  if (Number.isNaN(relayTime)) return { result: 'skipped', detail: 'the relay did not say its time' };
  const seconds = Math.round((clock.now() - relayTime) / 1000);
  const detail = `this machine is ${Math.abs(seconds)} seconds ${seconds < 0 ? 'behind' : 'ahead of'} the relay`;
  if (Math.abs(seconds) <= 5) return { result: 'ok', detail: `within ${Math.abs(seconds)} seconds of the relay's clock` };
  return { result: Math.abs(seconds) > 60 ? 'failed' : 'warning', detail, fix: 'Let both machines take their time from NTP.' };
}
