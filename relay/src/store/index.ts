export * from './ids.ts';
export * from './migrate.ts';
export * from './rows.ts';
export * from './secrets.ts';
export type { Statements } from './sqlite-jobs.ts';
export * from './store.ts';
