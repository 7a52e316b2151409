import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SystemError } from '@ml-connector/shared';

/** Certificates of a private CA as PEM; rejects a file that holds none with JDE_CA_FILE. */
export function readPrivateCa(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) throw new Error('it holds no certificate in PEM form');
    for (const certificate of certificates) void new X509Certificate(certificate);
    return certificates.join('\n');
  } catch (error) {
    throw new SystemError('JDE_CA_FILE', 'halt', `the CA file ${file} cannot be used: ${(error as Error).message}`, {
      fix: 'Export the certificate of the CA as PEM (Base64), name its absolute path in agent.yaml (caFile), let the agent read it, and restart the agent.',
      cause: error,
    });
  }
}
