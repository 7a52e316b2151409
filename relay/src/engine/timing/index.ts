export * from './cron.ts';
export * from './local-time.ts';
export * from './words.ts';
