import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect, createSecureContext, getCACertificates, type DetailedPeerCertificate } from 'node:tls';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
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

/** TLS towards the relay: its own authority where one is pinned, else the public ones, the machine's and those of `caFile`. */
export function relayCredentials({ relayCa, caFile }: { relayCa?: string | undefined; caFile?: string | undefined }): ChannelCredentials {
  const publicOnes = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];
  const ca = relayCa === undefined ? [...publicOnes(), ...(caFile === undefined ? [] : [readFileSync(caFile, 'utf8')])] : [relayCa];
  return credentials.createFromSecureContext(createSecureContext({ ca }));
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
