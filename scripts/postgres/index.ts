export type { Installation } from './installation.ts';
export { startPostgres, type PostgresServer } from './server.ts';
export { offerPostgres, sharedPostgres } from './shared.ts';
