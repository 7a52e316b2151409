export { systems } from './registry.ts';
export * from './system.ts';
