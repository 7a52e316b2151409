export * from './backoff.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './errors.ts';
export * from './log.ts';
export { nearest, suggestion } from './nearest.ts';
export * from './operations.ts';
export * from './presets.ts';
