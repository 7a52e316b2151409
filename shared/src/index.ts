export * from './backoff.ts';
export * from './clock.ts';
export * from './errors.ts';
export * from './log.ts';
export * from './operations.ts';
export * from './presets.ts';
