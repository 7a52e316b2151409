/**
 * What each flow needs of an ERP: the agent's policy presets. They ship with the agent, so a relay can never widen them; a flow names its
 * needs by its id.
 */
import { customersToCustomers } from './bigcommerce-customers-to-sap-customers.ts';
import type { SapNeeds } from './needs.ts';
import { ordersToAr, refundsToAr, shipmentsToSap } from './sap-ar.ts';
import { glDocumentsToJournals } from './sap-gl-documents-to-cin7-journals.ts';
import { materialsToProducts } from './sap-materials-to-bigcommerce-products.ts';
import { vendorsToSuppliers } from './sap-vendors-to-cin7-suppliers.ts';

export { functionAuthorisations, type FieldNeed, type FunctionAuthorisations, type ObjectNeed } from './authorisations.ts';
export { jdePresets, type JdePreset } from './jde.ts';
export { sapBaseNeeds, type JdeNeeds, type SapNeeds } from './needs.ts';

export const sapPresets = {
  'sap-vendors-to-cin7-suppliers': vendorsToSuppliers,
  'sap-gl-documents-to-cin7-journals': glDocumentsToJournals,
  'bigcommerce-orders-to-sap-ar': ordersToAr,
  'bigcommerce-refunds-to-sap-ar': refundsToAr,
  'bigcommerce-shipments-to-sap': shipmentsToSap,
  'bigcommerce-customers-to-sap-customers': customersToCustomers,
  'sap-materials-to-bigcommerce-products': materialsToProducts,
} as const satisfies Record<string, SapNeeds>;
export type SapPreset = keyof typeof sapPresets;
