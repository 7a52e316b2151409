export { sapVendorsToCin7Suppliers } from './flow.ts';
export { vendorFlowSettings, type VendorFlowSettings } from './settings.ts';
export type { SupplierBody, VendorPayload } from './payload.ts';
