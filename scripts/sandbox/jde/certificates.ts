import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { makeCertificate } from '../../../relay/src/gateway/certificates/index.ts';

export interface ServerCertificate {
  cert: string;
  key: string;
  /** PEM of the company's own authority; whoever calls has to be told to trust it. */
  caPem: string;
}

const dayMs = 86_400_000;
const authorityName = 'Example Manufacturing internal CA';

/** The one kept in that file, or a new one; without a file every start makes its own. */
export function serverCertificate(file?: string): ServerCertificate {
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ServerCertificate;
  const certificate = makeServerCertificate();
  if (file) writeFileSync(file, JSON.stringify(certificate), { mode: 0o600 });
  return certificate;
}

/** A certificate for localhost by an authority made for it, as companies have one. */
function makeServerCertificate(): ServerCertificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const common = {
    issuer: authorityName,
    issuerKey: authority.privateKey,
    issuerPublicKey: authority.publicKey,
    notBefore: new Date(Date.now() - 30 * dayMs),
    notAfter: new Date(Date.now() + 365 * dayMs),
  };
  const caPem = makeCertificate({ ...common, subject: authorityName, publicKey: authority.publicKey, use: { kind: 'authority' } });
  const cert = makeCertificate({
    ...common,
    subject: 'aisprd01',
    publicKey: server.publicKey,
    use: { kind: 'server', hosts: ['localhost', '127.0.0.1', 'aisprd01'] },
  });
  return { cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), caPem };
}
