import type { JdeSupplier } from '../../systems/jde/index.ts';

/** A supplier as JD Edwards has it, or the number of one that it no longer has; numbers are of that environment only. */
export type SupplierPayload =
  { kind: 'supplier'; environment: string; supplier: JdeSupplier } | { kind: 'gone'; environment: string; number: string };
