import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  getCACertificates,
  type DetailedPeerCertificate,
  type PeerCertificate,
} from 'node:tls';
import { credentials, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { SystemError } from '@ml-connector/shared';

export interface RelayAddress {
  host: string;
  port: number;
}

/** Throws RELAY_URL_INVALID for anything but `https://host[:port]`. */
export function relayAddress(relayUrl: string): RelayAddress {
  const url = URL.parse(relayUrl);
  if (!url || url.protocol !== 'https:') {
    throw new SystemError('RELAY_URL_INVALID', 'halt', `"${relayUrl}" is not an address of the form https://relay.example.com:8443`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 443 : Number(url.port) };
}

export interface RelayChannel {
  /** As gRPC writes it: `relay.example.com:8443`. */
  target: string;
  credentials: ChannelCredentials;
  options: ChannelOptions;
}

export interface RelayTrust {
  /** PEM of the relay's own authority. Without it the public ones are trusted, the machine's, and those of `caFile`. */
  relayCa?: string | undefined;
  caFile?: string | undefined;
}

/** How gRPC reaches the relay, over TLS. */
export function relayChannel(relayUrl: string, { relayCa, caFile }: RelayTrust): RelayChannel {
  const { host, port } = relayAddress(relayUrl);
  const publicOnes = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];
  const ca = relayCa === undefined ? [...publicOnes(), ...(caFile === undefined ? [] : [readFileSync(caFile, 'utf8')])] : [relayCa];
  const context = createSecureContext({ ca });
  const options = {
    // The supervisor decides when to dial again; a shared subchannel would bring its own waiting time into it.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
  };
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  if (isIP(host) === 0) return { target, credentials: credentials.createFromSecureContext(context), options };
  // gRPC would send the address as the server's name, which TLS forbids: it gets a name that means nothing, and the address is checked here.
  const verify = { checkServerIdentity: (_name: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate) };
  return {
    target,
    credentials: credentials.createFromSecureContext(context, verify),
    options: { ...options, 'grpc.ssl_target_name_override': 'ip-address.invalid' },
  };
}

export interface AuthorityRequest extends RelayAddress {
  /** SHA-256 in lower-case hex, from the enrolment token. */
  fingerprint: string;
  timeoutMs?: number;
}

/**
 * Fetches the certificates the relay shows and answers the one with this fingerprint, in PEM: the authority to pin. Nothing else is
 * believed. Rejects with RELAY_CA_MISMATCH (halt) or RELAY_UNREACHABLE (retry).
 */
export async function fetchAuthority({ host, port, fingerprint, timeoutMs = 15_000 }: AuthorityRequest): Promise<string> {
  const shown = await shownCertificates({ host, port, timeoutMs });
  const authority = shown.find((certificate) => fingerprintOf(certificate) === fingerprint);
  if (authority) return toPem(authority.raw);
  const [leaf] = shown;
  const issuer = leaf
    ? Object.entries(leaf.issuer)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(', ')
    : 'nobody';
  const seen = shown.map(fingerprintOf).join(', ') || 'none';
  throw new SystemError(
    'RELAY_CA_MISMATCH',
    'halt',
    `the certificate at ${host}:${port} is not of the authority in the token (wanted SHA-256 ${fingerprint}, seen ${seen}; issued by ${issuer})`,
    {
      fix: `If "${issuer}" is your company's own, a firewall opens TLS on the way: have ${host}:${port} exempted. Otherwise ask for a new token.`,
      facts: { wanted: fingerprint, seen: shown.map(fingerprintOf), issuer },
    },
  );
}

/** Leaf first. */
function shownCertificates({ host, port, timeoutMs }: RelayAddress & { timeoutMs: number }): Promise<DetailedPeerCertificate[]> {
  return new Promise((resolve, reject) => {
    // Unverified on purpose: only the fingerprint decides, and nothing is sent.
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'], ...(isIP(host) ? {} : { servername: host }) });
    const fail = (why: string, cause?: unknown): void => {
      socket.destroy();
      reject(new SystemError('RELAY_UNREACHABLE', 'retry', `connect to the relay at ${host}:${port}: ${why}`, { cause }));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs / 1000} s`));
    socket.once('error', (error) => fail(error.message, error));
    socket.once('secureConnect', () => {
      const chain: DetailedPeerCertificate[] = [];
      let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (next?.raw && !chain.includes(next)) {
        chain.push(next);
        next = next.issuerCertificate;
      }
      socket.destroy();
      resolve(chain);
    });
  });
}

function fingerprintOf(certificate: DetailedPeerCertificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
