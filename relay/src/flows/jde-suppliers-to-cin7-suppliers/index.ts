export { jdeSuppliersToCin7Suppliers } from './flow.ts';
export { jdeSupplierSettings, type JdeSupplierSettings } from './settings.ts';
export type { SupplierPayload } from './payload.ts';
