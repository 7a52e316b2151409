export { openCustomers } from './open-customers.ts';
export { customerReads, customerWrites } from './reads.ts';
export type * from './types.ts';
