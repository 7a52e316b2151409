export * from './relay-certificates.ts';
