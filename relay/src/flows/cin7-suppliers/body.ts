import type { Cin7SupplierBody } from '../../systems/cin7-core/index.ts';

/**
 * What is asked of Cin7 Core for one supplier of the source, known by `number`. `Name` is the name without a suffix: whether it is free turns
 * out when posting.
 */
export type SupplierBody = { action: 'upsert'; number: string; supplier: Cin7SupplierBody } | { action: 'deprecate'; number: string };
