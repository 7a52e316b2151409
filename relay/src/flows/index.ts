export * from './flow.ts';
export { flowById, flows } from './registry.ts';
