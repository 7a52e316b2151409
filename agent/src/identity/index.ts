export { enroll, type EnrollSettings } from './enroll.ts';
export { loadIdentity, type Identity, type IdentityKeys } from './identity.ts';
export { fetchAuthority, relayAddress, relayChannel, type RelayAddress, type RelayChannel } from './relay-trust.ts';
