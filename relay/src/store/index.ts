export type { Change } from './changes.ts';
export { isDatabaseDown } from './database-down.ts';
export * from './ids.ts';
export type { Job, Sql, SqlValue, Steps } from './job.ts';
export * from './migrate.ts';
export * from './rows.ts';
export * from './secrets.ts';
export { lockDataFolder } from './sqlite.ts';
export * from './store.ts';
