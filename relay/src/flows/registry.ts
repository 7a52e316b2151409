import type { Flow } from './flow.ts';
import { bigCommerceCustomersToSapCustomers } from './bigcommerce-customers-to-sap-customers/index.ts';
import { bigCommerceOrdersToSapAr } from './bigcommerce-orders-to-sap-ar/index.ts';
import { bigCommerceRefundsToSapAr } from './bigcommerce-refunds-to-sap-ar/index.ts';
import { bigCommerceShipmentsToSap } from './bigcommerce-shipments-to-sap/index.ts';
import { jdePurchaseOrdersToCin7Purchases } from './jde-purchase-orders-to-cin7-purchases/index.ts';
import { jdeAccountsToCin7Accounts } from './jde-accounts-to-cin7-accounts/index.ts';
import { jdeSuppliersToCin7Suppliers } from './jde-suppliers-to-cin7-suppliers/index.ts';
import { sapGlDocumentsToCin7Journals } from './sap-gl-documents-to-cin7-journals/index.ts';
import { sapMaterialsToBigCommerceProducts } from './sap-materials-to-bigcommerce-products/index.ts';
import { sapVendorsToCin7Suppliers } from './sap-vendors-to-cin7-suppliers/index.ts';

/** Every flow the relay knows; a new one is a folder and a line here. */
export const flows: readonly Flow[] = [
  sapVendorsToCin7Suppliers,
  sapGlDocumentsToCin7Journals,
  bigCommerceCustomersToSapCustomers,
  bigCommerceOrdersToSapAr,
  bigCommerceRefundsToSapAr,
  bigCommerceShipmentsToSap,
  sapMaterialsToBigCommerceProducts,
  jdeSuppliersToCin7Suppliers,
  jdeAccountsToCin7Accounts,
  jdePurchaseOrdersToCin7Purchases,
];

export function flowById(id: string): Flow | undefined {
  return flows.find((flow) => flow.id === id);
}
