export { sapVendorsToCin7Suppliers } from './flow.ts';
export { vendorFlowSettings, type VendorFlowSettings } from './settings.ts';
export type { VendorPayload } from './payload.ts';
