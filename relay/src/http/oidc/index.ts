export { mountOidc } from './oidc-sign-in.ts';
