export * from './anchor-file.ts';
export { relayTrail, type AnchorExport } from './anchor.ts';
export * from './faults.ts';
export { makeAnchor, type AnchorDeps } from './make-anchor.ts';
export * from './verify.ts';
