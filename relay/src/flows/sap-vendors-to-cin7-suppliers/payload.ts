import type { Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import type { Vendor } from '../../systems/sap-ecc/index.ts';

/** A vendor as SAP has it, or the number of one that SAP no longer has. */
export type VendorPayload = { kind: 'vendor'; vendor: Vendor } | { kind: 'gone'; number: string };

/** What is asked of Cin7 Core for one vendor. `Name` is the name without a suffix: whether it is free turns out when posting. */
export type SupplierBody = { action: 'upsert'; number: string; supplier: Cin7SupplierBody } | { action: 'deprecate'; number: string };
