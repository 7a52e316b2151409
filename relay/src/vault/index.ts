export type { KeySource } from './key-ring.ts';
export * from './rotate.ts';
export * from './vault.ts';
