export { Browser } from './browser.ts';
export { client, startIdentityProvider, type IdentityProvider } from './identity-provider.ts';
