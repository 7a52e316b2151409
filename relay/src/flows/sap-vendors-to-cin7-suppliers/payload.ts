import type { Vendor } from '../../systems/sap-ecc/index.ts';

/** A vendor as SAP has it, or the number of one that SAP no longer has. */
export type VendorPayload = { kind: 'vendor'; vendor: Vendor } | { kind: 'gone'; number: string };
