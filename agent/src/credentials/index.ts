export { openCredentialStore, type CredentialStore, type StoredCredential } from './store.ts';
