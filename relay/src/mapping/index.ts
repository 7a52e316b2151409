export * from './change.ts';
export { loadMapping, type LoadedMapping } from './load.ts';
export * from './types.ts';
export * from './value-map.ts';
