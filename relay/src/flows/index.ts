export * from './flow.ts';
export * from './map-record.ts';
export { flowById, flows } from './registry.ts';
