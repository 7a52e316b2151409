export { readGlAccounts, type GlAccount } from './read-gl-accounts.ts';
