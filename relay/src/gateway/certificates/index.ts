export * from './relay-certificates.ts';
export { makeCertificate, type CertificateRequest } from './x509.ts';
