export { readAccounts, type AccountReading } from './read-accounts.ts';
