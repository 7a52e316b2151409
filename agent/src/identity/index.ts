export { enroll, type EnrollSettings } from './enroll.ts';
export { loadIdentity, type Identity, type IdentityKeys } from './identity.ts';
export { fetchAuthority, relayAddress, relayCredentials, type RelayAddress } from './relay-trust.ts';
