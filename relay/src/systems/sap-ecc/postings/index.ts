export { mostFiItems } from './checks.ts';
export { openPostings } from './open-postings.ts';
export { postingFunctions, postingReads } from './reads.ts';
export type * from './types.ts';
